// MTA-STS policies (RFC 8461 3.2) and the hosts they name (RFC 8461 4.1).
import fc from 'fast-check';
import t from 'tap';
import { namesHost, parseStsPolicy } from '../../src/dns/sts-policy.ts';
import type { StsPolicy } from '../../src/dns/sts-policy.ts';

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\r\n`).join('');
const ENFORCE: StsPolicy = { mode: 'enforce', mx: ['mail.example.com'], maxAgeSeconds: 86_400 };
const GOOD = ['version: STSv1', 'mode: enforce', 'mx: mail.example.com', 'max_age: 86400'] as const;
const [VERSION, MODE, MX, MAX_AGE] = GOOD;

void t.test('policies', async (t) => {
  const CASES: readonly (readonly [title: string, text: string, wanted: StsPolicy | null])[] = [
    ['as in the RFC', lines(...GOOD), ENFORCE],
    ['LF', `${GOOD.join('\n')}\n`, ENFORCE],
    ['without final line end', GOOD.join('\r\n'), ENFORCE],
    ['CRLF and LF mixed', `${VERSION}\r\n${MODE}\n${MX}\r\n${MAX_AGE}`, ENFORCE],
    ['another order', lines(MAX_AGE, MX, MODE, VERSION), ENFORCE],
    ['empty lines at the end', `${lines(...GOOD)}\r\n\n`, ENFORCE],
    ['blanks', lines('version:STSv1', 'mode \t: \t enforce  ', 'mx:mail.example.com\t', 'max_age:   86400'), ENFORCE],
    ['extensions', lines(VERSION, 'x-tra.field_1: a b: \u00fcber', ...GOOD.slice(1)), ENFORCE],
    ['upper case in a host name', lines(VERSION, MODE, 'mx: MAIL.Example.com', MAX_AGE), ENFORCE],
    ['several hosts', lines(...GOOD, 'mx: *.example.net'), { ...ENFORCE, mx: ['mail.example.com', '*.example.net'] }],
    ['repeated mode: the first', lines(...GOOD, 'mode: none'), ENFORCE],
    ['repeated max_age: the first', lines(...GOOD, 'max_age: 1'), ENFORCE],
    ['testing', lines(VERSION, 'mode: testing', MX, MAX_AGE), { ...ENFORCE, mode: 'testing' }],
    ['none needs no host', lines(VERSION, 'mode: none', MAX_AGE), { mode: 'none', mx: [], maxAgeSeconds: 86_400 }],
    ['max_age 0', lines(VERSION, MODE, MX, 'max_age: 0'), { ...ENFORCE, maxAgeSeconds: 0 }],
    ['a year at most', lines(VERSION, MODE, MX, 'max_age: 9999999999'), { ...ENFORCE, maxAgeSeconds: 31_557_600 }],
    ['empty', '', null],
    ['no version', lines(MODE, MX, MAX_AGE), null],
    ['another version', lines('version: STSv2', MODE, MX, MAX_AGE), null],
    ['no mode', lines(VERSION, MX, MAX_AGE), null],
    ['unknown mode', lines(VERSION, 'mode: enforced', MX, MAX_AGE), null],
    ['mode in upper case', lines(VERSION, 'mode: ENFORCE', MX, MAX_AGE), null],
    ['no host', lines(VERSION, MODE, MAX_AGE), null],
    ['no max_age', lines(VERSION, MODE, MX), null],
    ['max_age of 11 digits', lines(VERSION, MODE, MX, 'max_age: 12345678901'), null],
    ['negative max_age', lines(VERSION, MODE, MX, 'max_age: -1'), null],
    ['an empty line', lines(VERSION, '', MODE, MX, MAX_AGE), null],
    ['only line ends', '\r\n\n', null],
    ['a blank before the key', lines(VERSION, ` ${MODE}`, MX, MAX_AGE), null],
    ['CR alone', GOOD.join('\r'), null],
    ['no value', lines(VERSION, MODE, MX, MAX_AGE, 'x:'), null],
    ['no colon', lines(VERSION, MODE, MX, MAX_AGE, 'hello'), null],
    ['HTML', '<html><body>version: STSv1</body></html>', null],
    ['a control character', lines(...GOOD, 'x: a\u0007b'), null],
    ['wildcard in the middle', lines(VERSION, MODE, 'mx: a.*.example.com', MAX_AGE), null],
    ['wildcard alone', lines(VERSION, MODE, 'mx: *', MAX_AGE), null],
    ['wildcard in a label', lines(VERSION, MODE, 'mx: a*.example.com', MAX_AGE), null],
    ['two hosts on a line', lines(VERSION, MODE, 'mx: a.example b.example', MAX_AGE), null],
    ['a U-label', lines(VERSION, MODE, 'mx: b\u00fccher.example', MAX_AGE), null],
    ['a final dot', lines(VERSION, MODE, 'mx: mail.example.com.', MAX_AGE), null],
    ['one bad host spoils all', lines(...GOOD, 'mx: -.example'), null],
    ['501 hosts', lines(VERSION, MODE, MAX_AGE, ...Array.from({ length: 501 }, (_, i) => `mx: m${i}.example`)), null],
  ];
  for (const [title, text, wanted] of CASES) t.strictSame(parseStsPolicy(text), wanted, title);
});

void t.test('hosts that a policy names', async (t) => {
  const policy: StsPolicy = { mode: 'enforce', mx: ['mail.example.com', '*.example.net'], maxAgeSeconds: 1 };
  const CASES: Readonly<Record<string, boolean>> = {
    'mail.example.com': true,
    'MAIL.example.COM': true,
    'a.mail.example.com': false,
    'example.com': false,
    'a.example.net': true,
    'a.b.example.net': false,
    'example.net': false,
    '.example.net': true,
    'a-example.net': false,
    net: false,
    '*.example.net': true,
    'a.example.net.evil.test': false,
  };
  for (const [host, wanted] of Object.entries(CASES)) t.equal(namesHost(policy, host), wanted, host);
});

void t.test('any text is read in little time, without exception', async (t) => {
  const line = fc.oneof(
    fc.constantFrom(...GOOD),
    fc.string({ maxLength: 40 }),
    fc.tuple(fc.constantFrom('mx', 'mode', 'x'), fc.string({ maxLength: 40 })).map(([key, value]) => `${key}: ${value}`),
  );
  let policies = 0;
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (all) => {
      const policy = parseStsPolicy(all.join('\n'));
      if (policy !== null) policies++;
      if (policy !== null && policy.mode !== 'none' && policy.mx.length === 0) throw new Error('no host');
    }),
    { seed: 20261122, numRuns: 3000 },
  );
  t.ok(policies > 0, `some were policies: ${policies}`);
  for (const text of [
    `x: a${' '.repeat(65_000)}\u0007`,
    `x:${' \t'.repeat(32_000)}`,
    'mx: '.padEnd(65_000, 'a-'),
    'a:b\n'.repeat(16_000),
    '\r'.repeat(65_000),
  ]) {
    const start = process.cpuUsage();
    t.equal(parseStsPolicy(text), null);
    const { user } = process.cpuUsage(start);
    t.ok(user < 1_000_000, `${user} microseconds of CPU time`);
  }
});
