// Kinds of values: how each is read, and what is refused.
import t from 'tap';
import {
  addressPattern,
  addressRange,
  date,
  dnsServer,
  domainPattern,
  finalDomains,
  headerName,
  hostname,
  httpsUrl,
  ipAddress,
  mailbox,
  selector,
  sha256,
  shortName,
} from '../../src/config/mail-kind.ts';
import { count, duration, factor, holdTerm, listOf, oneOf, port, ratio, size, text } from '../../src/config/value-kind.ts';
import type { ValueKind } from '../../src/config/value-kind.ts';

const REFUSED = Symbol('refused');
const read = (kind: ValueKind<unknown>, given: unknown): unknown => {
  const result = kind.schema.safeParse(given);
  return result.success ? result.data : REFUSED;
};

const HEX = 'ab'.repeat(32);
const CASES: readonly (readonly [name: string, kind: ValueKind<unknown>, given: readonly (readonly [given: unknown, value: unknown])[]])[] =
  [
    [
      'duration',
      duration,
      [
        ['30s', 30_000],
        ['15m', 900_000],
        ['24h', 86_400_000],
        ['1.5h', 5_400_000],
        ['7d', 604_800_000],
        ['2w', 1_209_600_000],
        ['250ms', 250],
        ['6y', 6 * 366 * 86_400_000],
        ['0s', 0],
        ['10 m', 600_000],
        ['24', REFUSED],
        [24, REFUSED],
        ['24H', REFUSED],
        ['-1h', REFUSED],
        ['1h30m', REFUSED],
        ['1000y', REFUSED],
        ['', REFUSED],
        ['99999999999999999999s', REFUSED],
        ['1constructor', REFUSED],
      ],
    ],
    [
      'holdTerm',
      holdTerm,
      [
        ['2wd', { workingDays: 2 }],
        ['2 working days', { workingDays: 2 }],
        ['24h', { clockMs: 86_400_000 }],
        ['2 days', REFUSED],
        [2, REFUSED],
      ],
    ],
    [
      'httpsUrl',
      httpsUrl,
      [
        ['https://mail.clinic.example/unsubscribe', 'https://mail.clinic.example/unsubscribe'],
        ['https://mail.clinic.example/u//', 'https://mail.clinic.example/u'],
        ['HTTPS://Mail.Clinic.Example:8443/U', 'https://mail.clinic.example:8443/U'],
        ['https://mail.clinic.example:443', 'https://mail.clinic.example'],
        ['http://mail.clinic.example/u', REFUSED],
        ['https://mail/u', REFUSED],
        ['https://192.0.2.1/u', REFUSED],
        ['https://ann@mail.clinic.example/u', REFUSED],
        ['https://mail.clinic.example/u?x=1', REFUSED],
        ['https://mail.clinic.example/u#x', REFUSED],
        ['https://mail.clinic.example/u>,<mailto:x', REFUSED],
        ['https://mail.clinic.example/u\r\nBcc: x', REFUSED],
        ['https://mail.clinic.example:99999/', REFUSED],
        [7, REFUSED],
      ],
    ],
    [
      'size',
      size,
      [
        ['50MB', 50_000_000],
        ['50MiB', 52_428_800],
        ['200kB', 200_000],
        ['1.5GB', 1_500_000_000],
        ['12B', 12],
        [50, REFUSED],
        ['50', REFUSED],
        ['50mb', REFUSED],
        ['50M', REFUSED],
        ['999999999999TB', REFUSED],
      ],
    ],
    [
      'port',
      port,
      [
        [0, 0],
        [465, 465],
        [65_535, 65_535],
        [65_536, REFUSED],
        [-1, REFUSED],
        [25.5, REFUSED],
        ['25', REFUSED],
        [Number.NaN, REFUSED],
      ],
    ],
    [
      'count',
      count(1, 10),
      [
        [1, 1],
        [10, 10],
        [0, REFUSED],
        [11, REFUSED],
        [Infinity, REFUSED],
        [true, REFUSED],
      ],
    ],
    [
      'ratio',
      ratio,
      [
        [0, 0],
        [0.2, 0.2],
        [1, 1],
        [1.1, REFUSED],
        ['0.2', REFUSED],
      ],
    ],
    [
      'factor',
      factor,
      [
        [1, 1],
        [2.5, 2.5],
        [0.5, REFUSED],
      ],
    ],
    [
      'text',
      text('a line', 10),
      [
        ['ten chars!', 'ten chars!'],
        ['', REFUSED],
        ['eleven chars', REFUSED],
        ['two\nlines', REFUSED],
        ['bell\u0007', REFUSED],
        ['\u202Eabc', REFUSED],
        [5, REFUSED],
      ],
    ],
    [
      'word',
      oneOf('hold', 'return'),
      [
        ['hold', 'hold'],
        ['Hold', REFUSED],
        [true, REFUSED],
      ],
    ],
    [
      'list',
      listOf(mailbox, 'addresses', 1),
      [
        [['a@b.example'], ['a@b.example']],
        ['a@b.example', ['a@b.example']],
        [[], REFUSED],
        [['a'], REFUSED],
        [{ 0: 'a@b.example' }, REFUSED],
      ],
    ],
    [
      'host name',
      hostname,
      [
        ['Mail.Clinic.Example', 'mail.clinic.example'],
        ['praxis-müller.example', 'xn--praxis-mller-klb.example'],
        ['localhost', REFUSED],
        ['10.1.2.3', REFUSED],
        ['[10.1.2.3]', REFUSED],
        ['a..example', REFUSED],
        ['-a.example', REFUSED],
        ['a.example.', REFUSED],
      ],
    ],
    [
      'domain pattern',
      domainPattern,
      [
        ['*', '*'],
        ['*.Clinic.example', '*.clinic.example'],
        ['clinic.example', 'clinic.example'],
        ['*clinic.example', REFUSED],
        ['a.*.example', REFUSED],
        ['', REFUSED],
      ],
    ],
    [
      'mailbox',
      mailbox,
      [
        ['Ann@Clinic.Example', 'Ann@clinic.example'],
        ['ann', REFUSED],
        ['ann@[10.0.0.1]', REFUSED],
        ['a b@c.example', REFUSED],
      ],
    ],
    [
      'address pattern',
      addressPattern,
      [
        ['*', '*'],
        ['<>', '<>'],
        ['*@Clinic.Example', '*@clinic.example'],
        ['*@*.clinic.example', '*@*.clinic.example'],
        ['Ann@clinic.example', 'ann@clinic.example'],
        ['ann*@clinic.example', REFUSED],
        ['clinic.example', REFUSED],
        ['@clinic.example', REFUSED],
      ],
    ],
    [
      'IP address',
      ipAddress,
      [
        ['127.0.0.1', '127.0.0.1'],
        ['::1', '::1'],
        ['127.0.0.256', REFUSED],
        ['localhost', REFUSED],
        ['010.1.1.1', REFUSED],
      ],
    ],
    [
      'range',
      addressRange,
      [
        ['10.1.0.0/16', '10.1.0.0/16'],
        ['10.1.2.3', '10.1.2.3/32'],
        ['2001:db8::/32', '2001:db8::/32'],
        ['2001:db8::1', '2001:db8::1/128'],
        ['0.0.0.0/0', REFUSED],
        ['10.1.2.3/8', REFUSED],
        ['2001:db8::1/32', REFUSED],
        ['192.168.5.0/22', REFUSED],
        ['192.168.4.0/22', '192.168.4.0/22'],
        ['10.0.0.0/7', REFUSED],
        ['::/0', REFUSED],
        ['2001::/15', REFUSED],
        ['10.0.0.0/33', REFUSED],
        ['10.0.0.0/8/8', REFUSED],
        ['10.0.0.0/', REFUSED],
        ['10.0.0.0/ 8', REFUSED],
      ],
    ],
    [
      'name server',
      dnsServer,
      [
        ['127.0.0.1', '127.0.0.1'],
        ['127.0.0.1:5353', '127.0.0.1:5353'],
        ['::1', '::1'],
        ['[::1]:53', '[::1]:53'],
        ['[::1]', REFUSED],
        ['127.0.0.1:0', REFUSED],
        ['127.0.0.1:99999', REFUSED],
        ['dns.example', REFUSED],
      ],
    ],
    [
      'fingerprint',
      sha256,
      [
        [HEX, HEX],
        [HEX.toUpperCase().match(/../g)?.join(':'), HEX],
        [HEX.slice(2), REFUSED],
        [`${HEX.slice(1)}g`, REFUSED],
      ],
    ],
    [
      'header field name',
      headerName,
      [
        ['X-Clinic-Tenant', 'X-Clinic-Tenant'],
        ['X Clinic', REFUSED],
        ['X:', REFUSED],
        ['', REFUSED],
        ['X\r\nY', REFUSED],
      ],
    ],
    [
      'selector',
      selector,
      [
        ['postern-2026', 'postern-2026'],
        ['s1.clinic', 's1.clinic'],
        ['_x', REFUSED],
      ],
    ],
    [
      'short name',
      shortName,
      [
        ['lab-system', 'lab-system'],
        ['lab system', REFUSED],
        ['-lab', REFUSED],
        ['l'.repeat(41), REFUSED],
        ['läb', REFUSED],
      ],
    ],
    [
      'date',
      date,
      [
        ['2026-11-30', '2026-11-30'],
        ['2026-02-30', REFUSED],
        ['30.11.2026', REFUSED],
        ['2026-11-30T00:00', REFUSED],
      ],
    ],
    [
      'final for',
      finalDomains,
      [
        ['all', 'all'],
        [
          ['clinic.example', '*.clinic.example'],
          ['clinic.example', '*.clinic.example'],
        ],
        [[], []],
        ['clinic.example', REFUSED],
        [['a b'], REFUSED],
        [true, REFUSED],
      ],
    ],
  ];

for (const [name, kind, given] of CASES) {
  await t.test(name, async (t) => {
    for (const [value, expected] of given) t.same(read(kind, value), expected, JSON.stringify(value) ?? 'undefined');
    for (const odd of [null, undefined, {}, () => 1]) t.equal(read(kind, odd), REFUSED, odd === null ? 'null' : typeof odd);
  });
}
