// Writes what the kernel says when memory runs out, as it did before 5.0 and as it does since.

import { containerPath } from './cgroup-paths.ts';
import type { Random } from './random.ts';
import type { ContainerWorld, NodeWorld, PodWorld } from './world.ts';

export interface Kill {
  /** The cgroup that ran out; undefined where it was the node. */
  readonly bound: string | undefined;
  readonly victim: string;
  readonly task: string;
  /** The form of kernels before 5.0. */
  readonly isOld: boolean;
}

export const victimPath = (node: NodeWorld, pod: PodWorld, container: ContainerWorld, id = container.id): string =>
  `/${containerPath(node, pod, { ...container, id })}`;

export function writeKill(node: NodeWorld, { bound, victim, task, isOld }: Kill, random: Random): void {
  const pid = random.int(1000, 4_000_000);
  const anonKib = random.int(30_000, 900_000);
  const score = random.int(3, 999);
  const sizes = `total-vm:${anonKib * 3}kB, anon-rss:${anonKib}kB, file-rss:0kB, shmem-rss:0kB`;
  const whole = bound === undefined ? 'Out of memory' : 'Memory cgroup out of memory';
  const invoked = `${task} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=${score}`;
  if (isOld) {
    node.kernelLog.push(
      invoked,
      `Task in ${victim} killed as a result of limit of ${bound}`,
      'memory: usage 262144kB, limit 262144kB, failcnt 128',
      `${whole}: Kill process ${pid} (${task}) score ${score} or sacrifice child`,
      `Killed process ${pid} (${task}) ${sizes}`,
    );
    return;
  }
  const constraint = bound === undefined ? 'CONSTRAINT_NONE' : 'CONSTRAINT_MEMCG';
  const reached = bound === undefined ? 'global_oom' : `oom_memcg=${bound}`;
  node.kernelLog.push(
    invoked,
    `CPU: 1 PID: ${pid} Comm: ${task} Not tainted ${node.kernel} #1`,
    `oom-kill:constraint=${constraint},nodemask=(null),cpuset=${victim.split('/').at(-1)},mems_allowed=0,${reached},task_memcg=${victim},task=${task},pid=${pid},uid=1000`,
    `${whole}: Killed process ${pid} (${task}) ${sizes}, UID:1000 pgtables:900kB oom_score_adj:${score}`,
    `oom_reaper: reaped process ${pid} (${task}), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB`,
  );
}
