// Time as the road sees it. Evidence carries the machine's clock; deadlines run on a clock that a step of the machine's cannot move,
// so that nothing expires and nothing is sent twice because someone set the time (DESIGN.md section 8).

export interface Clock {
  /** The machine's clock, milliseconds since the epoch: for evidence and header fields. */
  readonly now: () => number;
  /** The machine's clock as it was at the start, carried on by the monotonic one: for due times, deadlines and leases. */
  readonly steady: () => number;
}

/** A step of the machine's clock larger than this is told to the administrator. */
const STEP_MS = 30_000;

/**
 * @param wall milliseconds since the epoch
 * @param monotonic milliseconds since anything
 * @param stepped told once per step, with its size
 */
export function steadyClock(wall: () => number, monotonic: () => number, stepped: (stepMs: number) => void): Clock {
  const startWall = wall();
  const startMonotonic = monotonic();
  let lastOffset = 0;
  const steady = (): number => Math.round(startWall + (monotonic() - startMonotonic));
  const now = (): number => {
    const at = wall();
    const offset = at - steady();
    if (Math.abs(offset - lastOffset) > STEP_MS) {
      stepped(offset - lastOffset);
      lastOffset = offset;
    }
    return at;
  };
  return { now, steady };
}
