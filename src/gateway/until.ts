// Waiting for a value no longer than until a deadline.

/** The value, or 'late' where the deadline (of performance.now) comes first: it may come still, and nobody hears of it here. */
export async function until<T>(deadline: number, value: Promise<T>): Promise<T | 'late'> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), Math.max(0, deadline - performance.now()));
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}
