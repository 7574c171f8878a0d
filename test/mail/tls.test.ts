// TLS levels: their order, which floor each meets, and that no word means "plaintext is fine".
import t from 'tap';
import { meetsFloor, noTls, TLS_FLOORS, TLS_LEVELS } from '../../src/mail/tls.ts';
import type { TlsFloor, TlsLevel } from '../../src/mail/tls.ts';

const MEETS: Readonly<Record<TlsLevel, readonly TlsFloor[]>> = {
  none: [],
  tls: ['tls'],
  'tls-verified': ['tls', 'tls-verified'],
  'tls-authenticated': ['tls', 'tls-verified', 'tls-authenticated'],
  sealed: ['tls', 'tls-verified', 'tls-authenticated', 'sealed'],
};

await t.test('which floor a level meets', async (t) => {
  for (const level of TLS_LEVELS) {
    t.same(
      TLS_FLOORS.filter((floor) => meetsFloor(level, floor)),
      MEETS[level],
      level,
    );
  }
});

await t.test('plaintext meets no floor', async (t) => {
  t.notOk((TLS_FLOORS as readonly string[]).includes('none'));
  t.same(
    TLS_FLOORS.filter((floor) => meetsFloor(noTls('unsigned').level, floor)),
    [],
  );
});

await t.test('evidence of a way without TLS', async (t) => {
  t.same(noTls('mta-sts'), {
    level: 'none',
    protocol: null,
    cipher: null,
    group: null,
    certificate: 'not-checked',
    authenticity: 'mta-sts',
    leafSha256: null,
    reach: 'recipient-domain',
  });
});
