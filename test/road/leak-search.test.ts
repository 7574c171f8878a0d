// The searcher of the leak test finds what is planted, in every form, and nothing where nothing is.
import t from 'tap';
import { randomBytes } from 'node:crypto';
import { deflateSync, gzipSync } from 'node:zlib';
import { LeakSearch } from '../support/leak-search.ts';

const SECRET = 'Qx7vBiopsyOf/J\u00fcrgen?Roe>Kw3z';
const search = new LeakSearch({ secret: SECRET });
const utf8 = Buffer.from(SECRET, 'utf8');
const utf16 = Buffer.from(SECRET, 'utf16le');
const noise = (length: number): Buffer => Buffer.from(randomBytes(length).map((octet) => (octet === 0x78 || octet === 0x1f ? 0 : octet)));
const between = (octets: Uint8Array): Buffer => Buffer.concat([noise(301), octets, noise(299)]);
const quoted = [...utf8].map((octet) => `=${octet.toString(16).toUpperCase().padStart(2, '0')}`).join('');
const base64At = (offset: number): string => Buffer.concat([Buffer.alloc(offset, 'x'), utf8, Buffer.from('yz')]).toString('base64');

const FORMS: Readonly<Record<string, Uint8Array | string>> = {
  plain: utf8,
  'in capitals': SECRET.toUpperCase().replace('\u00dc', '\u00fc'),
  'UTF-16LE': utf16,
  'UTF-16BE': Buffer.from(utf16).swap16(),
  hex: utf8.toString('hex'),
  'hex in capitals': utf8.toString('hex').toUpperCase(),
  'base64 at 0': base64At(0),
  'base64 at 1': base64At(1),
  'base64 at 2': base64At(2),
  'base64url at 0': base64At(0).replaceAll('+', '-').replaceAll('/', '_'),
  'base64url at 1': base64At(1).replaceAll('+', '-').replaceAll('/', '_'),
  'base64url at 2': base64At(2).replaceAll('+', '-').replaceAll('/', '_'),
  'base64 of UTF-16': utf16.toString('base64'),
  'base64 folded': base64At(1).replace(/.{13}/g, '$&\r\n'),
  'quoted-printable': SECRET.replace('\u00fc', '=C3=BC'),
  'quoted-printable, every octet': quoted,
  'quoted-printable, folded': quoted.replace(/.{20}/g, (part) => (part.endsWith('=') ? part : `${part}=\r\n`)),
  'a header folded': SECRET.replace('Roe', '\r\n Roe'),
  'percent-encoded': encodeURIComponent(SECRET),
  'JSON escapes': JSON.stringify(SECRET).replace('\u00fc', '\\u00c3\\u00bc'),
  backwards: [...SECRET].reverse().join(''),
};

for (const [form, planted] of Object.entries(FORMS)) {
  const octets = typeof planted === 'string' ? Buffer.from(planted, 'utf8') : planted;
  t.match(search.find(between(octets), 'here'), [{ where: 'here', canary: 'secret' }], form);
  t.match(search.find(between(gzipSync(octets)), 'here'), [{ canary: 'secret', form: /^gzip: / }], `${form}, in gzip`);
  t.match(search.find(between(deflateSync(octets)), 'here'), [{ canary: 'secret', form: /^deflate: / }], `${form}, in a zlib stream`);
}
const long = Buffer.concat([Buffer.from('Dear colleague, '.repeat(9_000)), utf8]);
t.match(search.find(gzipSync(long).subarray(0, -4), 'cut'), [{ form: 'gzip: plain' }], 'a gzip member cut short');
t.match(search.find(gzipSync(gzipSync(utf8)), 'twice'), [{ form: 'gzip: gzip: plain' }]);
t.same(search.find(between(Buffer.from(SECRET.slice(0, -4))), 'here'), [], 'a part is not the whole');
t.same(search.find(randomBytes(3_000_000), 'here'), []);
