// What the header fix-up, the content scan, DSNs and the relay's pack cost, in microseconds a message. `node bench/mime.ts`
import { generateKeyPairSync } from 'node:crypto';
import { readSigningKeys, type SigningKeys } from '../src/dkim/signing-keys.ts';
import type { Content } from '../src/methods/method.ts';
import { relayMethod } from '../src/methods/relay/relay.ts';
import { ContentScan } from '../src/mime/content-scan.ts';
import { composeDsn } from '../src/mime/dsn.ts';
import { fixUpHeader } from '../src/mime/fix-up.ts';
import { HeaderCollector } from '../src/mime/header-collector.ts';
import { activeDelivery, messageRecord } from '../test/support/active-delivery.ts';

const HEADER = [
  'Message-ID: <abc-123@clinic.example>',
  'Date: Sun, 22 Nov 2026 04:20:00 +0000',
  'MIME-Version: 1.0',
  'User-Agent: Mozilla Thunderbird',
  'Subject: Appointment',
  'Content-Language: en-US',
  'To: Bob <bob@lab.example>, Carol <carol@lab.example>',
  'From: =?UTF-8?Q?Ann_M=C3=BCller?= <ann@clinic.example>',
  'References: <a@b.example>\r\n <c@d.example>',
  'In-Reply-To: <c@d.example>',
  `Autocrypt: addr=ann@clinic.example; keydata=${`\r\n ${'x'.repeat(72)}`.repeat(8)}`,
  'Content-Type: text/plain; charset=UTF-8; format=flowed',
  '',
  '',
].join('\r\n');
const TEXT = Buffer.from(HEADER + 'Hello world, this is a line of a message.\r\n'.repeat(25));
const EIGHT_BIT = Buffer.from(HEADER + 'Grüße, this is a line of a message.\r\n'.repeat(30));
const LARGE = Buffer.concat([EIGHT_BIT, Buffer.from('Grüße, this is a line of a message.\r\n'.repeat(55_000))]);

const FACTS = {
  client: { address: '192.0.2.1', helo: 'pc', protocol: 'ESMTPSA', tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } },
  clientAddress: 'hide',
  hostname: 'mail.clinic.example',
  messageId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  at: Date.now(),
  traceMark: 'markmarkmarkmarkmarkma',
  tenantProof: { headerName: 'X-Proof', values: ['a', 'b'] },
} as const;

function contentOf(bytes: Buffer): Content {
  return {
    sizeBytes: bytes.length,
    async *read() {
      for (let i = 0; i < bytes.length; i += 65_536) yield bytes.subarray(i, i + 65_536);
    },
  };
}

function keysOf(type: 'rsa' | 'ed25519' | 'none'): SigningKeys {
  if (type === 'none') return new Map();
  const { privateKey } = type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519');
  return readSigningKeys([{ domain: 'clinic.example', selector: 's', pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }])
    .keys;
}

async function measure(name: string, rounds: number, work: () => unknown): Promise<void> {
  for (let i = 0; i < rounds / 4; i++) await work();
  const [cpu, startedAt] = [process.cpuUsage(), performance.now()];
  for (let i = 0; i < rounds; i++) await work();
  const wall = ((performance.now() - startedAt) * 1000) / rounds;
  const { user, system } = process.cpuUsage(cpu);
  console.log(`${name.padEnd(48)} ${wall.toFixed(1).padStart(10)} us ${((user + system) / rounds).toFixed(1).padStart(10)} us CPU`);
}

async function packing(name: string, rounds: number, bytes: Buffer, needs: 'nothing' | 're-encoding', keys: SigningKeys): Promise<void> {
  const relay = relayMethod({ signingKeys: () => keys, now: Date.now, unsubscribeUrl: () => null });
  const record = messageRecord();
  const delivery = activeDelivery({ message: { ...record, content: { ...record.content, needs } } });
  const content = contentOf(bytes);
  await measure(name, rounds, () => relay.pack(delivery, content));
}

const header = Buffer.from(HEADER);
const dsn = {
  id: FACTS.messageId,
  at: FACTS.at,
  hostname: FACTS.hostname,
  postmaster: 'postmaster@clinic.example',
  to: 'ann@clinic.example',
  voice: { name: 'Mail delivery (Postern)', contact: null },
  owed: {
    message: { acceptedAt: FACTS.at, envelope: { envid: null, recipients: [1] }, headerMessageId: '<a@b>', references: null },
    deliveries: [
      {
        recipient: 'bob@lab.example',
        orcpt: null,
        kind: 'failed',
        expiresAt: FACTS.at,
        status: { at: FACTS.at, status: '5.1.1', code: 'delivery.refused', diagnostic: '550 5.1.1', remoteMta: 'mx.lab.example' },
      },
    ],
  },
} as const;

await measure(`header fix-up (${header.length} octets)`, 40_000, () => fixUpHeader(header, FACTS));
await measure('header collector and content scan (2 kB)', 40_000, () => {
  new HeaderCollector().push(TEXT);
  new ContentScan().update(TEXT);
});
await measure('DSN of one recipient', 2_000, () => composeDsn(dsn));
await packing('pack 2 kB, 7-bit, no key', 40_000, TEXT, 'nothing', keysOf('none'));
await packing(
  'pack 2 kB, 7-bit, keys of another domain',
  10_000,
  Buffer.from(TEXT.toString().replace('ann@clinic', 'ann@lab')),
  'nothing',
  keysOf('rsa'),
);
await packing('pack 2 kB, 8-bit, no key', 5_000, EIGHT_BIT, 're-encoding', keysOf('none'));
await packing('pack 2 kB, 7-bit, Ed25519', 2_000, TEXT, 'nothing', keysOf('ed25519'));
await packing('pack 2 kB, 7-bit, RSA-2048', 500, TEXT, 'nothing', keysOf('rsa'));
await packing('pack 2 MB, 8-bit, no key', 5, LARGE, 're-encoding', keysOf('none'));
await packing('pack 2 MB, 8-bit, Ed25519', 5, LARGE, 're-encoding', keysOf('ed25519'));
