// Mailboxes: what is one and what only looks like one, the canonical form, and patterns of the configuration.
import fc from 'fast-check';
import t from 'tap';
import { canonicalAddress, canonicalDomain, domainOf, isAscii, matchesAddress, parseMailbox } from '../../src/mail/address.ts';

const L64 = 'a'.repeat(64);
const LABEL63 = 'b'.repeat(63);

const GOOD: readonly (readonly [name: string, address: string, localPart: string, domain: string])[] = [
  ['plain', 'ann@example.org', 'ann', 'example.org'],
  ['case is kept left of the at-sign, folded right of it', 'Ann@EXAMPLE.Org', 'Ann', 'example.org'],
  ['sub-address', 'ann+lab@example.org', 'ann+lab', 'example.org'],
  ['dots inside', 'ann.b.c@example.org', 'ann.b.c', 'example.org'],
  ['every atom character', "!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~", 'example.org'],
  ['quoted with a space', '"ann b"@example.org', '"ann b"', 'example.org'],
  ['quoted at-sign', '"a@b"@example.org', '"a@b"', 'example.org'],
  ['quoted pair', String.raw`"a\"b\\"@example.org`, String.raw`"a\"b\\"`, 'example.org'],
  ['quoted and empty', '""@example.org', '""', 'example.org'],
  ['local part of 64 octets', `${L64}@example.org`, L64, 'example.org'],
  ['label of 63', `a@${LABEL63}.org`, 'a', `${LABEL63}.org`],
  ['one label', 'ann@localhost', 'ann', 'localhost'],
  ['digits in a label that is not the last', 'ann@127.0.0.example', 'ann', '127.0.0.example'],
  ['A-label', 'ann@xn--exmple-cua.org', 'ann', 'xn--exmple-cua.org'],
  ['U-label becomes an A-label', 'ann@exämple.org', 'ann', 'xn--exmple-cua.org'],
  ['sharp s is its own letter (RFC 5892)', 'ann@faß.de', 'ann', 'xn--fa-hia.de'],
  ['ideographic full stop', 'ann@example。org', 'ann', 'example.org'],
  ['internationalised local part', 'jörg@example.org', 'jörg', 'example.org'],
  ['internationalised quoted local part', '"jörg b"@example.org', '"jörg b"', 'example.org'],
  ['outside the basic plane', '😀@example.org', '😀', 'example.org'],
  ['IPv4 literal', 'ann@[192.0.2.1]', 'ann', '[192.0.2.1]'],
  ['IPv6 literal', 'ann@[IPv6:2001:db8::1]', 'ann', '[IPv6:2001:db8::1]'],
];

const BAD: readonly (readonly [name: string, address: string])[] = [
  ['empty', ''],
  ['no at-sign', 'ann'],
  ['nothing left of it', '@example.org'],
  ['nothing right of it', 'ann@'],
  ['two at-signs', 'ann@b@example.org'],
  ['percent hack is an atom, but not two at-signs', 'ann%b@c@example.org'],
  ['leading dot', '.ann@example.org'],
  ['trailing dot', 'ann.@example.org'],
  ['double dot', 'a..b@example.org'],
  ['space', 'a b@example.org'],
  ['angle bracket', 'ann>@example.org'],
  ['source route', '@relay.example:ann@example.org'],
  ['comma', 'a,b@example.org'],
  ['CRLF in the local part', 'ann\r\nRCPT TO:<x@example.org'],
  ['CRLF and a command', 'ann\r\nDATA@example.org'],
  ['line feed at the end', 'ann@example.org\n'],
  ['NUL', 'ann\0@example.org'],
  ['NUL in the domain', 'ann@exam\0ple.org'],
  ['tab quoted', '"a\tb"@example.org'],
  ['line feed quoted', '"a\nb"@example.org'],
  ['quoted pair of a line feed', '"a\\\nb"@example.org'],
  ['open quotation', '"ann@example.org'],
  ['quotation mark inside', 'a"b@example.org'],
  ['text after the quotation', '"a"b@example.org'],
  ['local part of 65 octets', `${L64}a@example.org`],
  ['local part of 64 characters and 65 octets', `${'a'.repeat(63)}ä@example.org`],
  ['label of 64', `a@${LABEL63}b.org`],
  ['domain over 255', `a@${`${LABEL63}.`.repeat(4)}example`],
  ['huge', `a@${'ä.'.repeat(500_000)}org`],
  ['trailing dot of the root', 'ann@example.org.'],
  ['empty label', 'ann@example..org'],
  ['hyphen first', 'ann@-example.org'],
  ['hyphen last', 'ann@example-.org'],
  ['underscore', 'ann@ex_ample.org'],
  ['IP number without brackets', 'ann@192.0.2.1'],
  ['last label of digits', 'ann@example.1'],
  ['IP number in full-width digits', 'ann@１２７.0.0.1'],
  ['literal with a name in it', 'ann@[example.org]'],
  ['literal left open', 'ann@[192.0.2.1'],
  ['CRLF in an internationalised domain', 'ann@exä\r\nmple.org'],
  ['tab in an internationalised domain', 'ann@exä\tmple.org'],
  ['path behind an internationalised domain', 'ann@exämple.org/evil'],
  ['query behind an internationalised domain', 'ann@exämple.org?evil'],
  ['fragment behind an internationalised domain', 'ann@exämple.org#evil'],
  ['port behind an internationalised domain', 'ann@exämple.org:25'],
  ['percent-encoded dot', 'ann@exämple%2eorg'],
  ['backslash', 'ann@ä\\example.org'],
  ['A-label that is none', 'ann@ä.xn--a'],
  ['zero width joiner out of place', 'ann@ä.\u200dx.org'],
  ['right-to-left override', 'ann\u202egro.elpmaxe@example.org'],
  ['next-line control character', 'ann\u0085b@example.org'],
  ['line separator', 'ann\u2028b@example.org'],
  ['lone surrogate', 'ann\ud800@example.org'],
  ['lone surrogate in the domain', 'ann@ex\udc00.org'],
];

await t.test('mailboxes', async (t) => {
  for (const [name, address, localPart, domain] of GOOD) t.same(parseMailbox(address), { localPart, domain }, name);
});

await t.test('not mailboxes', async (t) => {
  for (const [name, address] of BAD) t.equal(parseMailbox(address), null, name);
});

await t.test('a mailbox never holds what could end a command', async (t) => {
  const hostile = fc.constantFrom(
    '\r',
    '\n',
    '\0',
    '<',
    '>',
    ' ',
    '@',
    '"',
    '\\',
    '.',
    'ä',
    'a',
    'xn--',
    '%0d',
    '\u2028',
    '/',
    ':',
    '[',
    ']',
    '1',
  );
  const any = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(hostile, { maxLength: 20 }).map((parts) => parts.join('')),
  );
  const address = fc.tuple(any, fc.constantFrom('@', ''), any).map((parts) => parts.join(''));
  fc.assert(
    fc.property(address, (text) => {
      const mailbox = parseMailbox(text);
      if (mailbox === null) return;
      if (/[\x00-\x1f\x7f-\x9f\u2028\u2029]/.test(text)) throw new Error('control character let through');
      if (!isAscii(mailbox.domain)) throw new Error('domain is not in A-labels');
      if (canonicalDomain(mailbox.domain) !== mailbox.domain) throw new Error('canonical form is not stable');
      if (!mailbox.localPart.startsWith('"') && /[<>\s@"]/.test(mailbox.localPart)) throw new Error('special character outside quotes');
      if (text !== `${mailbox.localPart}@${text.slice(mailbox.localPart.length + 1)}`)
        throw new Error('split elsewhere than at an at-sign');
    }),
    { seed: 20261122, numRuns: 20_000 },
  );
  t.pass('20,000 texts');
});

await t.test('well-made mailboxes are taken', async (t) => {
  const atom = fc.string({ unit: fc.constantFrom(...'abcXYZ019!#$%&*+-/=?^_'), minLength: 1, maxLength: 12 });
  const label = fc.string({ unit: fc.constantFrom(...'abcXYZ019'), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.array(atom, { minLength: 1, maxLength: 4 }), fc.array(label, { maxLength: 4 }), (atoms, labels) => {
      const domain = [...labels, 'test'].join('.');
      const mailbox = parseMailbox(`${atoms.join('.')}@${domain}`);
      return mailbox?.localPart === atoms.join('.') && mailbox.domain === domain.toLowerCase();
    }),
    { seed: 20261122, numRuns: 2_000 },
  );
  t.pass('2,000 mailboxes');
});

await t.test('canonical forms', async (t) => {
  t.equal(canonicalDomain('Example.ORG'), 'example.org');
  t.equal(canonicalDomain('exämple.org'), canonicalDomain('xn--EXMPLE-cua.ORG'));
  t.equal(canonicalDomain(''), null);
  t.equal(canonicalDomain('[IPv6:::1]'), '[IPv6:::1]');
  t.equal(domainOf('ann@Exämple.org'), 'xn--exmple-cua.org');
  t.equal(domainOf('"a@b"@Example.org'), 'example.org');
  t.equal(domainOf('ann@not_a_domain'), '');
  t.equal(canonicalAddress('Ann@Example.ORG'), 'ann@example.org');
  t.equal(canonicalAddress('Ann@exämple.org'), 'ann@xn--exmple-cua.org');
  t.equal(canonicalAddress('Postmaster'), 'postmaster');
  t.equal(isAscii('a\x7f'), true);
  t.equal(isAscii('a\x80'), false);
});

const PATTERNS: readonly (readonly [name: string, pattern: string, address: string, matches: boolean])[] = [
  ['the very address', 'ann@example.org', 'ann@example.org', true],
  ['whatever case', 'Ann@Example.org', 'aNN@eXample.org', true],
  ['another local part', 'ann@example.org', 'bob@example.org', false],
  ['a domain below', 'ann@example.org', 'ann@sub.example.org', false],
  ['everyone of a domain', '*@example.org', 'bob@example.org', true],
  ['everyone, but not below', '*@example.org', 'bob@sub.example.org', false],
  ['domains below', '*@*.example.org', 'bob@sub.example.org', true],
  ['domains further below', '*@*.example.org', 'bob@a.b.example.org', true],
  ['domains below, not itself', '*@*.example.org', 'bob@example.org', false],
  ['a domain that only ends alike', '*@*.example.org', 'bob@notexample.org', false],
  ['a domain that only begins alike', '*@example.org', 'bob@example.org.evil.test', false],
  ['one person anywhere', 'ann@*', 'ann@elsewhere.test', true],
  ['everything', '*', 'ann@example.org', true],
  ['everything but the null reverse-path', '*', '', false],
  ['null reverse-path', '<>', '', true],
  ['null reverse-path is no address', '<>', 'ann@example.org', false],
  ['an address is not the null reverse-path', 'ann@example.org', '', false],
  ['IDN pattern, A-label given', '*@exämple.org', 'ann@xn--exmple-cua.org', true],
  ['A-label pattern, IDN given', '*@xn--exmple-cua.org', 'ann@Exämple.org', true],
  ['IDN below', '*@*.exämple.org', 'ann@a.exämple.org', true],
  ['a pattern that is no domain matches nothing', '*@not_a_domain', 'ann@also_not', false],
  ['a pattern without a domain matches no bare name', 'ann', 'ann', false],
  ['quoted spelling of another local part', 'ann@example.org', '"ann"@example.org', false],
  ['at-sign inside quotes', '*@example.org', '"x@evil.test"@example.org', true],
  ['at-sign inside quotes does not name the domain', '*@evil.test', '"x@evil.test"@example.org', false],
];

await t.test('patterns', async (t) => {
  for (const [name, pattern, address, matches] of PATTERNS) t.equal(matchesAddress(pattern, address), matches, name);
});
