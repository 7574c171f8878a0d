// The operational log: JSON lines with safe fields only, whatever is handed in.
import t from 'tap';
import { createLog } from '../../src/log/create-log.ts';
import type { Log } from '../../src/log/log.ts';
import { logDigest, safeText } from '../../src/log/safe.ts';
import { sourceFiles } from '../support/source-files.ts';

interface Line extends Record<string, unknown> {
  readonly level: string;
  readonly event: string;
}

function logTo(level: 'debug' | 'info' | 'warn' | 'error' = 'debug'): {
  readonly log: Log;
  readonly lines: () => readonly Line[];
  readonly text: () => string;
} {
  const written: string[] = [];
  const log = createLog({ level, destination: { write: (line) => void written.push(line) }, newId: () => 'bug-1' });
  return { log, lines: () => written.map((line) => JSON.parse(line) as Line), text: () => written.join('') };
}

const digest = logDigest(Buffer.from('00112233445566778899', 'hex'));

await t.test('one line, one event', async (t) => {
  const { log, lines, text } = logTo();
  log.messageAccepted({
    messageId: '01JDB2V3X8QK4T6M9W0YHZ5RCE',
    session: 's1',
    listener: 'submission',
    submitterKind: 'account',
    submitter: digest,
    sizeBytes: 2048,
    recipients: 2,
    repeated: 0,
    replyMs: 4,
  });
  const [line] = lines();
  t.equal(lines().length, 1);
  t.ok(text().endsWith('\n'));
  t.match(line, {
    level: 'info',
    event: 'message.accepted',
    messageId: '01JDB2V3X8QK4T6M9W0YHZ5RCE',
    submitter: '0011223344556677',
    sizeBytes: 2048,
  });
  t.match(line?.['time'], /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
  t.notOk(Object.hasOwn(line ?? {}, 'hostname') || Object.hasOwn(line ?? {}, 'pid'));
});

await t.test('levels', async (t) => {
  const { log, lines } = logTo('warn');
  log.started({ version: '1', mode: 'live', startMs: 1 });
  log.limitReached({ limit: 'messages-per-hour', submitter: digest, client: null, then: 'refused' });
  log.diskLow({ mark: 'stop', freeBytes: 5 });
  t.same(
    lines().map(({ level, event }) => [level, event]),
    [
      ['warn', 'limit.reached'],
      ['error', 'disk.low'],
    ],
  );
});

await t.test('what is not safe is replaced whole, even where a type was got round', async (t) => {
  const { log, text, lines } = logTo();
  const canaries = ['ann@clinic.example', 'Ann Smith', 'line\nbreak', 'x'.repeat(200), '<b>', 'ünï', "o'neill", '"q"'];
  for (const canary of canaries) log.controlRequest({ command: canary, result: 'done', tookMs: 1 });
  const odd: object = { command: { inner: 'ann@clinic.example' }, result: ['Ann Smith'], tookMs: 1n };
  log.controlRequest(odd as Parameters<Log['controlRequest']>[0]);
  for (const canary of canaries) t.notOk(text().includes(canary), canary.slice(0, 20).replace(/\n/, ' '));
  t.ok(lines().every((line) => line['command'] === '(removed)'));
  t.match(lines().at(-1), { result: '(removed)', tookMs: '(removed)' });
});

await t.test('ids, codes, versions and places pass', async (t) => {
  for (const text of ['01JDB2V3X8QK4T6M9W0YHZ5RCE/3', 'delivery.below-floor', 'TLSv1.3', '2026-11-22T05:00:00Z', 'src/log/safe.ts:3:1', ''])
    t.equal(safeText(text), text);
});

await t.test('a bug: class, code, our own frames, never its text', async (t) => {
  const { log, text, lines } = logTo();
  const cause = Object.assign(new RangeError('patient Ann Smith ann@clinic.example\n    at secret (file:///etc/passwd:1:1)'), {
    code: 'ERR_OUT_OF_RANGE',
  });
  t.equal(log.bug('gateway.accept', cause), 'bug-1');
  t.match(lines()[0], {
    level: 'error',
    event: 'bug',
    id: 'bug-1',
    where: 'gateway.accept',
    errorClass: 'RangeError',
    errorCode: 'ERR_OUT_OF_RANGE',
  });
  const { frames } = lines()[0] as Line & { readonly frames: readonly string[] };
  t.match(frames[0], /^test\/log\/create-log\.test\.ts:\d+:\d+$/);
  for (const canary of ['Ann', 'clinic', 'secret', 'passwd']) t.notOk(text().includes(canary), canary);
});

await t.test('every event of the interface is written under a name of its own', async (t) => {
  const { log, lines } = logTo();
  const names = Object.keys(log).filter((name) => name !== 'bug' && name !== 'close');
  const events: Readonly<Record<string, (event: object) => void>> = Object.fromEntries(Object.entries(log));
  for (const name of names) events[name]?.({ mark: name });
  t.equal(new Set(lines().map(({ event }) => event)).size, names.length);
  t.ok(names.length >= 25);
  const declared =
    sourceFiles('src/log')
      .find(({ path }) => path.endsWith('log/log.ts'))
      ?.code.match(/^ {2}\w+\(event: /gm) ?? [];
  t.equal(declared.length, names.length);
});
