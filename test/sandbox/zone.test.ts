// DNS and MTA-STS of the sandbox by themselves: what each name answers, and that only the DANE domains are signed.
import t from 'tap';
import type { RecordType } from '../../src/dns/resolver.ts';
import { fetchSandboxPolicy, stsId, stsPolicy } from '../../src/sandbox/sts.ts';
import { sandboxResolver } from '../../src/sandbox/zone.ts';

const TLSA = { usage: 3, selector: 1, matchingType: 1, data: Uint8Array.of(1, 2, 3) };
const resolver = sandboxResolver(
  2525,
  new Map([
    ['mx.dane.test', TLSA],
    ['mx.dane-bad.test', TLSA],
  ]),
);

const RECORDS: readonly (readonly [name: string, type: RecordType, records: readonly unknown[], signed: boolean])[] = [
  ['good.test', 'MX', [{ preference: 10, exchange: 'mx.good.test' }], false],
  ['Good.TEST.', 'MX', [{ preference: 10, exchange: 'mx.good.test' }], false],
  ['mx.good.test', 'A', ['127.0.1.1'], false],
  ['mx.full.test', 'A', ['127.0.1.8'], false],
  ['dane.test', 'MX', [{ preference: 10, exchange: 'mx.dane.test' }], true],
  ['mx.dane.test', 'A', ['127.0.1.9'], true],
  ['_2525._tcp.mx.dane.test', 'TLSA', [TLSA], true],
  ['_2525._tcp.mx.dane-bad.test', 'TLSA', [TLSA], true],
  ['null-mx.test', 'MX', [{ preference: 0, exchange: '.' }], false],
  ['_mta-sts.mta-sts.test', 'TXT', [`v=STSv1; id=${stsId('mta-sts.test')};`], false],
  ['clinic.example', 'MX', [{ preference: 10, exchange: 'mx.good.test' }], false],
  ['xn--exmple-cua.org', 'MX', [{ preference: 10, exchange: 'mx.good.test' }], false],
];

await t.test('records', async (t) => {
  for (const [name, type, records, authenticated] of RECORDS) {
    t.match(await resolver.query(name, type), { kind: 'records', records, authenticated }, `${name} ${type}`);
  }
});

const ABSENT: readonly (readonly [name: string, type: RecordType, kind: 'no-data' | 'no-name', signed: boolean])[] = [
  ['no-such.test', 'MX', 'no-name', false],
  ['no-such.test', 'A', 'no-name', false],
  ['mx.no-such.test', 'A', 'no-name', false],
  ['mx.good.test', 'AAAA', 'no-data', false],
  ['good.test', 'A', 'no-data', false],
  ['good.test', 'CNAME', 'no-data', false],
  ['_25._tcp.mx.dane.test', 'TLSA', 'no-name', true],
  ['_2525._tcp.mx.good.test', 'TLSA', 'no-name', false],
  ['_mta-sts.good.test', 'TXT', 'no-name', false],
  ['_mta-sts.dane.test', 'TXT', 'no-name', true],
  ['_mta-sts.clinic.example', 'TXT', 'no-name', false],
  ['clinic.example', 'A', 'no-data', false],
  ['not-dane.test', 'A', 'no-data', false],
  ['', 'MX', 'no-name', false],
];

await t.test('what is not there', async (t) => {
  for (const [name, type, kind, authenticated] of ABSENT)
    t.match(await resolver.query(name, type), { kind, authenticated }, `${name} ${type}`);
  t.equal(resolver.validating, 'yes');
});

await t.test('policies', async (t) => {
  t.match(await fetchSandboxPolicy('mta-sts.test'), {
    kind: 'policy',
    policy: { mode: 'enforce', mx: ['mx.mta-sts.test'], maxAgeSeconds: 86400 },
  });
  t.match(await fetchSandboxPolicy('mta-sts-bad.test'), { kind: 'policy', policy: { mode: 'enforce', mx: ['mx.mta-sts-bad.test'] } });
  t.match(await fetchSandboxPolicy('good.test'), { kind: 'failed', reason: 'bad-status' });
  t.equal(stsPolicy('mta-sts.test'), 'version: STSv1\r\nmode: enforce\r\nmx: mx.mta-sts.test\r\nmax_age: 86400\r\n');
  t.match(stsId('mta-sts.test'), /^[0-9a-f]{1,32}$/, 'RFC 8461 3.1: at most 32 letters and digits');
  t.not(stsId('mta-sts.test'), stsId('mta-sts-bad.test'));
});
