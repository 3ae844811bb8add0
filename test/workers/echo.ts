// A worker module for the pool's tests: does what the payload says.

export default function setUp(setup: { greeting: string }) {
  return (payload: { does: string }): unknown => {
    if (payload.does === 'throw') throw new Error('told to');
    if (payload.does === 'exit') process.exit(1);
    while (payload.does === 'hang');
    return `${setup.greeting} ${payload.does}`;
  };
}
