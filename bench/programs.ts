// The generator and the sink as programs of their own, so that their work is not in the same event loop, and can be told apart in CPU time.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadResult, SinkAnswer, SinkOrder } from './protocol.ts';

export interface Sink {
  readonly port: number;
  count(): Promise<number>;
  take(): Promise<Extract<SinkAnswer, { kind: 'taken' }>>;
  stop(): void;
}

export interface Generator {
  run(order: LoadOrder): Promise<LoadResult>;
  stop(): void;
}

const program = (name: string): ChildProcess => fork(fileURLToPath(new URL(name, import.meta.url)), { serialization: 'advanced' });

export async function startSink(key: string, cert: string): Promise<Sink> {
  const child = program('sink.ts');
  const ask = async <K extends SinkAnswer['kind']>(order: SinkOrder, kind: K): Promise<Extract<SinkAnswer, { kind: K }>> => {
    child.send(order);
    const [answer] = (await once(child, 'message')) as [SinkAnswer];
    if (answer.kind !== kind) throw new Error(`the sink answered ${answer.kind}`);
    return answer as Extract<SinkAnswer, { kind: K }>;
  };
  const { port } = await ask({ kind: 'listen', key, cert }, 'listening');
  return {
    port,
    count: async () => (await ask({ kind: 'count' }, 'counted')).count,
    take: () => ask({ kind: 'take' }, 'taken'),
    stop: () => child.disconnect(),
  };
}

export function startGenerator(): Generator {
  const child = program('load.ts');
  return {
    async run(order) {
      child.send(order);
      const [result] = (await once(child, 'message')) as [LoadResult];
      return result;
    },
    stop: () => child.disconnect(),
  };
}
