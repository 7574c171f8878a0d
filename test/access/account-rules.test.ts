// Names, patterns and passwords of accounts.
import t from 'tap';
import { accountProblems, isAccountName, isAddressPattern, passwordProblem } from '../../src/access/account-rules.ts';
import { matchesAddress } from '../../src/mail/address.ts';

await t.test('names', async (t) => {
  for (const name of ['ehr', 'a', '7', 'anna.berg@hospital.example', 'lab-01', 'scan_to_mail', 'x+y', 'a'.repeat(128)])
    t.ok(isAccountName(name), name);
  for (const name of ['', 'EHR', 'Anna', '.a', 'a.', 'a b', 'a\n', 'a\0b', 'ä', 'a/b', '<a>', '-', 'a'.repeat(129)])
    t.notOk(isAccountName(name), name);
});

await t.test('patterns', async (t) => {
  const table: readonly (readonly [pattern: string, matches: string])[] = [
    ['*', 'x@y.example'],
    ['anna@hospital.example', 'Anna@hospital.example'],
    ['*@hospital.example', 'x@HOSPITAL.example'],
    ['*@*.hospital.example', 'x@lab.hospital.example'],
    ['noreply@*', 'noreply@x.example'],
    ['*@münchen.example', 'x@xn--mnchen-3ya.example'],
  ];
  t.ok(isAddressPattern('<>'));
  for (const [pattern, address] of table) {
    t.ok(isAddressPattern(pattern), pattern);
    t.ok(matchesAddress(pattern, address), `${pattern} matches ${address}`);
  }
  for (const pattern of [
    '',
    'hospital.example',
    '@hospital.example',
    '*hospital.example',
    'a*@hospital.example',
    '*@*',
    '*@',
    '*@*.',
    'x@',
    'a b@x.example',
    '*@x..example',
    'a@b@c ',
    '**@x.example',
    'a b@*',
  ]) {
    t.notOk(isAddressPattern(pattern), pattern);
  }
});

await t.test('accounts', async (t) => {
  const good = { name: 'ehr', mayUse: ['*@hospital.example'], reports: 'it@hospital.example' };
  t.same(accountProblems(good), []);
  t.same(accountProblems({ ...good, reports: null }), []);
  const table: readonly (readonly [Partial<typeof good>, string])[] = [
    [{ name: 'EHR' }, 'name'],
    [{ mayUse: [] }, 'mayUse'],
    [{ mayUse: ['*@hospital.example', 'nonsense'] }, 'mayUse'],
    [{ reports: 'nobody' }, 'reports'],
  ];
  for (const [change, field] of table) {
    t.same(
      accountProblems({ ...good, ...change }).map((problem) => problem.field),
      [field],
    );
  }
  t.equal(accountProblems({ name: '', mayUse: ['x', 'y'], reports: 'z' }).length, 4, 'all problems at once');
});

await t.test('passwords', async (t) => {
  for (const good of ['kQ7 lanterns by the sea', 'three small green parrots', 'ünïcödé is also fine', 'mzk3v-8gtqa-wx2rp']) {
    t.equal(passwordProblem(good, 'ehr'), null, good);
  }
  const table: readonly (readonly [why: string, password: string, name: string])[] = [
    ['short', 'abcdefghijklmn', 'ehr'],
    ['empty', '', 'ehr'],
    ['characters count, not octets', 'ää'.repeat(7), 'ehr'],
    ['one character', 'a'.repeat(40), 'ehr'],
    ['two words everybody knows', 'PasswordPassword1', 'ehr'],
    ['a row of keys', 'qwertyqwerty123456', 'ehr'],
    ['the name again and again', 'anna.berg-anna.berg', 'anna.berg'],
    ['a control character', 'long enough but\u0007 rings', 'ehr'],
    ['endless', 'kQ7 lanterns by the sea'.repeat(60), 'ehr'],
  ];
  for (const [why, password, name] of table) {
    const problem = passwordProblem(password, name);
    t.equal(problem?.field, 'password', why);
    if (password.length > 3) t.notOk(problem?.text.includes(password), `${why}: the password is not repeated`);
  }
});
