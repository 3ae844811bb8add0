// What keeps a queue from being used: it cannot be reached, or its package is not there. Exit code 2.

export class QueueError extends Error {
  override readonly name = 'QueueError';
}
