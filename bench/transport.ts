// Measures the outgoing dialogue alone: messages per second and CPU of this process for each, over kept TLS connections to a sink.
//   npm exec -- node bench/transport.ts [--messages 20000] [--size 2048] [--connections 8] [--new] [--port P --ca FILE --name HOST]
// Without --port it starts a sink of its own (bench/smtp-sink.ts) in another process; any sink with STARTTLS will do.
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { NextHop } from '../src/mail/next-hop.ts';
import { KEEP_LIMITS } from '../src/transport/pool.ts';
import { createTransport } from '../src/transport/smtp-transport.ts';
import type { SendRequest, Transport, Wire } from '../src/transport/transport.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '20000' },
    size: { type: 'string', default: '2048' },
    connections: { type: 'string', default: '8' },
    new: { type: 'boolean', default: false },
    port: { type: 'string' },
    ca: { type: 'string' },
    name: { type: 'string', default: 'sink.bench.test' },
  },
});

interface Sink {
  readonly port: number;
  readonly ca: string;
  readonly name: string;
  readonly stop: () => void;
}

async function sink(): Promise<Sink> {
  const { port, ca, name } = values;
  if (port !== undefined && ca !== undefined) return { port: Number(port), ca: readFileSync(ca, 'utf8'), name, stop: () => undefined };
  const child = fork(new URL('./smtp-sink.ts', import.meta.url), [name]);
  const said = await new Promise<{ port: number; ca: string }>((resolve) =>
    child.once('message', (message) => resolve(message as { port: number; ca: string })),
  );
  return { ...said, name, stop: () => child.kill() };
}

function nextHop({ port, name }: Sink): NextHop {
  return {
    host: name,
    addresses: ['127.0.0.1'],
    port,
    tls: 'starttls',
    referenceNames: [name],
    authenticity: 'unsigned',
    tlsa: null,
    published: null,
    reach: 'recipient-domain',
    credentials: null,
  };
}

function content(sizeBytes: number): Wire {
  const header = 'From: a@clinic.test\r\nTo: b@sink.bench.test\r\nSubject: bench\r\nMessage-ID: <x@clinic.test>\r\n\r\n';
  const line = `${'The quick brown fox jumps over the lazy dog. '.repeat(2).slice(0, 74)}\r\n`;
  const bytes = Buffer.from(
    (header + line.repeat(Math.ceil(sizeBytes / line.length))).slice(0, Math.max(header.length, sizeBytes - 2)) + '\r\n',
  );
  const text = Buffer.from(bytes.toString('latin1').replace(/\r\r\n$/, '\r\n'), 'latin1');
  return {
    sizeBytes: text.length,
    body: '7bit',
    needs: 'nothing',
    async *read() {
      for (let from = 0; from < text.length; from += 65_536) yield text.subarray(from, from + 65_536);
    },
  };
}

async function worker(transport: Transport, request: SendRequest, take: () => boolean, latencies: number[]): Promise<void> {
  while (take()) {
    const startedAt = performance.now();
    const [outcome] = await transport.send(request);
    latencies.push(performance.now() - startedAt);
    if (outcome?.kind !== 'relayed') throw new Error(`not relayed: ${JSON.stringify(outcome)}`);
  }
}

async function run(
  transport: Transport,
  request: SendRequest,
  messages: number,
): Promise<{ seconds: number; cpuMs: number; latencies: number[] }> {
  const latencies: number[] = [];
  let left = messages;
  const take = (): boolean => left-- > 0;
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: Number(values.connections) }, () => worker(transport, request, take, latencies)));
  const used = process.cpuUsage(cpu);
  return { seconds: (performance.now() - startedAt) / 1000, cpuMs: (used.user + used.system) / 1000, latencies };
}

const target = await sink();
const keep = values.new ? { ...KEEP_LIMITS, messages: 1 } : KEEP_LIMITS;
const transport = createTransport({ name: 'gateway.bench.test', trustAnchors: [target.ca], credentials: () => null, keep });
const request: SendRequest = {
  hop: nextHop(target),
  floor: 'tls-verified',
  envelope: { reversePath: 'a@clinic.test', smtpUtf8: false, requireTls: false, ret: null, envid: null },
  recipients: [{ address: 'b@sink.bench.test', notify: null, orcpt: null }],
  content: content(Number(values.size)),
  beforeFinalDot: async () => 'go',
  signal: new AbortController().signal,
};
await run(transport, request, Math.min(2_000, Number(values.messages)));
const { seconds, cpuMs, latencies } = await run(transport, request, Number(values.messages));
await transport.close();
target.stop();
const sorted = latencies.toSorted((a, b) => a - b);
const percentile = (p: number): string => (sorted[Math.floor((sorted.length - 1) * p)] ?? 0).toFixed(2);
console.log(
  `${latencies.length} messages of ${request.content.sizeBytes} bytes over ${values.connections} connections${values.new ? ', a new one each' : ''}`,
);
console.log(
  `${(latencies.length / seconds).toFixed(0)} messages/s, ${(cpuMs / latencies.length).toFixed(3)} CPU ms each, p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms`,
);
console.log(`resident ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`);
