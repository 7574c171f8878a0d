// The evidence of a real gateway, verified on the command line after somebody has been at the database: the first bad record is named, and
// how far the signed head proves.
import t, { type Test } from 'tap';
import Database from 'better-sqlite3';
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DATABASE } from '../../src/store/sqlite/open.ts';
import { post, recordsOf, untilOver } from '../support/posted.ts';
import { ID, stage, type Stage } from '../support/stage.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

function verify({ postern }: Stage): { readonly code: number | null; readonly out: string } {
  const { status, stdout } = spawnSync(process.execPath, [MAIN, '--config', postern.configPath, 'audit', 'verify'], { encoding: 'utf8' });
  return { code: status, out: stdout };
}

/** A stopped gateway with the evidence of a few messages, and how many records there are. */
async function open(t: Test): Promise<{ readonly scene: Stage; readonly last: number }> {
  const scene = await stage(t, ca, { good: {} });
  for (let i = 0; i < 5; i++)
    await untilOver(scene.postern, (await post(scene.session, { to: ['jane@good.test'], header: [ID(`m-${i}`)] })).id);
  t.match(verify(scene), { code: 0, out: /Every record is as it was written/ }, 'also while it runs');
  await scene.postern.kill('SIGTERM');
  return { scene, last: (await recordsOf(scene.postern)).at(-1)?.seq ?? 0 };
}

type Meddle = (db: InstanceType<typeof Database>, last: number) => void;

const setBytes = (db: InstanceType<typeof Database>, seq: number, change: (bytes: Buffer) => Buffer, column = 'bytes'): void => {
  const bytes = db.prepare<[number], Buffer>(`SELECT ${column} FROM evidence WHERE seq = ?`).pluck().get(seq);
  db.prepare(`UPDATE evidence SET ${column} = ? WHERE seq = ?`).run(change(Buffer.from(bytes ?? [])), seq);
};
const flip = (bytes: Buffer): Buffer => Buffer.from(bytes.with(bytes.length - 3, (bytes.at(-3) ?? 0) ^ 1));

const CASES: readonly (readonly [name: string, meddle: Meddle, says: RegExp])[] = [
  ['one byte changed', (db) => setBytes(db, 7, flip), /Record 7 is the first bad one/],
  [
    'a code rewritten',
    (db) =>
      setBytes(db, 8, (bytes) => Buffer.from(bytes.toString('latin1').replace(/relayed|decided|started|accepted/, 'expired'), 'latin1')),
    /Record 8 is the first bad one/,
  ],
  ['a sealed detail changed', (db) => setBytes(db, firstWithDetail(db), flip, 'sealed_detail'), /is the first bad one/],
  ['one record removed', (db) => db.prepare('DELETE FROM evidence WHERE seq = 9').run(), /Record 9 is the first bad one: it is not there/],
  ['the first one removed', (db) => db.prepare('DELETE FROM evidence WHERE seq = 1').run(), /Record 1 is the first bad one/],
  [
    'two records swapped',
    (db) => {
      for (const [from, to] of [
        [10, -1],
        [11, 10],
        [-1, 11],
      ])
        db.prepare('UPDATE evidence SET seq = ? WHERE seq = ?').run(to, from);
    },
    /Record 10 is the first bad one/,
  ],
  [
    'a record added',
    (db, last) =>
      db
        .prepare('INSERT INTO evidence (seq, message, bytes, hash) SELECT seq + 1, message, bytes, hash FROM evidence WHERE seq = ?')
        .run(last),
    /is the first bad one/,
  ],
  [
    'the last one cut off',
    (db, last) => db.prepare('DELETE FROM evidence WHERE seq = ?').run(last),
    /the log ends before it, but the signed head covers it/,
  ],
  [
    'half of it cut off',
    (db, last) => db.prepare('DELETE FROM evidence WHERE seq > ?').run(Math.floor(last / 2)),
    /the log ends before it, but the signed head covers it/,
  ],
];

function firstWithDetail(db: InstanceType<typeof Database>): number {
  return db.prepare<[], number>('SELECT min(seq) FROM evidence WHERE sealed_detail IS NOT NULL').pluck().get() ?? 0;
}

t.test('whoever meddles with the log is found out', async (t) => {
  const { scene, last } = await open(t);
  const { dataFolder } = scene.postern;
  t.match(verify(scene), { code: 0, out: new RegExp(`The signed head proves records 1 to ${last}\\.`) }, 'a stop leaves all of it signed');
  const kept = `${dataFolder}-kept`;
  cpSync(dataFolder, kept, { recursive: true });
  for (const [name, meddle, says] of CASES) {
    rmSync(dataFolder, { recursive: true });
    cpSync(kept, dataFolder, { recursive: true });
    const db = new Database(join(dataFolder, DATABASE));
    meddle(db, last);
    db.close();
    t.match(verify(scene), { code: 1, out: says }, name);
  }
  // The last case was a cut.
  await t.rejects(
    scene.postern.start(),
    { message: /the log ends at record \d+, but its signed head is record \d+: records are missing/ },
    'a start does not sign over a cut',
  );
});
