// The examining thread, and what a message could do to it: a sender `kills@` ends it at once, `kills-below-N@` only where fewer than N
// requests were made before it, over all threads.
import { type MessagePort, parentPort } from 'node:worker_threads';
import type { ToExaminer } from '../../src/daemon/examine-thread.ts';

parentPort?.once('message', ({ port }: { readonly port: MessagePort }) => {
  port.on('message', (asked: ToExaminer) => {
    if (!('envelope' in asked)) return;
    const [, below] = /^kills(?:-below-(\d+))?@/.exec(asked.envelope.from) ?? [null, undefined];
    if (asked.envelope.from.startsWith('kills') && (below === undefined || asked.id < Number(below))) process.exit(3);
  });
});

await import('../../src/daemon/examine-thread.ts');
