// A real gateway reads what it takes: in child processes, beside delivery, once for each message, with evidence that holds no content.
import { gzipSync } from 'node:zlib';
import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import type { AuditEntry } from '../../src/daemon/work.ts';
import { post, recordsOf, untilOver } from '../support/posted.ts';
import type { Postern } from '../support/postern.ts';
import { stage } from '../support/stage.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const SECRET = 'Zebulon Quartermaine';

/** Evidence of reading a message, when it is there. */
async function readingOf(postern: Postern, id: string): Promise<AuditEntry> {
  for (;;) {
    const found = (await recordsOf(postern, id)).find(({ kind }) => kind === 'message.read');
    if (found !== undefined) return found;
    await postern.happened();
  }
}

function attached(name: string, content: Buffer): { readonly header: readonly string[]; readonly body: readonly string[] } {
  return {
    header: ['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary="b"'],
    body: [
      '--b',
      'Content-Type: text/plain',
      '',
      `For ${SECRET}`,
      '--b',
      'Content-Type: application/octet-stream',
      `Content-Disposition: attachment; filename="${name}"`,
      'Content-Transfer-Encoding: base64',
      '',
      ...(content.toString('base64').match(/.{1,76}/g) ?? []),
      '--b--',
    ],
  };
}

const HL7 = [
  'MSH|^~\\&|LAB|HOSPITAL|EHR|CLINIC|202611270900||ORU^R01|1|P|2.5.1',
  `PID|1||12345^^^HOSPITAL^MR||${SECRET.replace(/(\w+) (\w+)/, '$2^$1')}||19700101|M`,
  'OBX|1|NM|4548-4^Hemoglobin A1c^LN||9.2|%|4-6|H|||F',
].join('\r');

t.test('what a message holds is evidence, its words are not', async (t) => {
  const { postern, session } = await stage(t, ca, { good: {} });
  const { id } = await post(session, { to: ['jane@good.test'], ...attached('result.hl7', Buffer.from(HL7)) });
  t.match((await readingOf(postern, id)).codes, { parts: 3, kinds: 'hl7v2 message text', documents: 'hl7v2:ORU^R01' });
  const large = Buffer.from(`${SECRET}\n`.repeat(40_000));
  const spooled = await post(session, { to: ['jane@good.test'], ...attached('list.txt', large) });
  t.match((await readingOf(postern, spooled.id)).codes, { parts: 3, kinds: 'message text*2', blindSpots: undefined });
  t.notMatch(JSON.stringify(await recordsOf(postern)), /Zebulon|Quartermaine/);
  t.notMatch(postern.output, /Zebulon|Quartermaine/);
});

t.test('a bomb costs a blind spot, and no mail waits for it', async (t) => {
  const { postern, session } = await stage(t, ca, { good: {} }, { reading: 'reading: { unpacked: 5MB, part_size: 5MB }' });
  const bomb = gzipSync(gzipSync(Buffer.alloc(200_000_000)));
  const { id } = await post(session, { to: ['jane@good.test'], ...attached('a.gz', bomb) });
  const [delivery] = await untilOver(postern, id);
  t.equal(delivery?.state, 'relayed');
  t.match((await readingOf(postern, id)).codes, { blindSpots: 'too-large' });
  const next = await post(session, { to: ['jane@good.test'] });
  t.match((await readingOf(postern, next.id)).codes, { parts: 2, blindSpots: undefined });
});

t.test('a stop forgets no message that is still to be read', async (t) => {
  const { postern, session } = await stage(t, ca, { good: {} });
  const { id } = await post(session, { to: ['jane@good.test'] });
  await postern.kill('SIGKILL');
  await postern.start();
  t.match((await readingOf(postern, id)).codes, { parts: 2 });
  t.equal((await recordsOf(postern, id)).filter(({ kind }) => kind === 'message.read').length, 1, 'once');
});

t.test('reading children end with the gateway, however it ends', async (t) => {
  const { postern, session } = await stage(t, ca, { good: {} });
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const { id } = await post(session, { to: ['jane@good.test'] }).catch(() => ({ id: '' }));
    if (id !== '') await readingOf(postern, id);
    const children = readingChildren(postern.pid);
    await postern.kill(signal);
    t.same(await ended(children), [], signal);
    if (signal === 'SIGTERM') await postern.start();
  }
});

/** Reading children of a process. */
function readingChildren(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const stat = statOf(Number(pid));
      return stat !== null && stat.parent === parent && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('read-child');
    })
    .map(Number);
}

/** Those of the processes that do not end. */
async function ended(pids: readonly number[]): Promise<readonly number[]> {
  const giveUpAt = performance.now() + 10_000;
  for (;;) {
    const left = pids.filter((pid) => statOf(pid) !== null);
    if (left.length === 0 || performance.now() > giveUpAt) return left;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function statOf(pid: number): { readonly parent: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? null : { parent: Number(parent) };
  } catch {
    return null;
  }
}
