// The relay's pack: nothing read where nothing changes; else 7-bit and signed, of exact size, and the same at every reading.
import t from 'tap';
import { readSigningKeys, type SigningKeys } from '../../../src/dkim/signing-keys.ts';
import { MailError } from '../../../src/mail/mail-error.ts';
import { relayMethod } from '../../../src/methods/relay/relay.ts';
import type { Content } from '../../../src/methods/method.ts';
import type { Wire } from '../../../src/transport/transport.ts';
import { activeDelivery, messageRecord } from '../../support/active-delivery.ts';
import { testKey, verifyWithMailauth } from '../../support/dkim-verifiers.ts';

const KEYS = [testKey('rsa', 'clinic.example', 'r'), testKey('ed25519', 'clinic.example', 'e')];
const SIGNING = readSigningKeys(KEYS).keys;
const NO_KEYS: SigningKeys = new Map();

interface Watched extends Content {
  readings: number;
  open: number;
}

/** Content that counts its readings, in pieces of a size. */
function contentOf(text: string, piece = 1_000): Watched {
  const bytes = Buffer.from(text);
  const content: Watched = {
    sizeBytes: bytes.length,
    readings: 0,
    open: 0,
    async *read() {
      content.readings++;
      content.open++;
      try {
        for (let i = 0; i < bytes.length; i += piece) yield bytes.subarray(i, i + piece);
      } finally {
        content.open--;
      }
    },
  };
  return content;
}

async function bytesOf(wire: Pick<Wire, 'read'>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of wire.read()) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

async function pack(content: Content, needs: 'nothing' | 're-encoding', keys = NO_KEYS): Promise<Wire> {
  const record = messageRecord();
  const delivery = activeDelivery({ message: { ...record, content: { ...record.content, needs } } });
  return relayMethod({ signingKeys: () => keys, now: () => Date.now(), unsubscribeUrl: () => null }).pack(delivery, content);
}

const HEADER = 'From: Ann <ann@clinic.example>\r\nDate: x\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n';
const SMALL = `${HEADER}\r\nGrüße\r\n`;
const LARGE = `${HEADER}\r\n${'Grüße aus Köln an alle\r\n'.repeat(20_000)}`;

await t.test('reach: the attempt is the probe', async (t) => {
  t.strictSame(await relayMethod({ signingKeys: () => NO_KEYS, now: Date.now, unsubscribeUrl: () => null }).reach(activeDelivery()), {
    reach: 'yes',
  });
});

await t.test('7-bit and no key: as it is, and nothing is read', async (t) => {
  const content = contentOf(`${HEADER}\r\nHello\r\n`);
  const wire = await pack(content, 'nothing');
  t.equal(content.readings, 0);
  t.match(wire, { sizeBytes: content.sizeBytes, body: '7bit', needs: 'nothing' });
  t.equal((await bytesOf(wire)).toString(), `${HEADER}\r\nHello\r\n`);
  t.equal((await bytesOf(wire)).toString(), `${HEADER}\r\nHello\r\n`, 'read again');
});

await t.test('small: read once, then kept', async (t) => {
  const content = contentOf(SMALL);
  const wire = await pack(content, 're-encoding');
  const bytes = await bytesOf(wire);
  t.match(wire, { sizeBytes: bytes.length, body: '7bit', needs: 'nothing' });
  t.equal(bytes.toString(), `${HEADER}Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe\r\n`);
  t.ok((await bytesOf(wire)).equals(bytes));
  t.equal(content.readings, 1);
});

await t.test('large: read again each time, never kept', async (t) => {
  const content = contentOf(LARGE, 64 * 1024);
  const wire = await pack(content, 're-encoding', SIGNING);
  const readings = content.readings;
  const bytes = await bytesOf(wire);
  t.equal(content.readings, readings + 1);
  t.equal(wire.sizeBytes, bytes.length);
  t.ok((await bytesOf(wire)).equals(bytes), 'the same again');
  t.strictSame(await verifyWithMailauth(bytes, KEYS), ['e=pass', 'r=pass']);
  t.equal(content.open, 0, 'every reading was ended');
});

await t.test('signing', async (t) => {
  const plain = 'From: Ann <ann@clinic.example>\r\nSubject: x\r\n\r\nHello\r\n';
  const table: readonly (readonly [name: string, text: string, verdict: readonly string[]])[] = [
    ['our domain', plain, ['e=pass', 'r=pass']],
    ['our domain in capitals', plain.replace('clinic.example', 'CLINIC.example'), ['e=pass', 'r=pass']],
    ['another domain', plain.replace('clinic.example', 'lab.example'), []],
    ['a domain below ours', plain.replace('clinic.example', 'sub.clinic.example'), []],
    ['no From', 'Subject: x\r\n\r\nHello\r\n', []],
    ['two From fields', `From: ann@clinic.example\r\n${plain}`, []],
    ['two domains', plain.replace('Ann <', 'boss@lab.example, Ann <'), []],
    ['two authors of our domain', plain.replace('Ann <', 'boss@clinic.example, Ann <'), ['e=pass', 'r=pass']],
    ['another domain in a reading', plain.replace('Ann', '"x <boss@lab.example>"'), []],
    ['From that cannot be read', plain.replace('<ann@clinic.example>', ''), []],
    ['a header only', 'From: ann@clinic.example\r\n', ['e=pass', 'r=pass']],
    ['a header too large to be read', `From: ann@clinic.example\r\n${`X: ${'y'.repeat(900)}\r\n`.repeat(300)}\r\nHello\r\n`, []],
  ];
  for (const [name, text, verdict] of table) {
    for (const piece of [7, 100_000]) {
      const content = contentOf(text, piece);
      const wire = await pack(content, 'nothing', SIGNING);
      const bytes = await bytesOf(wire);
      t.equal(wire.sizeBytes, bytes.length, `${name}: size`);
      t.ok(bytes.toString('latin1').endsWith(text), `${name}: nothing else changed`);
      const found = await verifyWithMailauth(bytes, KEYS);
      t.strictSame(
        found.filter((result) => result.endsWith('=pass')),
        verdict,
        name,
      );
      t.equal(content.open, 0, 'every reading was ended');
    }
  }
});

await t.test('encoded first, signed then', async (t) => {
  const wire = await pack(contentOf(SMALL), 're-encoding', SIGNING);
  const bytes = await bytesOf(wire);
  t.strictSame(await verifyWithMailauth(bytes, KEYS), ['e=pass', 'r=pass']);
  t.match(bytes.toString(), 'Gr=C3=BC=C3=9Fe');
  t.match(wire, { body: '7bit', needs: 'nothing', sizeBytes: bytes.length });
});

await t.test('signed by another already', async (t) => {
  const signed = `DKIM-Signature: v=1; d=lab.example\r\n${SMALL}`;
  const kept = await pack(contentOf(signed), 're-encoding', NO_KEYS);
  t.match(kept, { body: '8bitmime', needs: '8bitmime', sizeBytes: Buffer.byteLength(signed) });
  t.equal((await bytesOf(kept)).toString(), signed, 'byte for byte');
  t.equal((await pack(contentOf(signed), 're-encoding', SIGNING)).needs, 'nothing', 'a signature of ours replaces it');
});

await t.test('what a next hop must offer', async (t) => {
  const table: readonly (readonly [text: string, body: Wire['body'], needs: Wire['needs']])[] = [
    [`Subject: Grüße\r\n${HEADER}\r\nHi\r\n`, '8bitmime', 'smtputf8'],
    [`${HEADER.replace('text/plain', 'multipart/signed; boundary=b')}\r\n--b\r\n\r\nGrüße\r\n--b--\r\n`, '8bitmime', '8bitmime'],
  ];
  for (const [text, body, needs] of table) {
    const wire = await pack(contentOf(text), 're-encoding');
    t.match(wire, { body, needs, sizeBytes: Buffer.byteLength(text) });
    t.equal((await bytesOf(wire)).toString(), text);
  }
});

await t.test('content that cannot be read: the error travels', async (t) => {
  for (const [needs, keys, sizeBytes] of [
    ['re-encoding', NO_KEYS, 100],
    ['nothing', SIGNING, 100],
    ['nothing', SIGNING, 1_000_000],
  ] as const) {
    const broken: Content = {
      sizeBytes,
      async *read() {
        yield Buffer.from(HEADER.slice(0, 20));
        throw new MailError('content.unreadable');
      },
    };
    await t.rejects(pack(broken, needs, keys), { code: 'content.unreadable' });
  }
});

await t.test('keys change while it runs', async (t) => {
  let keys = NO_KEYS;
  const relay = relayMethod({ signingKeys: () => keys, now: Date.now, unsubscribeUrl: () => null });
  const text = 'From: ann@clinic.example\r\n\r\nHi\r\n';
  t.equal((await relay.pack(activeDelivery(), contentOf(text))).sizeBytes, text.length);
  keys = SIGNING;
  t.ok((await relay.pack(activeDelivery(), contentOf(text))).sizeBytes > text.length);
});
