// `npm run bench`: relays side by side on this machine, loopback only. Each does the same work: STARTTLS and AUTH in, a durable queue,
// certificate-checked TLS out to the sink. Repeats go round the peers in turn, so that what else the machine does hits all of them.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure } from './cell.ts';
import type { Cell } from './cell.ts';
import { makeCertificates, readText } from './certificates.ts';
import type { CertificateFiles } from './certificates.ts';
import { SIZES } from './corpus.ts';
import type { SizeName } from './corpus.ts';
import { naive } from './peers/naive.ts';
import { freePort } from './peers/peer.ts';
import type { Peer, RunningPeer } from './peers/peer.ts';
import { postern } from './peers/postern.ts';
import { postfix } from './peers/postfix.ts';
import { startGenerator, startSink } from './programs.ts';
import type { Generator, Sink } from './programs.ts';
import type { LoadOrder } from './protocol.ts';
import { ratios, table } from './report.ts';

const PEERS: readonly Peer[] = [postern, postfix('tuned'), postfix('stock'), naive];
const MOST_MESSAGES = 20_000;

const { values } = parseArgs({
  options: {
    peers: { type: 'string', default: 'postern,postfix,naive' },
    sizes: { type: 'string', default: '2k,20k,200k,2m' },
    connections: { type: 'string', default: '1,10,50' },
    modes: { type: 'string', default: 'kept,new' },
    seconds: { type: 'string', default: '4' },
    repeats: { type: 'string', default: '3' },
    /** Messages of a run, in place of `seconds`: two trees compare only with as many. */
    count: { type: 'string' },
    folder: { type: 'string', default: '/var/tmp' },
    json: { type: 'string' },
  },
});

interface Running {
  readonly peer: Peer;
  readonly port: number;
  readonly process: RunningPeer;
  /** Messages per second in the cell before, to choose how many make up the time. */
  rate: number;
}

const list = (text: string): readonly string[] => text.split(',').filter((word) => word !== '');
let runs = 0;

async function startPeers(folder: string, certificates: CertificateFiles, sink: Sink): Promise<readonly Running[]> {
  const running: Running[] = [];
  for (const name of list(values.peers)) {
    const peer = PEERS.find((one) => one.name === name);
    const missing = peer === undefined ? 'no such peer' : peer.missing();
    if (peer === undefined || missing !== null) {
      console.log(`${name}: left out (${missing ?? ''})`);
      continue;
    }
    const own = join(folder, name);
    mkdirSync(own);
    const port = await freePort();
    running.push({ peer, port, process: await peer.start({ folder: own, certificates, sinkPort: sink.port, port }), rate: 0 });
    console.log(`${name}: ${peer.about}`);
  }
  return running;
}

async function one(
  running: Running,
  order: Omit<LoadOrder, 'port' | 'ca' | 'run'>,
  ca: string,
  generator: Generator,
  sink: Sink,
): Promise<Cell> {
  const cell = await measure(
    running.peer.name,
    running.process,
    { ...order, port: running.port, ca, run: `run${runs++}` },
    generator,
    sink,
  );
  running.rate = Math.max(1, cell.deliveredPerSecond);
  return cell;
}

async function measureAll(running: readonly Running[], ca: string, generator: Generator, sink: Sink): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  for (const size of list(values.sizes) as readonly SizeName[]) {
    if (!(size in SIZES)) throw new Error(`no such size: ${size}`);
    for (const mode of list(values.modes) as readonly LoadOrder['mode'][]) {
      for (const connections of list(values.connections).map(Number)) {
        const inTime = (rate: number): number =>
          Math.min(MOST_MESSAGES, Math.max(connections * 4, 20, Math.round(rate * Number(values.seconds))));
        const count = (rate: number): number => (values.count === undefined ? inTime(rate) : Number(values.count));
        for (const peer of running)
          await one(
            peer,
            { size, mode, connections, count: Math.max(connections * 2, SIZES[size] > 1_000_000 ? 10 : 100) },
            ca,
            generator,
            sink,
          );
        for (let repeat = 0; repeat < Number(values.repeats); repeat++) {
          for (const peer of running)
            cells.push(await one(peer, { size, mode, connections, count: count(peer.rate) }, ca, generator, sink));
        }
        console.log(table(cells.filter(({ order }) => order.size === size && order.mode === mode && order.connections === connections)));
      }
    }
  }
  return cells;
}

async function bench(): Promise<void> {
  const folder = mkdtempSync(join(values.folder, 'postern-bench-'));
  // Other users' processes (Postfix) reach their own folders through it.
  chmodSync(folder, 0o755);
  const certificates = makeCertificates(folder);
  const sink = await startSink(readText(certificates.sinkKey), readText(certificates.sinkCertificate));
  const generator = startGenerator();
  let running: readonly Running[] = [];
  try {
    running = await startPeers(folder, certificates, sink);
    const cells = await measureAll(running, readText(certificates.ca), generator, sink);
    console.log(`\n${table(cells)}\n\nBeside tuned Postfix:\n${ratios(cells, 'postfix')}`);
    console.log('Times in ms. RSS is the sum over processes, shared pages counted in each. other: CPU of what else ran, in cores.');
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(cells, null, 1)}\n`);
  } finally {
    for (const { process: peer } of running) await peer.stop();
    generator.stop();
    sink.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await bench();
