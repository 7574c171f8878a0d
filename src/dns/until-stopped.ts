// Waits for work that others wait for too: the one who gives up leaves alone.

/** The result of `work`, or `instead` as soon as the signal says stop. */
export async function untilStopped<T>(work: Promise<T>, signal: AbortSignal | undefined, instead: T): Promise<T> {
  if (signal === undefined) return work;
  if (signal.aborted) return instead;
  let stop = (): void => undefined;
  const stopped = new Promise<T>((resolve) => {
    stop = () => resolve(instead);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
