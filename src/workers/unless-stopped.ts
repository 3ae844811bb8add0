// Waits for work no longer than until somebody stops the run.

/** The result, or a rejection as soon as the signal comes. A signal that timed out is heeded elsewhere: it leaves a report. */
export async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => {
      const { reason } = signal;
      if (!(reason instanceof Error && reason.name === 'TimeoutError')) reject(reason);
    };
  });
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
