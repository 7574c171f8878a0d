// The end of the program as one send hears it. Many sends share one AbortSignal: each signal gets one listener, however many wait
// (Node warns of more than ten), and each send has one thing at a time to stop.

export class Stop {
  #stopped: boolean;
  #hear: (() => void) | null = null;

  constructor(now: 'stopped' | 'going') {
    this.#stopped = now === 'stopped';
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** What to do on a stop from now on, instead of what was set before; at once where it has come already. */
  hear(stop: (() => void) | null): void {
    this.#hear = stop;
    if (this.#stopped) stop?.();
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#hear?.();
  }
}

export class Stops {
  readonly #following = new WeakMap<AbortSignal, Set<Stop>>();

  /** A stop that comes with the signal. Give it back with `release`. */
  follow(signal: AbortSignal): Stop {
    const stop = new Stop(signal.aborted ? 'stopped' : 'going');
    if (!signal.aborted) this.#of(signal).add(stop);
    return stop;
  }

  release(signal: AbortSignal, stop: Stop): void {
    stop.hear(null);
    this.#following.get(signal)?.delete(stop);
  }

  #of(signal: AbortSignal): Set<Stop> {
    const known = this.#following.get(signal);
    if (known !== undefined) return known;
    const stops = new Set<Stop>();
    this.#following.set(signal, stops);
    signal.addEventListener('abort', () => stops.forEach((stop) => stop.stop()), { once: true });
    return stops;
  }
}
