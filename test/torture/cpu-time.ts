// Time of the processor: other work on the machine must not fail a bar on how long something takes.

export function cpuMillis(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
