// postern consent: what is typed is what is asked of the service; lists, one record, revoking by number or by address, imports in batches.
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { ConsentReport, ControlHandlers, ControlRequest } from '../../src/control/commands.ts';
import type { Consent } from '../../src/mail/consent.ts';
import { ATTESTATION, GIVEN, MARKETING, PLAIN_MAIL } from '../support/consents.ts';
import { commandLine } from '../support/command-line.ts';

const who = userInfo().username;
const NOW = Date.UTC(2026, 10, 27, 12);

function report(id: number, consent: Consent, change: Partial<ConsentReport> = {}): ConsentReport {
  const { kind, givenAt, until } = consent;
  return { id, kind, givenAt, until, state: 'in-force', said: { consent, who: 'ann', recordedAt: GIVEN }, revocation: null, ...change };
}

/** A service that remembers what it was asked and answers from `records`. */
function service(records: readonly ConsentReport[] = []) {
  const recorded: ControlRequest<'consent.record'>[] = [];
  const revoked: ControlRequest<'consent.revoke'>[] = [];
  const listed: ControlRequest<'consent.list'>[] = [];
  const handlers: Partial<ControlHandlers> = {
    'consent.record': async (request) => {
      recorded.push(request);
      return { kind: 'done', value: { results: request.consents.map((_, i) => ({ id: 7 + i, result: i === 1 ? 'exists' : 'recorded' })) } };
    },
    'consent.revoke': async (request) => {
      revoked.push(request);
      const result = (id: number) => (id === 9 ? 'not-found' : id === 8 ? 'revoked-before' : 'revoked');
      return { kind: 'done', value: { results: request.ids.map((id) => ({ id, result: result(id) })) } };
    },
    'consent.list': async (request) => {
      listed.push(request);
      const found = records.filter(({ id }) => request.before === null || id < request.before);
      const page = found.slice(0, Math.min(2, request.limit));
      return { kind: 'done', value: { records: page, next: found.length > page.length ? (page.at(-1)?.id ?? null) : null } };
    },
    'consent.show': async ({ id }) => {
      const found = records.find((one) => one.id === id);
      return found === undefined
        ? { kind: 'failed', code: 'not-found', text: `There is no record ${id}.` }
        : { kind: 'done', value: found };
    },
    'account.list': async () => ({ kind: 'done', value: { accounts: [] } }),
  };
  return { recorded, revoked, listed, handlers };
}

await t.test('add', async (t) => {
  const { recorded, handlers } = service();
  const line = await commandLine(t, { service: handlers, now: NOW });
  const plain = ['consent', 'add', 'plain-mail', 'Pat@home.example', '--text', 'w-1'];
  t.same(await line.run([...plain, '--for', 'hospital.example', 'lab.example']), {
    code: 0,
    out: 'Recorded as 7.\nOn file already as 8.\n',
    err: '',
  });
  t.match(recorded, [
    {
      who,
      consents: [
        { kind: 'plain-mail', address: 'pat@home.example', scope: 'hospital.example', text: 'w-1', givenAt: NOW },
        { scope: 'lab.example' },
      ],
    },
  ]);
  t.same((await line.run([...plain, '--for', 'hospital.example', '--json'])).out, '{"id":7,"result":"recorded"}\n');
  t.same(await line.run(plain), {
    code: 2,
    out: '',
    err: 'postern: --for: For whose mail it holds is missing: a domain of the organisation, or one sender.\n',
  });
  writeFileSync(
    line.configPath,
    'version: 1\nhostname: mail.clinic.example\npostmaster: [it@clinic.example]\nfolders: { data: data, keys: keys, run: run }\ninspection: { organisation: [clinic.example] }\n',
  );
  t.match(await line.run(plain), { code: 0 });
  t.match(recorded.at(-1)?.consents, [{ scope: 'clinic.example' }], 'the organisation of the configuration');
});

await t.test('add: an authorisation, whole and not', async (t) => {
  const { recorded, handlers } = service();
  const line = await commandLine(t, { service: handlers, now: NOW });
  const elements = [
    ['--information', 'that the person has diabetes'],
    ['--discloser', 'the clinic'],
    ['--receiver', 'Meter Makers'],
    ['--purpose', 'offers'],
    ['--ends-with', 'the end of the programme'],
    ['--signed-by', 'Kim Doe'],
    ['--signed-on', '2026-10-02'],
    ['--authority', 'guardian'],
    ['--statements', 'form-7'],
    ['--third-party-payment', 'yes'],
  ];
  const given = ['consent', 'add', 'marketing', 'pat@home.example', '--for', 'clinic.example'];
  t.match(await line.run([...given, ...elements.flat()]), { code: 0, out: 'Recorded as 7.\n' });
  t.match(recorded[0]?.consents, [
    { authorisation: { receiver: 'Meter Makers', endsWith: 'the end of the programme', authority: 'guardian', thirdPartyPayment: 'yes' } },
  ]);
  const lacking = elements.filter(([flag]) => flag !== '--receiver' && flag !== '--statements').flat();
  t.same(await line.run([...given, ...lacking]), {
    code: 2,
    out: '',
    err: 'postern: --receiver: To whom it may be disclosed is missing. (45 CFR 164.508(c)(1)(iii))\npostern: --statements: The version of the text with the statements on revoking, conditions and redisclosure is missing. (45 CFR 164.508(c)(2))\n',
  });
  t.equal(recorded.length, 1);
});

await t.test('list: a table, JSON lines, page by page', async (t) => {
  const records = [
    report(5, MARKETING, { state: 'revoked' }),
    report(4, ATTESTATION),
    report(3, PLAIN_MAIL, { said: null, state: 'ended' }),
  ];
  const { listed, handlers } = service(records);
  const line = await commandLine(t, { service: handlers });
  const shown = await line.run(['consent', 'list']);
  t.match(
    shown.out,
    /^Record {2}State +Kind +Address +For +Given +Until\n +5 +revoked +marketing +pat@home\.example +hospital\.example +2026-\d\d-\d\d +20\d\d-\d\d-\d\d\n/,
  );
  t.match(shown.out, / 4 +in-force +attestation +newsletter +2026/);
  t.match(shown.out, / 3 +ended +plain-mail +\(no longer readable\)/);
  t.equal(shown.err, '3 records\n');
  t.same(
    listed.map(({ before, limit }) => [before, limit]),
    [
      [null, 100],
      [4, 98],
    ],
  );
  const json = await line.run([
    'consent',
    'list',
    '--json',
    '-n',
    '2',
    '--kind',
    'marketing',
    '--state',
    'in-force',
    '--address',
    'PAT@home.example',
  ]);
  t.same(
    json.out
      .trim()
      .split('\n')
      .map((one) => (JSON.parse(one) as ConsentReport).id),
    [5, 4],
  );
  t.same(listed.at(-1), { kind: 'marketing', state: 'in-force', address: 'pat@home.example', before: null, limit: 2 });
  const none = await commandLine(t, { service: service().handlers });
  t.same(await none.run(['consent', 'list']), { code: 0, out: 'There are no records.\n', err: '' });
});

await t.test('show', async (t) => {
  const revocation = { at: GIVEN, said: { who: 'bob', why: 'letter' } };
  const line = await commandLine(t, {
    service: service([report(5, MARKETING, { state: 'revoked', revocation }), report(3, PLAIN_MAIL, { said: null })]).handlers,
  });
  const { out, code } = await line.run(['consent', 'show', '5']);
  t.equal(code, 0);
  for (const fact of [
    /^record +5$/m,
    /^state +revoked$/m,
    /^address +pat@home\.example$/m,
    /^receiver +Meter Makers Inc\.$/m,
    /^signed +Pat Doe, 2026/m,
    /^statements +authorisation-form-7$/m,
    /^recorded +2026.* by ann$/m,
    /^revoked +2026.* by bob$/m,
    /^why +letter$/m,
  ])
    t.match(out, fact);
  t.notMatch(out, /other way|ends with|document/, 'what there is not is not shown');
  t.match((await line.run(['consent', 'show', '3'])).out, /^address +\(no longer readable\)$/m);
  t.match(JSON.parse((await line.run(['consent', 'show', '5', '--json'])).out), { id: 5, state: 'revoked' });
  t.same(await line.run(['consent', 'show', '6']), { code: 1, out: '', err: 'postern: There is no record 6.\n' });
  t.match(await line.run(['consent', 'show', 'five']), { code: 2 });
});

await t.test('revoke', async (t) => {
  const other = report(4, { ...PLAIN_MAIL, scope: 'lab.example' });
  const { revoked, listed, handlers } = service([report(5, MARKETING), other, report(3, PLAIN_MAIL)]);
  const line = await commandLine(t, { service: handlers });
  const run = (...given: readonly string[]) => line.run(['consent', 'revoke', '--why', 'call', ...given]);
  t.same(await run('5'), { code: 0, out: 'Revoked 5.\n', err: '' });
  t.same(revoked, [{ ids: [5], who, why: 'call' }]);
  t.same(await run('8', '9'), { code: 1, out: '8 was revoked before.\nThere is no record 9.\n', err: '' });
  t.same((await run('5', '--json')).out, '{"id":5,"result":"revoked"}\n');
  t.match(await run('--address', 'Pat@home.example'), { code: 0, out: 'Revoked 5.\nRevoked 4.\nRevoked 3.\n' });
  t.match(await run('--address', 'pat@home.example', '--for', 'LAB.example', '--kind', 'plain-mail'), { code: 0, out: 'Revoked 4.\n' });
  t.match(listed.at(-1), { kind: 'plain-mail', state: 'in-force', address: 'pat@home.example' });
  t.match(await run('--address', 'pat@home.example', '--for', 'x.example'), { code: 1, err: /There is no record in force/ });
  const calls = revoked.length;
  for (const given of [[], ['5', '--address', 'pat@home.example'], ['x'], ['0']])
    t.match(await run(...given), { code: 2 }, given.join(' '));
  t.match(await line.run(['consent', 'revoke', '5']), { code: 2 }, 'a reason is wanted');
  t.equal(revoked.length, calls);
});

await t.test('import: nothing while a line has a fault', async (t) => {
  const { recorded, handlers } = service();
  const line = await commandLine(t, { service: handlers, now: NOW });
  const head = 'kind,address,for,given,text,uses';
  const cases: readonly (readonly [name: string, input: string, err: RegExp])[] = [
    [
      'a fault',
      `${head}\nplain-mail,pat@home.example,c.example,2026-10-01,w,\nplain-mail,pat,c.example,2026-10-01,w,\n`,
      /^standard input:3:address: .*\nNothing was recorded\.\n$/,
    ],
    [
      'an account that is not there',
      `${head}\nattestation,news,,2026-10-01,a-1,news\n`,
      /^standard input:2:address: There is no such account\.\nNothing/,
    ],
    ['many faults', `${head}\n${'plain-mail,x,c.example,2026-10-01,w,\n'.repeat(130)}`, /\n30 more\nNothing was recorded\.\n$/],
  ];
  for (const [name, input, err] of cases) t.match(await line.run(['consent', 'import', '-'], { input }), { code: 2, out: '', err }, name);
  t.match(await line.run(['consent', 'import', '/nonexistent']), { code: 2, err: /\/nonexistent cannot be read/ });
  t.equal(recorded.length, 0);
});

await t.test('import: in batches, each within the bounds of a request', async (t) => {
  const { recorded, handlers } = service();
  const line = await commandLine(t, { service: handlers, now: NOW });
  const file = join(line.folder, 'consents.csv');
  const rows = Array.from(
    { length: 550 },
    (_, i) => `plain-mail,p${i}@home.example,c.example,2026-10-01,w,${i < 250 ? 'x'.repeat(990) : ''}`,
  );
  writeFileSync(file, `kind,address,for,given,text,note\n${rows.join('\n')}\n`);
  const { code, out, err } = await line.run(['consent', 'import', file]);
  t.same([code, err], [0, '']);
  t.equal(
    out,
    `${550 - recorded.length} records made, ${recorded.length} on file already.\n`,
    'the service says of one in each what it was',
  );
  const sizes = recorded.map(({ consents }) => consents.length);
  t.equal(
    sizes.reduce((sum, one) => sum + one, 0),
    550,
  );
  t.ok(Math.max(...sizes) === 200 && Math.min(...sizes) < 190, `by number and by size: ${sizes.join(' ')}`);
  for (const request of recorded) t.ok(Buffer.byteLength(JSON.stringify(request)) < 300 * 1024);
  t.same(
    recorded.flatMap(({ consents }) => consents.map(({ address }) => address)),
    rows.map((_, i) => `p${i}@home.example`),
    'each once, in order',
  );
  const json = await line.run(['consent', 'import', '-', '--json'], {
    input: `kind,address,for,given,text\n${rows[0]?.slice(0, -991) ?? ''}\n`,
  });
  t.same(json, { code: 0, out: '{"line":2,"id":7,"result":"recorded"}\n', err: '' });
});

await t.test('import: broken off in the middle, it says how far it came', async (t) => {
  const { handlers } = service();
  let calls = 0;
  const breaking: Partial<ControlHandlers> = {
    ...handlers,
    'consent.record': async ({ consents }) => {
      calls += 1;
      if (calls > 1) return { kind: 'failed', code: 'unavailable', text: 'the storage failed' };
      return { kind: 'done', value: { results: consents.map((_, i) => ({ id: i + 1, result: 'recorded' })) } };
    },
  };
  const line = await commandLine(t, { service: breaking, now: NOW });
  const input = `kind,address,for,given\n${'fundraising-opt-out,pat@home.example,c.example,2026-10-01\n'.repeat(201)}`;
  t.same(await line.run(['consent', 'import', '-'], { input }), {
    code: 4,
    out: '',
    err: 'postern: the storage failed\npostern: 200 records were made before this; import the file again, those are left as they are\n',
  });
});
