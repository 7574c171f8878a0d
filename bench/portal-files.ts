// Files of several sizes taken away and sent, one and four at once: how fast, and the most memory that each process had while it lasted.
import { randomBytes } from 'node:crypto';
import type { PortalGround, Reader } from './portal-ground.ts';
import { beginPeaks, peaksOf } from './process-meter.ts';

const SIZES = [1_000_000, 5_000_000, 10_000_000, 24_900_000] as const;
const AT_ONCE = [1, 4] as const;
/** The mail server in this process, which takes the answers, is slow with more at once. */
const MOST_AT_ONCE_BYTES = 25_000_000;

export interface Moved {
  readonly way: 'down' | 'up';
  readonly sizeBytes: number;
  readonly atOnce: number;
  readonly mbPerSecond: number;
  /** The process itself, and the largest of its children. */
  readonly portalMb: readonly [own: number, child: number];
  readonly gatewayMb: readonly [own: number, child: number];
  readonly wrong: number;
}

/** In the order in which it was done: what grows from row to row of one kind is kept. */
export async function movedFiles(ground: PortalGround, repeats: number): Promise<readonly Moved[]> {
  const rows: Moved[] = [];
  let arrived = 0;
  for (const sizeBytes of SIZES) {
    const file = randomBytes(sizeBytes);
    const readers: Reader[] = [];
    for (let i = 0; i < Math.max(...AT_ONCE); i++) readers.push(await ground.readerOfFile(file));
    for (const { browser, path } of readers) await browser.get(`${path}/answer`);
    for (let repeat = 0; repeat < repeats; repeat++)
      for (const atOnce of AT_ONCE.filter((n) => n === 1 || n * sizeBytes <= MOST_AT_ONCE_BYTES)) {
        const some = readers.slice(0, atOnce);
        rows.push(await moving(ground, { way: 'down', sizeBytes }, some, (reader) => download(reader, sizeBytes)));
        rows.push(await moving(ground, { way: 'up', sizeBytes }, some, (reader) => upload(reader, file)));
        arrived += atOnce;
        // The mail server that takes it is in this process: what comes next waits for it.
        const last = arrived;
        await ground.mailbox.until(({ messages }) => messages.filter(({ content }) => content.length > SIZES[0]).length >= last);
      }
    for (const { browser } of readers) browser.close();
  }
  return rows;
}

async function moving(
  { portalPid, gatewayPid }: PortalGround,
  what: Pick<Moved, 'way' | 'sizeBytes'>,
  readers: readonly Reader[],
  work: (reader: Reader) => Promise<boolean>,
): Promise<Moved> {
  for (const pid of [portalPid, gatewayPid]) beginPeaks(pid);
  const began = performance.now();
  const right = await Promise.all(readers.map(work));
  const seconds = (performance.now() - began) / 1_000;
  const mb = (pid: number): readonly [number, number] => {
    const { ownBytes, childBytes } = peaksOf(pid);
    return [ownBytes / 2 ** 20, childBytes / 2 ** 20];
  };
  return {
    ...what,
    atOnce: readers.length,
    mbPerSecond: (what.sizeBytes * readers.length) / 1e6 / seconds,
    portalMb: mb(portalPid),
    gatewayMb: mb(gatewayPid),
    wrong: right.filter((one) => !one).length,
  };
}

/** With the page of its message, as a reader comes to it. */
async function download({ browser, path }: Reader, sizeBytes: number): Promise<boolean> {
  const page = await browser.get(path);
  const [, file = ''] = /href="([^"]+\/parts\/\d+\/download)"/.exec(page.text) ?? [];
  return (await browser.get(file)).sizeBytes === sizeBytes;
}

async function upload({ browser, path }: Reader, file: Buffer): Promise<boolean> {
  await browser.get(`${path}/answer`);
  const { status, headers } = await browser.upload(`${path}/answer`, { text: 'Here they are.', to: 'originator' }, file);
  return status === 303 && headers.location?.endsWith('?done=answered') === true;
}

/** Each row is the worst of its runs. */
export function tellMoved(rows: readonly Moved[]): void {
  console.log('\nway   size MB  at once  slowest MB/s  most memory, MB: portal  its child  gateway  its child  wrong');
  const kinds = new Map(rows.map((row) => [`${row.way} ${row.sizeBytes} ${row.atOnce}`, row]));
  for (const { way, sizeBytes, atOnce } of kinds.values()) {
    const same = rows.filter((row) => row.way === way && row.sizeBytes === sizeBytes && row.atOnce === atOnce);
    const most = (value: (row: Moved) => number, width: number): string =>
      Math.max(...same.map(value))
        .toFixed(0)
        .padStart(width);
    const slowest = Math.min(...same.map(({ mbPerSecond }) => mbPerSecond)).toFixed(1);
    console.log(
      `${way.padEnd(5)} ${(sizeBytes / 1e6).toFixed(1).padStart(7)} ${String(atOnce).padStart(8)} ${slowest.padStart(13)} ${most((row) => row.portalMb[0], 24)} ${most((row) => row.portalMb[1], 10)} ${most((row) => row.gatewayMb[0], 8)} ${most((row) => row.gatewayMb[1], 10)} ${String(same.reduce((sum, { wrong }) => sum + wrong, 0)).padStart(6)}`,
    );
  }
}
