// The generator: a program of its own, started by the bench with a channel. Closed loop: each connection sends its next message when the
// last was answered.
import { benchMessages } from './corpus.ts';
import type { BenchMessage, SizeName } from './corpus.ts';
import { LoadSession } from './load-session.ts';
import type { Job } from './load-session.ts';
import { cpuMs, SEED } from './protocol.ts';
import type { LoadOrder, LoadResult, SentMessage } from './protocol.ts';

const corpora = new Map<SizeName, readonly BenchMessage[]>();
/** More in a row, and the connection is given up: the order ends early and the result shows it. */
const FAILURES_IN_A_ROW = 20;

function corpus(size: SizeName): readonly BenchMessage[] {
  const made = corpora.get(size) ?? benchMessages(size, SEED);
  corpora.set(size, made);
  return made;
}

function load(order: LoadOrder): Promise<LoadResult> {
  const messages = corpus(order.size);
  const accepted: SentMessage[] = [];
  let sequence = 0;
  let errors = 0;
  let inARow = 0;
  let firstError: string | null = null;
  const cpuBefore = cpuMs();
  const next = (): Job | null => {
    const message = messages[sequence % messages.length];
    if (sequence >= order.count || inARow > FAILURES_IN_A_ROW || message === undefined) return null;
    const n = sequence++;
    return { id: `${order.run}-${n}`, recipient: `r${n % 50}@dest.test`, message };
  };
  const connection = (): Promise<void> =>
    new Promise((resolve) => {
      const open = (): void => {
        const job = next();
        if (job === null) return resolve();
        new LoadSession(order, job, {
          next,
          accepted(sent) {
            accepted.push(sent);
            inARow = 0;
          },
          failed(reason) {
            errors++;
            inARow++;
            firstError ??= reason;
          },
          closed: open,
        });
      };
      open();
    });
  return Promise.all(Array.from({ length: order.connections }, connection)).then(() => ({
    accepted,
    errors,
    firstError,
    cpuMs: cpuMs() - cpuBefore,
  }));
}

process.on('message', (order: LoadOrder) => {
  void load(order).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));
