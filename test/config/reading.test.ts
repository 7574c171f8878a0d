// How far messages are read: what the file says is what the reading children are given, and nothing is parsed to be ignored.
import t from 'tap';
import { formatIssue } from '../../src/config/issue.ts';
import { loadText } from '../../src/config/load.ts';
import type { ReadingConfig } from '../../src/config/config.ts';
import { DEFAULT_READ_LIMITS } from '../../src/mail/read-limits.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HEAD = 'version: 1\nhostname: mail.clinic.example\npostmaster: [it@clinic.example]\nfolders: { data: data, keys: keys, run: run }\n';

type Test = Parameters<typeof temporaryFolder>[0];

async function load(t: Test, reading: string): Promise<ReadingConfig | readonly string[]> {
  const loaded = await loadText(`${HEAD}${reading}`, { file: 'f', base: temporaryFolder(t), now: 0 });
  return loaded.kind === 'loaded' ? loaded.config.reading : loaded.issues.map(formatIssue);
}

t.test('not written: the limits that the program knows', async (t) => {
  t.same(await load(t, ''), {
    limits: DEFAULT_READ_LIMITS,
    processes: 2,
    memoryBytes: 1_000_000_000,
    partMs: 15_000,
    messageMs: 120_000,
    beforeReplyMs: 1_000,
    ocrMs: null,
  });
});

t.test('each field reaches its place', async (t) => {
  const cases: readonly (readonly [
    text: string,
    expected: Partial<Omit<ReadingConfig, 'limits'>> & { limits?: Partial<ReadingConfig['limits']> },
  ])[] = [
    ['ocr: on', { ocrMs: 20_000 }],
    ['ocr: on, ocr_time: 5s', { ocrMs: 5_000 }],
    ['ocr: off, ocr_time: 5s', { ocrMs: null }],
    ['part_time: 2s', { partMs: 2_000 }],
    ['message_time: 3m', { messageMs: 180_000 }],
    ['before_reply: 250ms', { beforeReplyMs: 250 }],
    ['before_reply: 0s', { beforeReplyMs: 0 }],
    ['memory: 512MB', { memoryBytes: 512_000_000 }],
    ['processes: 8', { processes: 8 }],
    ['message_size: 10MB', { limits: { messageBytes: 10_000_000 } }],
    ['part_size: 1MB', { limits: { partBytes: 1_000_000 } }],
    ['unpacked: 2MB', { limits: { unpackedBytes: 2_000_000 } }],
    ['depth: 5', { limits: { depth: 5 } }],
    ['parts: 50', { limits: { parts: 50 } }],
  ];
  for (const [text, expected] of cases) t.match(await load(t, `reading: { ${text} }\n`), expected, text);
});

t.test('what cannot be', async (t) => {
  const cases: readonly (readonly [text: string, issue: RegExp])[] = [
    ['ocr: yes please', /^f:5:\d+: .*one of off, on/],
    ['processes: 0', /^f:5:\d+: .*1 to 64/],
    ['depth: 0', /^f:5:\d+: .*1 to 200/],
    ['memory: lots', /^f:5:\d+: .*a size/],
    ['part_time: 5', /^f:5:\d+: .*a duration/],
    ['procesess: 2', /^f:5:\d+: .*procesess.*did you mean "processes"/],
  ];
  for (const [text, issue] of cases) t.match(await load(t, `reading: { ${text} }\n`), [issue], text);
});
