// Waits for a value, but not for ever.

/** The value, or 'late' after the time. What comes late is not waited for; its failure is given to `lost`, so that none is unhandled. */
export async function within<T>(timeMs: number, value: Promise<T>, lost: (error: unknown) => void): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  let isLate = false;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => {
      isLate = true;
      resolve('late');
    }, timeMs);
  });
  value.catch((error: unknown) => {
    if (isLate) lost(error);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}
