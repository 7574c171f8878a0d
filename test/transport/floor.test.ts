// Every combination of certificate, ground of trust, what the domain publishes, credentials, floor, REQUIRETLS, reach and offer. The tables are
// written out from DESIGN.md section 3; the laws are checked over all combinations.
import t from 'tap';
import type { AppliedFloor, NextHop, Tlsa } from '../../src/mail/next-hop.ts';
import {
  type CertificateVerdict,
  meetsFloor,
  type NextHopAuthenticity,
  PROTECTIONS,
  TLS_FLOORS,
  type TlsLevel,
} from '../../src/mail/tls.ts';
import { type HopTrust, judgeOffer, judgeTls, levelOf, mayGoInClear } from '../../src/transport/floor.ts';

const VERDICTS: readonly CertificateVerdict[] = [
  'chain-and-name',
  'dane-ee',
  'dane-ta',
  'untrusted-chain',
  'wrong-name',
  'expired',
  'not-yet-valid',
  'revoked',
  'dane-mismatch',
  'not-checked',
];
const GROUNDS: readonly NextHopAuthenticity[] = ['configured', 'dnssec', 'mta-sts', 'unsigned'];
const REACHES: readonly NextHop['reach'][] = ['recipient-domain', 'smarthost-only', 'onward-enforced', 'onward-requiretls'];
const PUBLISHED: readonly NextHop['published'][] = [null, 'dane', 'mta-sts'];
const RECORD: Tlsa = { usage: 3, selector: 1, matchingType: 1, data: new Uint8Array(32) };
const TLSA: readonly NextHop['tlsa'][] = [null, [], [RECORD]];
const isDane = (verdict: CertificateVerdict): boolean => verdict === 'dane-ee' || verdict === 'dane-ta';
const isGood = (verdict: CertificateVerdict): boolean => isDane(verdict) || verdict === 'chain-and-name';

const HOP: HopTrust = {
  tls: 'starttls',
  authenticity: 'unsigned',
  tlsa: null,
  published: null,
  reach: 'recipient-domain',
  credentials: null,
};

await t.test('levels', async (t) => {
  const table: Readonly<Record<CertificateVerdict, readonly [configured: TlsLevel, dnssec: TlsLevel, sts: TlsLevel, unsigned: TlsLevel]>> =
    {
      'chain-and-name': ['tls-authenticated', 'tls-authenticated', 'tls-authenticated', 'tls-verified'],
      'dane-ee': ['tls-authenticated', 'tls-authenticated', 'tls-authenticated', 'tls-verified'],
      'dane-ta': ['tls-authenticated', 'tls-authenticated', 'tls-authenticated', 'tls-verified'],
      'untrusted-chain': ['tls', 'tls', 'tls', 'tls'],
      'wrong-name': ['tls', 'tls', 'tls', 'tls'],
      expired: ['tls', 'tls', 'tls', 'tls'],
      'not-yet-valid': ['tls', 'tls', 'tls', 'tls'],
      revoked: ['tls', 'tls', 'tls', 'tls'],
      'dane-mismatch': ['tls', 'tls', 'tls', 'tls'],
      'not-checked': ['none', 'none', 'none', 'none'],
    };
  for (const verdict of VERDICTS)
    for (const [i, ground] of GROUNDS.entries()) t.equal(levelOf(verdict, ground), table[verdict][i], `${verdict}, ${ground}`);
});

await t.test('a floor and what has been found', async (t) => {
  // Nothing published, no credentials, no REQUIRETLS.
  const table: readonly (readonly [CertificateVerdict, NextHopAuthenticity, readonly AppliedFloor['floor'][]])[] = [
    ['not-checked', 'configured', []],
    ['untrusted-chain', 'configured', ['tls']],
    ['expired', 'mta-sts', ['tls']],
    ['chain-and-name', 'unsigned', ['tls', 'tls-verified']],
    ['chain-and-name', 'dnssec', ['tls', 'tls-verified', 'tls-authenticated']],
    ['chain-and-name', 'mta-sts', ['tls', 'tls-verified', 'tls-authenticated']],
    ['chain-and-name', 'configured', ['tls', 'tls-verified', 'tls-authenticated']],
  ];
  for (const [verdict, authenticity, met] of table) {
    for (const floor of TLS_FLOORS) {
      const judged = judgeTls({ ...HOP, authenticity }, verdict, { floor, requireTls: false });
      t.equal(judged.kind, met.includes(floor) ? 'good' : 'missed', `${verdict}, ${authenticity}, floor ${floor}`);
    }
  }
});

await t.test('what a domain publishes, whatever the floor', async (t) => {
  const table: readonly (readonly [published: NextHop['published'], tlsa: NextHop['tlsa'], good: readonly CertificateVerdict[]])[] = [
    ['mta-sts', null, ['chain-and-name']],
    // Usable TLSA records override MTA-STS and the trust anchors.
    ['mta-sts', [RECORD], ['dane-ee', 'dane-ta']],
    ['dane', [RECORD], ['dane-ee', 'dane-ta']],
    [null, [RECORD], ['dane-ee', 'dane-ta']],
    // Records that cannot be used: TLS, unauthenticated (RFC 7672 2.2).
    ['dane', [], VERDICTS.filter((verdict) => verdict !== 'not-checked')],
    // Says DANE and has no records: a contradiction, so nothing.
    ['dane', null, []],
  ];
  for (const [published, tlsa, good] of table) {
    for (const verdict of VERDICTS) {
      const judged = judgeTls({ ...HOP, authenticity: 'dnssec', published, tlsa }, verdict, { floor: 'tls', requireTls: false });
      const records = tlsa === null ? 'no records' : `${tlsa.length} usable`;
      t.equal(judged.kind, good.includes(verdict) ? 'good' : 'missed', `${published ?? 'nothing'} (${records}), ${verdict}`);
    }
  }
});

await t.test('laws of the certificate, over all combinations', async (t) => {
  let seen = 0;
  for (const hop of hops()) {
    for (const verdict of VERDICTS) {
      for (const floor of PROTECTIONS) {
        for (const requireTls of [false, true]) {
          seen++;
          const judged = judgeTls(hop, verdict, { floor, requireTls });
          const level = levelOf(verdict, hop.authenticity);
          const inForce = hop.tlsa?.length === 1;
          const bound = hop.published !== null || hop.tlsa !== null || hop.credentials !== null || hop.tls === 'implicit' || requireTls;
          const against = [
            level === 'none' && (floor !== 'opportunistic' || bound) && 'in clear',
            !meetsFloor(level, floor) && 'below the floor',
            floor === 'sealed' && 'no connection is sealed',
            hop.credentials !== null && !isGood(verdict) && 'credentials over unverified TLS',
            inForce && !isDane(verdict) && 'DANE in force and not met',
            !inForce && hop.published === 'mta-sts' && verdict !== 'chain-and-name' && 'MTA-STS enforce not met',
            !inForce && hop.published === 'dane' && hop.tlsa === null && 'DANE without records',
          ].filter((reason) => reason !== false);
          const unauthenticated = requireTls && level !== 'tls-authenticated';
          const expected = against.length > 0 ? 'delivery.below-floor' : unauthenticated ? 'delivery.requiretls-missing' : 'good';
          const found = judged.kind === 'good' ? 'good' : judged.code;
          if (found !== expected || judged.level !== level)
            t.fail(`${JSON.stringify({ hop, verdict, floor, requireTls })}: ${found}, not ${expected}`);
        }
      }
    }
  }
  t.equal(seen, 4 * 3 * 3 * 4 * 2 * 2 * 10 * 5 * 2);
});

await t.test('in clear: no floor at all, and nothing that speaks against it', async (t) => {
  const free = { floor: 'opportunistic', requireTls: false } as const;
  const table: readonly (readonly [string, Partial<HopTrust>, AppliedFloor, boolean])[] = [
    ['nothing against it', {}, free, true],
    ['a smarthost', { reach: 'smarthost-only', authenticity: 'configured' }, free, true],
    ['DANE', { published: 'dane', tlsa: [RECORD] }, free, false],
    ['DANE records, whoever says so', { tlsa: [RECORD] }, free, false],
    ['DANE records that cannot be used', { tlsa: [] }, free, false],
    ['DANE without records', { published: 'dane' }, free, false],
    ['MTA-STS enforce', { published: 'mta-sts' }, free, false],
    ['credentials', { credentials: 'smarthost' }, free, false],
    ['implicit TLS', { tls: 'implicit' }, free, false],
    ['REQUIRETLS', {}, { ...free, requireTls: true }, false],
    ...TLS_FLOORS.map((floor) => [`floor ${floor}`, {}, { floor, requireTls: false }, false] as const),
  ];
  for (const [name, changes, applied, may] of table) t.equal(mayGoInClear({ ...HOP, ...changes }, applied), may, name);
});

await t.test('no floor at all asks nothing of the way beyond a smarthost', async (t) => {
  const free = { floor: 'opportunistic', requireTls: false } as const;
  for (const reach of REACHES) {
    for (const level of ['none', 'tls', 'tls-authenticated'] as const) {
      for (const offered of ['offered', 'not-offered'] as const) {
        t.same(
          judgeOffer({ ...HOP, reach }, level, free, offered),
          { kind: 'good', reach, requireTls: 'leave' },
          `${reach}, ${level}, ${offered}`,
        );
      }
    }
  }
  const asked = { ...free, requireTls: true };
  const hop = { ...HOP, reach: 'smarthost-only' } as const;
  t.match(judgeOffer(hop, 'tls-authenticated', asked, 'offered'), { kind: 'good', requireTls: 'ask' }, 'REQUIRETLS binds all the same');
  t.match(judgeOffer(hop, 'tls', asked, 'offered'), { kind: 'missed', code: 'delivery.requiretls-missing' });
  t.match(judgeOffer(hop, 'none', asked, 'not-offered'), { kind: 'missed', code: 'delivery.requiretls-missing' });
});

await t.test('REQUIRETLS needs an authenticated next hop', async (t) => {
  for (const authenticity of GROUNDS) {
    const judged = judgeTls({ ...HOP, authenticity }, 'chain-and-name', { floor: 'tls', requireTls: true });
    t.match(judged, authenticity === 'unsigned' ? { kind: 'missed', code: 'delivery.requiretls-missing' } : { kind: 'good' }, authenticity);
  }
  t.match(
    judgeTls(HOP, 'expired', { floor: 'tls-verified', requireTls: true }),
    { kind: 'missed', code: 'delivery.below-floor' },
    'the floor is named first',
  );
});

await t.test('the way to the recipient, once the offer is known', async (t) => {
  const good = (reach: NextHop['reach'], requireTls: 'ask' | 'leave'): object => ({ kind: 'good', reach, requireTls });
  const below = { kind: 'missed', code: 'delivery.below-floor' };
  const missing = { kind: 'missed', code: 'delivery.requiretls-missing' };
  // [reach, asked for, offered, result at tls-authenticated, result at tls-verified]
  const table: readonly (readonly [NextHop['reach'], boolean, 'offered' | 'not-offered', object, object])[] = [
    ['recipient-domain', false, 'not-offered', good('recipient-domain', 'leave'), good('recipient-domain', 'leave')],
    ['recipient-domain', false, 'offered', good('recipient-domain', 'leave'), good('recipient-domain', 'leave')],
    ['recipient-domain', true, 'offered', good('recipient-domain', 'ask'), missing],
    ['recipient-domain', true, 'not-offered', missing, missing],
    ['onward-enforced', false, 'not-offered', good('onward-enforced', 'leave'), good('onward-enforced', 'leave')],
    ['onward-enforced', false, 'offered', good('onward-enforced', 'leave'), good('onward-enforced', 'leave')],
    ['onward-enforced', true, 'offered', good('onward-enforced', 'ask'), missing],
    ['onward-enforced', true, 'not-offered', missing, missing],
    // Beyond a smarthost the way is unknown: no floor is met, unless it takes REQUIRETLS.
    ['smarthost-only', false, 'not-offered', below, below],
    ['smarthost-only', false, 'offered', good('onward-requiretls', 'ask'), below],
    ['smarthost-only', true, 'offered', good('onward-requiretls', 'ask'), missing],
    ['smarthost-only', true, 'not-offered', missing, missing],
    ['onward-requiretls', false, 'not-offered', below, below],
    ['onward-requiretls', false, 'offered', good('onward-requiretls', 'ask'), below],
    ['onward-requiretls', true, 'offered', good('onward-requiretls', 'ask'), missing],
    ['onward-requiretls', true, 'not-offered', missing, missing],
  ];
  for (const [reach, requireTls, offered, authenticated, verified] of table) {
    for (const floor of TLS_FLOORS) {
      const name = `${reach}, ${requireTls ? 'asked for' : 'not asked for'}, ${offered}, floor ${floor}`;
      t.same(judgeOffer({ ...HOP, reach }, 'tls-authenticated', { floor, requireTls }, offered), authenticated, `${name}, authenticated`);
      t.same(judgeOffer({ ...HOP, reach }, 'tls-verified', { floor, requireTls }, offered), verified, `${name}, verified`);
    }
  }
});

function* hops(): Generator<HopTrust> {
  for (const authenticity of GROUNDS)
    for (const published of PUBLISHED)
      for (const tlsa of TLSA)
        for (const reach of REACHES)
          for (const credentials of [null, 'smarthost'])
            for (const tls of ['starttls', 'implicit'] as const) yield { tls, authenticity, published, tlsa, reach, credentials };
}
