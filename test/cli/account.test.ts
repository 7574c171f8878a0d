// postern account: passwords come from everywhere but the command line, are shown once, and what is asked is what was typed.
import { chmodSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { AccountReport, ControlHandlers, ControlRequest } from '../../src/control/commands.ts';
import { commandLine } from '../support/command-line.ts';

const PASSWORD = 'a-long-enough-passphrase';
const GENERATED = /[2-9a-z]{5}(?:-[2-9a-z]{5}){4}/;
const who = userInfo().username;

const report = (name: string): AccountReport => ({
  name,
  state: 'enabled',
  mayUse: [`${name}@clinic.example`],
  reports: null,
  likelyRepeats: 'report',
  createdAt: 0,
  changedAt: Date.UTC(2026, 10, 1),
});

function adding(): {
  readonly added: ControlRequest<'account.add'>[];
  readonly changed: ControlRequest<'account.password'>[];
  readonly service: Partial<ControlHandlers>;
} {
  const added: ControlRequest<'account.add'>[] = [];
  const changed: ControlRequest<'account.password'>[] = [];
  return {
    added,
    changed,
    service: {
      'account.add': async (request) => {
        added.push(request);
        return request.name === 'taken'
          ? { kind: 'failed', code: 'exists', text: 'There is an account of this name.' }
          : { kind: 'done', value: report(request.name) };
      },
      'account.password': async (request) => {
        changed.push(request);
        return { kind: 'done', value: {} };
      },
    },
  };
}

await t.test('where a password comes from', async (t) => {
  const { added, service } = adding();
  const line = await commandLine(t, { service });
  const file = join(line.folder, 'password');
  writeFileSync(file, `${PASSWORD}\nnote\n`, { mode: 0o600 });
  const base = ['account', 'add', 'lab', '--may-use', '*@lab.example', 'x@lab.example'];
  const cases: readonly (readonly [name: string, given: readonly string[], terminal: object, password: RegExp, out: RegExp])[] = [
    ['made', ['--generate'], {}, GENERATED, /^Added lab\. Its password, shown only now:\n\n {2}[2-9a-z-]{29}\n/],
    ['a file', ['--password-file', file], {}, new RegExp(`^${PASSWORD}$`), /^Added lab\.\n$/],
    ['standard input', ['--password-stdin'], { input: `${PASSWORD}\r\nmore` }, new RegExp(`^${PASSWORD}$`), /^Added lab\.\n$/],
    ['typed', [], { typed: [PASSWORD, PASSWORD] }, new RegExp(`^${PASSWORD}$`), /^Added lab\.\n$/],
    ['Enter alone', [], { typed: [''] }, GENERATED, /shown only now/],
  ];
  for (const [name, given, terminal, password, out] of cases) {
    const result = await line.run([...base, ...given], terminal);
    t.equal(result.code, 0, `${name}: ${result.err}`);
    t.match(result.out, out, name);
    const asked = added.pop();
    t.match(asked?.password, password, name);
    t.match(asked, { name: 'lab', mayUse: ['*@lab.example', 'x@lab.example'], reports: null, likelyRepeats: 'report', who });
    if (!name.startsWith('made') && name !== 'Enter alone')
      t.notMatch(result.out + result.err, new RegExp(PASSWORD), `${name}: not repeated`);
  }
});

await t.test('a password that is not taken', async (t) => {
  const { added, service } = adding();
  const line = await commandLine(t, { service });
  const open = join(line.folder, 'open');
  writeFileSync(open, PASSWORD);
  chmodSync(open, 0o644);
  const base = ['account', 'add', 'lab', '--may-use', '*@lab.example'];
  const cases: readonly (readonly [name: string, given: readonly string[], terminal: object, err: RegExp])[] = [
    ['nobody to ask', [], {}, /nobody can be asked here; use --generate, --password-file or --password-stdin/],
    ['typed twice, not the same', [], { typed: [PASSWORD, `${PASSWORD}x`] }, /the two were not the same/],
    ['too short', [], { typed: ['hunter2', 'hunter2'] }, /at least 15 characters/],
    ['a file that others may read', ['--password-file', open], {}, /others may read/],
    ['a file that is not there', ['--password-file', '/nonexistent'], {}, /cannot be read/],
    ['an empty standard input', ['--password-stdin'], { input: '' }, /the first line of standard input is empty/],
    ['an endless standard input', ['--password-stdin'], { input: 'x'.repeat(5_000) }, /the first line of standard input is empty/],
    ['two ways at once', ['--password-stdin', '--generate'], { input: PASSWORD }, /choose one of/],
    ['on the command line', ['--password', PASSWORD], {}, /unknown option '--password'/],
  ];
  for (const [name, given, terminal, err] of cases) {
    const result = await line.run([...base, ...given], terminal);
    t.equal(result.code, 2, name);
    t.match(result.err, err, name);
    t.notMatch(result.err + result.out, /hunter2/);
  }
  t.equal(added.length, 0);
});

await t.test('accounts that are not right are not asked for', async (t) => {
  const { added, service } = adding();
  const line = await commandLine(t, { service });
  for (const given of [
    ['Lab System', '--may-use', '*'],
    ['lab', '--may-use', 'nonsense'],
    ['lab', '--may-use', '*', '--reports', 'nonsense'],
    ['lab', '--may-use', '*', '--likely-repeats', 'drop'],
    ['lab'],
  ]) {
    const result = await line.run(['account', 'add', ...given, '--generate']);
    t.equal(result.code, 2, given.join(' '));
    t.match(result.err, /^postern: /);
  }
  t.equal(added.length, 0);
  t.match(await line.run(['account', 'add', 'taken', '--may-use', '*', '--generate']), {
    code: 1,
    out: '',
    err: 'postern: There is an account of this name.\n',
  });
});

await t.test('a new password', async (t) => {
  const { changed, service } = adding();
  const line = await commandLine(t, { service });
  const result = await line.run(['account', 'password', 'lab', '--generate', '--json']);
  const { name, password } = JSON.parse(result.out) as { name: string; password: string };
  t.equal(name, 'lab');
  t.match(password, GENERATED);
  t.same(changed, [{ name: 'lab', password, who }]);
});

await t.test('list, disable, enable', async (t) => {
  const asked: unknown[] = [];
  const line = await commandLine(t, {
    service: {
      'account.list': async () => ({
        kind: 'done',
        value: {
          accounts: [report('ann'), { ...report('lab'), state: 'disabled', mayUse: ['*@a-very-long-name.clinic.example', 'b@c.example'] }],
        },
      }),
      'account.disable': async (request) => {
        asked.push(request);
        return { kind: 'done', value: { sessionsClosed: 2 } };
      },
      'account.enable': async () => ({ kind: 'failed', code: 'not-found', text: 'There is no account lab.' }),
    },
  });
  const listed = await line.run(['account', 'list'], { columns: 80 });
  t.match(listed.out, /^Name {2}State {5}May use .*\nann {3}enabled {3}ann@clinic\.example .*\nlab {3}disabled {2}\*@a-very-long/);
  for (const one of listed.out.split('\n')) t.ok([...one].length <= 80, one);
  t.notMatch(listed.out, /argon2|scrypt/);
  const { out } = await line.run(['account', 'list', '--json']);
  t.equal(out.trimEnd().split('\n').length, 2);
  t.same(await line.run(['account', 'disable', 'lab']), { code: 0, out: 'Disabled lab; open sessions ended: 2.\n', err: '' });
  t.same(asked, [{ name: 'lab', who }]);
  t.same(await line.run(['account', 'enable', 'lab']), { code: 1, out: '', err: 'postern: There is no account lab.\n' });
});

await t.test('import', async (t) => {
  const batches: ControlRequest<'account.import'>[] = [];
  const line = await commandLine(t, {
    service: {
      'account.import': async (request) => {
        batches.push(request);
        return {
          kind: 'done',
          value: {
            results: request.accounts.map(({ name }) => ({
              name,
              result: name === 'a1' ? ('exists' as const) : ('added' as const),
              text: null,
            })),
          },
        };
      },
    },
  });
  const file = join(line.folder, 'staff.csv');
  writeFileSync(
    file,
    `name,may_use,password\n${Array.from({ length: 60 }, (_, i) => `a${i},a${i}@clinic.example,${i === 2 ? PASSWORD : ''}`).join('\n')}\n`,
  );
  const result = await line.run(['account', 'import', file]);
  t.equal(result.code, 1, 'one was left as it is');
  t.same(
    batches.map(({ accounts }) => accounts.length),
    [25, 25, 10],
    'in batches',
  );
  const printed = result.out.trimEnd().split('\n');
  t.equal(printed.length, 59);
  t.match(printed[0], new RegExp(`^a0\\t${GENERATED.source}$`));
  t.equal(printed[1], 'a2', 'a password that was given is not repeated');
  t.match(result.err, /^postern: a1: there is an account of this name\n59 accounts added, 1 left as they are\.\n$/);
  const shown = new Map(printed.map((one) => one.split('\t') as [string, string]));
  for (const { accounts } of batches)
    for (const { name, password } of accounts) if (name !== 'a1' && name !== 'a2') t.equal(shown.get(name), password, name);
});

await t.test('import of a file with faults does nothing', async (t) => {
  const line = await commandLine(t, { service: {} });
  const result = await line.run(['account', 'import', '-'], { input: 'name,may_use\nlab,nonsense\n' });
  t.equal(result.code, 2);
  t.match(result.err, /^standard input:2: "nonsense" is not/);
  t.match(await line.run(['account', 'import', '/nonexistent']), { code: 2, err: /\/nonexistent cannot be read/ });
});
