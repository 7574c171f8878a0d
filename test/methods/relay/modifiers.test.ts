// The relay's pack with what policy wants changed: made before the signature, over content of any size, and never left out.
import t from 'tap';
import { readSigningKeys, type SigningKeys } from '../../../src/dkim/signing-keys.ts';
import { type Modifiers, NO_MODIFIERS } from '../../../src/mail/decision.ts';
import { relayMethod } from '../../../src/methods/relay/relay.ts';
import type { UnsubscribeUrl } from '../../../src/methods/relay/changes.ts';
import type { Content } from '../../../src/methods/method.ts';
import type { Wire } from '../../../src/transport/transport.ts';
import { activeDelivery, messageRecord } from '../../support/active-delivery.ts';
import { testKey, verifyWithDkimpy, verifyWithMailauth } from '../../support/dkim-verifiers.ts';

const KEYS = [testKey('rsa', 'clinic.example', 'r'), testKey('ed25519', 'clinic.example', 'e')];
const SIGNING = readSigningKeys(KEYS).keys;
const NO_KEYS: SigningKeys = new Map();
const NOWHERE: UnsubscribeUrl = () => null;
const HERE: UnsubscribeUrl = ({ n }) => ({ https: `https://mail.clinic.example/u/${n}`, mailto: `mailto:u+${n}@clinic.example` });

interface Watched extends Content {
  readings: number;
  open: number;
  most: number;
}

function contentOf(text: string, piece = 64 * 1024): Watched {
  const bytes = Buffer.from(text);
  const content: Watched = {
    sizeBytes: bytes.length,
    readings: 0,
    open: 0,
    most: 0,
    async *read() {
      content.readings++;
      content.open++;
      try {
        for (let i = 0; i < bytes.length; i += piece) {
          content.most = Math.max(content.most, i + piece);
          yield bytes.subarray(i, i + piece);
        }
      } finally {
        content.open--;
      }
    },
  };
  return content;
}

interface Case {
  readonly needs?: 'nothing' | 're-encoding';
  readonly keys?: SigningKeys;
  readonly url?: UnsubscribeUrl;
  readonly n?: number;
}

function deliveryWith(modifiers: Partial<Modifiers>, { needs = 'nothing', n = 0 }: Case = {}): ReturnType<typeof activeDelivery> {
  const record = messageRecord();
  const delivery = activeDelivery({ n, message: { ...record, content: { ...record.content, needs } } });
  return { ...delivery, decision: { ...delivery.decision, modifiers: { ...NO_MODIFIERS, ...modifiers } } };
}

async function packed(
  content: Content,
  modifiers: Partial<Modifiers>,
  given: Case = {},
): Promise<{ wire: Wire; text: string; bytes: Buffer }> {
  const relay = relayMethod({ signingKeys: () => given.keys ?? NO_KEYS, now: () => Date.now(), unsubscribeUrl: given.url ?? NOWHERE });
  const wire = await relay.pack(deliveryWith(modifiers, given), content);
  const pieces: Uint8Array[] = [];
  for await (const piece of wire.read()) pieces.push(Buffer.from(piece));
  const bytes = Buffer.concat(pieces);
  return { wire, bytes, text: bytes.toString('latin1') };
}

const HEADER = 'From: Ann <ann@clinic.example>\r\nSubject: Re: [secure] Results\r\nDate: x\r\nMIME-Version: 1.0\r\n';
const PLAIN = `${HEADER}\r\nHello\r\n`;
const ALL: Partial<Modifiers> = {
  stripTags: ['[secure]'],
  addFields: [{ name: 'X-Checked', value: 'yes' }],
  appendText: 'Sent by Clinic.',
  unsubscribe: 'marketing',
};

await t.test('modifiers that are not of the packing: as it is, and nothing is read', async (t) => {
  const content = contentOf(PLAIN);
  const relay = relayMethod({ signingKeys: () => NO_KEYS, now: Date.now, unsubscribeUrl: NOWHERE });
  const wire = await relay.pack(deliveryWith({ notify: ['a@clinic.example'], expireAfterMs: 1_000 }), content);
  t.equal(content.readings, 0);
  t.match(wire, { sizeBytes: content.sizeBytes, body: '7bit', needs: 'nothing' });
});

await t.test('nothing found to change: the same octets', async (t) => {
  t.equal((await packed(contentOf(PLAIN), { stripTags: ['#other'] })).text, PLAIN);
});

await t.test('each, and all together, unsigned', async (t) => {
  t.equal((await packed(contentOf(PLAIN), { stripTags: ['[secure]'] })).text, PLAIN.replace('[secure] ', ''));
  t.equal((await packed(contentOf(PLAIN), { addFields: [{ name: 'X-Checked', value: 'yes' }] })).text, `X-Checked: yes\r\n${PLAIN}`);
  const { text, wire, bytes } = await packed(contentOf(PLAIN), ALL, { url: HERE });
  t.match(wire, { sizeBytes: bytes.length, body: '7bit', needs: 'nothing' });
  t.match(text, /^X-Checked: yes\r\nList-Unsubscribe: <https:\/\/mail.clinic.example\/u\/0>,\r\n <mailto:u\+0@clinic.example>\r\n/);
  t.match(text, 'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nContent-Type: multipart/mixed; boundary="=_t');
  t.match(text, 'Subject: Re: Results\r\n');
  t.match(text, '\r\n\r\nHello\r\n\r\n--=_t');
  t.match(text, '\r\n\r\nSent by Clinic.\r\n\r\n--=_t');
});

await t.test('signed as changed: both readers of DKIM agree, and the fields for unsubscribing are covered', async (t) => {
  const eightBit = `${HEADER}Content-Type: text/plain; charset=utf-8\r\n\r\nGrüße\r\n`;
  const large = `${HEADER}Content-Type: text/plain; charset=utf-8\r\n\r\n${'Grüße aus Köln an alle\r\n'.repeat(20_000)}`;
  const cases: readonly (readonly [name: string, text: string, Case])[] = [
    ['7-bit', PLAIN, {}],
    ['8-bit', eightBit, { needs: 're-encoding' }],
    ['large', large, { needs: 're-encoding' }],
  ];
  const signed: Buffer[] = [];
  for (const [name, given, options] of cases) {
    const content = contentOf(given);
    const { bytes, text, wire } = await packed(content, ALL, { ...options, keys: SIGNING, url: HERE });
    t.match(wire, { sizeBytes: bytes.length, body: '7bit', needs: 'nothing' }, name);
    t.match(text, /^[\t\r\n -~]*$/, `${name}: 7-bit`);
    t.equal(content.open, 0, `${name}: every reading was ended`);
    t.strictSame(await verifyWithMailauth(bytes, KEYS), ['e=pass', 'r=pass'], name);
    const covered = (text.match(/h=[^;]*/)?.[0] ?? '').replace(/\s/g, '').split(':');
    for (const field of ['list-unsubscribe', 'list-unsubscribe-post', 'subject', 'content-type', 'mime-version'])
      t.ok(covered.includes(field), `${name}: ${field}`);
    signed.push(bytes);
  }
  t.strictSame(
    await verifyWithDkimpy(signed, KEYS),
    signed.map(() => ['e=pass', 'r=pass']),
  );
});

await t.test('old mail without a type, in 8-bit: its part says what it is', async (t) => {
  const old = 'From: ann@clinic.example\r\nSubject: x\r\n\r\nGrüße\r\n';
  const { text } = await packed(contentOf(old), { appendText: 'Foot' }, { needs: 're-encoding' });
  t.match(
    text,
    /\r\nContent-Type: text\/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n\r\n--=_t/,
  );
  t.equal(text.match(/^MIME-Version: 1.0\r$/gm)?.length, 1);
});

await t.test('what cannot be made 7-bit stays whole within', async (t) => {
  const inner = '--b\r\n\r\nGrüße\r\n--b--\r\n';
  const signed = `${HEADER}Content-Type: multipart/signed; boundary=b\r\n\r\n${inner}`;
  const { bytes, wire } = await packed(contentOf(signed), { appendText: 'Foot' }, { needs: 're-encoding', keys: SIGNING });
  t.match(wire, { body: '8bitmime', needs: '8bitmime' });
  t.ok(bytes.includes(`Content-Type: multipart/signed; boundary=b\r\n\r\n${inner}`), 'octet for octet');
  t.ok(bytes.includes('\r\nContent-Transfer-Encoding: 8bit\r\n'), 'and the whole says so');
  t.strictSame(await verifyWithMailauth(bytes, KEYS), ['e=pass', 'r=pass']);
});

await t.test('a signature of another: kept from encoding, but not where a text breaks it', async (t) => {
  const other = `DKIM-Signature: v=1; d=lab.example\r\n${HEADER}Content-Type: text/plain; charset=utf-8\r\n\r\nGrüße\r\n`;
  t.equal((await packed(contentOf(other), { stripTags: ['[secure]'] }, { needs: 're-encoding' })).wire.needs, '8bitmime');
  t.equal((await packed(contentOf(other), { appendText: 'Foot' }, { needs: 're-encoding' })).wire.needs, 'nothing');
});

await t.test('large content streams: the same again at every reading, never kept', async (t) => {
  const large = `${HEADER}\r\n${'Hello all of you\r\n'.repeat(40_000)}`;
  const content = contentOf(large);
  const relay = relayMethod({ signingKeys: () => NO_KEYS, now: Date.now, unsubscribeUrl: HERE });
  const wire = await relay.pack(deliveryWith(ALL), content);
  const readings = content.readings;
  content.most = 0;
  const first = wire.read()[Symbol.asyncIterator]();
  await first.next();
  t.ok(content.most <= 64 * 1024, 'no further than what was asked for');
  await first.return?.();
  const read = async (): Promise<Buffer> => {
    const pieces: Buffer[] = [];
    for await (const piece of wire.read()) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces);
  };
  const one = await read();
  t.ok(one.equals(await read()));
  t.equal(one.length, wire.sizeBytes);
  t.ok(one.includes(large.slice(HEADER.length)), 'the body as it was');
  t.equal(content.readings, readings + 3);
  t.equal(content.open, 0);
});

await t.test('unsubscribing: each recipient a place of their own, and without one nothing goes', async (t) => {
  const offered = { unsubscribe: 'fundraising' } as const;
  t.match((await packed(contentOf(PLAIN), offered, { url: HERE, n: 7 })).text, '<https://mail.clinic.example/u/7>');
  const reach = (modifiers: Partial<Modifiers>, unsubscribeUrl: UnsubscribeUrl): Promise<object> =>
    relayMethod({ signingKeys: () => NO_KEYS, now: Date.now, unsubscribeUrl }).reach(deliveryWith(modifiers));
  t.same(await reach(offered, HERE), { reach: 'yes' });
  t.same(await reach({}, NOWHERE), { reach: 'yes' });
  t.same(await reach(offered, NOWHERE), { reach: 'no', code: 'delivery.no-unsubscribe' });
  await t.rejects(packed(contentOf(PLAIN), offered), /no place to unsubscribe/, 'gone since it was asked');
});

await t.test('a field that cannot be written: nothing goes', async (t) => {
  await t.rejects(packed(contentOf(PLAIN), { addFields: [{ name: 'X-A', value: 'x\r\nBcc: y' }] }), /cannot be added/);
});

await t.test('headers near and over the limit', async (t) => {
  const near = `${HEADER}${`X: ${'y'.repeat(900)}\r\n`.repeat(285)}\r\nHello\r\n`;
  const added = { addFields: Array.from({ length: 20 }, (_, i) => ({ name: `X-${i}`, value: 'z'.repeat(900) })) };
  const { bytes } = await packed(contentOf(near), added, { keys: SIGNING });
  t.notMatch(bytes.toString('latin1'), 'DKIM-Signature', 'no room to read it again: unsigned');
  t.ok(bytes.includes('\r\nX-19: zzz'));
  const over = `${HEADER}${`X: ${'y'.repeat(900)}\r\n`.repeat(300)}\r\nHello\r\n`;
  await t.rejects(packed(contentOf(over), added), /over its limit/);
});
