// TLS of the listeners: versions and ciphers of the profile, STARTTLS injection, renewal, client certificates, handshakes that never end.
import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import t from 'tap';
import { trust } from '../../src/access/trust.ts';
import type { Trust } from '../../src/access/trust.ts';
import { startSubmission } from '../../src/smtp/server.ts';
import { Dialogue } from '../support/smtp-dialogue.ts';
import { PASSWORD, startSurface } from '../support/submission-surface.ts';
import { createTestCa, EXPIRED, NOT_YET_VALID, selfSigned } from '../support/test-ca.ts';
import type { TestIdentity } from '../support/test-ca.ts';

/** openssl s_client; gives everything it printed. */
async function sClient(port: number, ...args: readonly string[]): Promise<string> {
  const child = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more: string) => (text += more));
  child.stdin.end('QUIT\r\n');
  await once(child, 'close');
  return text;
}

const way = { mayUse: ['*@mirth.example'], reports: null, likelyRepeats: 'report', tenantProof: null } as const;
const sha256 = (identity: TestIdentity): string => new X509Certificate(identity.certificatePem).fingerprint256;
const trusting = (...identities: readonly TestIdentity[]): Trust =>
  trust(
    identities.map((identity, i) => ({ kind: 'certificate', name: `client-${i}`, sha256: sha256(identity), ...way })),
    [],
  );

await t.test('versions and ciphers, seen by openssl', async (t) => {
  const surface = await startSurface(t, { tls: 'implicit' });
  const starttls = await startSurface(t);
  const any = ['-cipher', 'ALL:@SECLEVEL=0'];
  const table: readonly (readonly [args: readonly string[], sees: RegExp])[] = [
    [['-tls1_3'], /New, TLSv1\.3, Cipher is TLS_AES_256_GCM_SHA384/],
    [['-tls1_2'], /New, TLSv1\.2, Cipher is ECDHE-ECDSA-AES256-GCM-SHA384/],
    [['-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256'], /New, TLSv1\.3, Cipher is TLS_AES_128_GCM_SHA256/],
    [['-tls1_3', '-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256'], /handshake failure/],
    [['-tls1_1', ...any], /alert protocol version/],
    [['-tls1', ...any], /alert protocol version/],
    [['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0'], /handshake failure/],
    [['-tls1_2', '-cipher', 'ECDHE-ECDSA-CHACHA20-POLY1305'], /handshake failure/],
    [['-tls1_2', '-cipher', 'AES256-GCM-SHA384'], /handshake failure/],
    [['-tls1_2', '-cipher', 'aNULL:@SECLEVEL=0'], /handshake failure|no cipher/],
    [['-tls1_3', '-groups', 'X25519'], /handshake failure/],
    [['-tls1_3', '-groups', 'P-384'], /Server Temp Key: ECDH, secp384r1, 384 bits|Server Temp Key: ECDH, P-384/],
  ];
  for (const [args, sees] of table) {
    t.match(await sClient(surface.port, ...args), sees, args.join(' '));
    t.match(await sClient(starttls.port, '-starttls', 'smtp', ...args), sees, `STARTTLS ${args.join(' ')}`);
  }
  t.match(surface.seen.named('tlsFailed').at(0), { listener: 'submission', address: '127.0.0.1', code: /^[A-Z0-9_]+$/ });
  t.ok(surface.seen.named('tlsFailed').length >= 7, 'each failed handshake was told');
  t.same(surface.seen.named('bug'), []);
});

await t.test('the certificate is ours, and never the built-in one of the library', async (t) => {
  const surface = await startSurface(t, { tls: 'implicit' });
  const socket = connectTls({ port: surface.port, host: '127.0.0.1', servername: 'localhost', ca: surface.ca.certificatePem });
  await once(socket, 'secureConnect');
  t.equal(socket.getPeerX509Certificate()?.fingerprint256, new X509Certificate(surface.certificate.certificatePem).fingerprint256);
  socket.destroy();
  const other = createTestCa().issue({ names: ['localhost'] });
  const bad: readonly (readonly [why: string, certificatePem: string, keyPem: string])[] = [
    ['no certificate', '', surface.certificate.keyPem],
    ['no key', surface.certificate.certificatePem, ''],
    ['a key of another certificate', surface.certificate.certificatePem, other.keyPem],
    ['no PEM', 'certificate', 'key'],
  ];
  for (const [why, certificatePem, keyPem] of bad) {
    const certificate = { certificatePem, keyPem, clientCaPem: null };
    t.throws(() => surface.listener.renewCertificate(certificate), why);
    const options = { name: 'x', hostname: 'x', address: '127.0.0.1', port: 0, tls: 'implicit', login: 'none', certificate } as const;
    await t.rejects(startSubmission(options, surface.deps), `${why}: no listener`);
  }
  const again = connectTls({ port: surface.port, host: '127.0.0.1', servername: 'localhost', ca: surface.ca.certificatePem });
  await once(again, 'secureConnect');
  t.pass('after all that the old one still serves');
  again.destroy();
});

await t.test('STARTTLS injection: what was sent in clear behind STARTTLS is gone', async (t) => {
  const surface = await startSurface(t);
  for (const injected of [
    'NOOP\r\n',
    'EHLO evil\r\nMAIL FROM:<a@hospital.example>\r\n',
    'QUIT\r\n',
    'A'.repeat(5_000),
    `${'NOOP\r\n'.repeat(500)}`,
  ]) {
    const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls });
    await dialogue.reply();
    await dialogue.say('EHLO client.example');
    dialogue.write(`STARTTLS\r\n${injected}`);
    t.match(await dialogue.reply(), /^220 /);
    // The library drops what came with STARTTLS, or the handshake fails on it; either way none of it is answered.
    const secured = await Promise.race([
      dialogue.handshake().then(() => 'secured' as const),
      dialogue.closed().then(() => 'closed' as const),
    ]);
    if (secured === 'secured') {
      t.match(await dialogue.say('NOOP'), /^250 2\.0\.0 OK$/, 'the first reply under TLS answers the first command under TLS');
      t.match(await dialogue.say('MAIL FROM:<a@hospital.example>'), /^503 /, 'nothing said before counts');
      t.match(await dialogue.say('EHLO client.example'), /^250-/);
      t.match(await dialogue.login('ehr', PASSWORD), /^235 /);
    }
    dialogue.destroy();
  }
  t.equal(surface.accept.messages.length, 0);
});

await t.test('the identity given in clear does not last into TLS', async (t) => {
  const ways = trust([], [{ kind: 'network', name: 'lab', ranges: ['127.0.0.1/32'], ...way }]);
  const surface = await startSurface(t, { tls: 'offered', login: 'none', trust: ways });
  const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls });
  await dialogue.reply();
  await dialogue.say('EHLO one.example');
  t.match(await dialogue.say('MAIL FROM:<a@mirth.example>'), /^250/);
  t.match(await dialogue.say('RCPT TO:<b@x.example>'), /^250/);
  await dialogue.say('STARTTLS');
  await dialogue.handshake();
  t.match(await dialogue.say('DATA'), /^503/);
  t.match(await dialogue.say('EHLO two.example'), /^250/);
  t.match(await dialogue.send('a@mirth.example', ['b@x.example'], 'a: b\r\n\r\n'), /^250/);
  t.equal((await surface.accept.nth(0)).submission.client.helo, 'two.example');
});

await t.test('renewed without a restart; open sessions stay', async (t) => {
  for (const tls of ['implicit', 'required'] as const) {
    const surface = await startSurface(t, { tls });
    const open = await Dialogue.connect(surface.port, { tls: surface.tls, mode: tls === 'implicit' ? 'implicit' : 'clear' });
    await open.reply();
    if (tls === 'required') await open.startTls();
    else await open.say('EHLO x');
    const newCa = createTestCa('New Root');
    const renewed = newCa.issue({ names: ['localhost'] });
    surface.listener.renewCertificate({ certificatePem: renewed.certificatePem, keyPem: renewed.keyPem, clientCaPem: null });
    const fresh = await Dialogue.connect(surface.port, {
      tls: { ca: newCa.certificatePem },
      mode: tls === 'implicit' ? 'implicit' : 'clear',
    });
    await fresh.reply();
    if (tls === 'required') await fresh.startTls();
    t.match(await fresh.say('NOOP'), /^250/, `${tls}: a new connection sees the new one`);
    t.match(await open.login('ehr', PASSWORD), /^235/, `${tls}: the open session goes on`);
  }
});

await t.test('client certificates', async (t) => {
  const clientCa = createTestCa('Client Root');
  const good = clientCa.issue({ commonName: 'mirth', purpose: 'client' });
  const other = clientCa.issue({ commonName: 'other', purpose: 'client' });
  const alone = selfSigned({ commonName: 'alone', purpose: 'client' });
  const expired = clientCa.issue({ commonName: 'old', purpose: 'client', ...EXPIRED });
  const early = clientCa.issue({ commonName: 'early', purpose: 'client', ...NOT_YET_VALID });
  const ways = trusting(good, alone, expired, early);
  const table: readonly (readonly [why: string, TestIdentity | null, clientCaPem: string | null, reply: RegExp])[] = [
    ['pinned', good, null, /^250/],
    ['pinned, self-signed', alone, null, /^250/],
    ['not pinned', other, null, /^530 5\.7\.0 Authentication/],
    ['none', null, null, /^530 5\.7\.0 Authentication/],
    ['pinned, expired', expired, null, /^530/],
    ['pinned, not yet valid', early, null, /^530/],
    ['pinned and chained', good, clientCa.certificatePem, /^250/],
    ['pinned, not chained', alone, clientCa.certificatePem, /^530/],
    ['chained, not pinned', other, clientCa.certificatePem, /^530/],
  ];
  for (const tls of ['required', 'implicit'] as const) {
    for (const [why, identity, clientCaPem, reply] of table) {
      const surface = await startSurface(t, { tls, trust: ways, ...(clientCaPem === null ? {} : { clientCaPem }) });
      const credentials = identity === null ? {} : { cert: identity.certificatePem, key: identity.keyPem };
      const dialogue = await Dialogue.connect(surface.port, {
        tls: { ...surface.tls, ...credentials },
        mode: tls === 'implicit' ? 'implicit' : 'clear',
      });
      await dialogue.reply();
      if (tls === 'required') await dialogue.startTls();
      else await dialogue.say('EHLO x');
      t.match(await dialogue.say('MAIL FROM:<a@mirth.example>'), reply, `${tls}: ${why}`);
      if (identity === good) {
        t.match(await dialogue.say('RSET'), /^250/);
        t.match(await dialogue.say('MAIL FROM:<a@hospital.example>'), /^553/, `${tls}: bound to its own addresses`);
        t.match(await dialogue.send('x@mirth.example', ['b@x.example'], 'a: b\r\n\r\n'), /^250/);
        const { submission } = await surface.accept.nth(0);
        t.match(submission, { submitter: { kind: 'certificate', name: 'client-0' }, client: { protocol: 'ESMTPS' } });
      }
      dialogue.destroy();
      await surface.listener.stop(0);
    }
  }
});

await t.test('a certificate counts on a resumed session as on the first', async (t) => {
  const client = selfSigned({ commonName: 'mirth', purpose: 'client' });
  const surface = await startSurface(t, { tls: 'implicit', login: 'none', trust: trusting(client) });
  const options = {
    port: surface.port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: surface.ca.certificatePem,
    cert: client.certificatePem,
    key: client.keyPem,
  };
  const first = connectTls(options);
  const [session] = (await once(first, 'session')) as [Buffer];
  first.destroy();
  const dialogue = await Dialogue.connect(surface.port, { tls: { ca: surface.ca.certificatePem, session }, mode: 'implicit' });
  t.match(await dialogue.reply(), /^220/);
  await dialogue.say('EHLO x');
  t.match(await dialogue.say('MAIL FROM:<a@mirth.example>'), /^250/);
  const stranger = await Dialogue.connect(surface.port, { tls: { ca: surface.ca.certificatePem }, mode: 'implicit' });
  t.match(await stranger.reply(), /^554 /, 'without either: turned away');
});

await t.test('a relay listener for certificates in clear asks for TLS', async (t) => {
  const client = selfSigned({ commonName: 'mirth', purpose: 'client' });
  const surface = await startSurface(t, { tls: 'offered', login: 'none', trust: trusting(client) });
  const dialogue = await Dialogue.connect(surface.port, { tls: { ...surface.tls, cert: client.certificatePem, key: client.keyPem } });
  t.match(await dialogue.reply(), /^220/);
  await dialogue.say('EHLO x');
  t.match(await dialogue.say('MAIL FROM:<a@mirth.example>'), /^530 5\.7\.0 Must issue/);
  await dialogue.startTls();
  t.match(await dialogue.say('MAIL FROM:<a@mirth.example>'), /^250/);
  const stranger = await Dialogue.connect(surface.port, { tls: surface.tls });
  await stranger.reply();
  await stranger.startTls();
  t.match(await stranger.say('MAIL FROM:<a@mirth.example>'), /^550 5\.7\.1 /);
});

await t.test('handshakes that never end', async (t) => {
  const surface = await startSurface(t, { tls: 'implicit', limits: { loginTimeMs: 150 } });
  const silent = connectTcp(surface.port, '127.0.0.1');
  await once(silent, 'close');
  t.pass('implicit TLS: closed in time');
  const starttls = await startSurface(t, { limits: { loginTimeMs: 150 } });
  const dialogue = await Dialogue.connect(starttls.port, {});
  await dialogue.reply();
  await dialogue.say('EHLO x');
  await dialogue.say('STARTTLS');
  t.equal(await dialogue.closed(), '', 'STARTTLS: closed in time, and nothing in clear');
  t.equal((await starttls.seen.nth('ended', 0)).end, 'session.timeout');
});

await t.test('garbage instead of a handshake', async (t) => {
  const surface = await startSurface(t, { tls: 'implicit' });
  for (const octets of ['GET / HTTP/1.1\r\n\r\n', 'EHLO x\r\n', '\x16\x03\x01\x00\x05hello', '\0'.repeat(100)]) {
    const socket = connectTcp(surface.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(octets, 'latin1');
    socket.end();
    socket.resume();
    await once(socket, 'close');
  }
  const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls, mode: 'implicit' });
  t.match(await dialogue.reply(), /^220/, 'the listener lives');
  t.same(surface.seen.named('bug'), []);
});

await t.test('clients that reset the connection at any moment of a handshake', async (t) => {
  for (const tls of ['implicit', 'required'] as const) {
    const surface = await startSurface(t, { tls });
    const hello = Buffer.from(`16030100f8010000f40303${'a5'.repeat(240)}`, 'hex');
    for (let i = 0; i < 120; i++) {
      const socket = connectTcp(surface.port, '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      if (tls === 'required') {
        await once(socket, 'data');
        socket.write('EHLO x\r\nSTARTTLS\r\n');
        if (i % 3 > 0) await once(socket, 'data');
      }
      if (i % 4 > 0) socket.write(hello.subarray(0, (i * 7) % hello.length));
      if (i % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      socket.resetAndDestroy();
    }
    const dialogue = await Dialogue.connect(surface.port, { tls: surface.tls, mode: tls === 'implicit' ? 'implicit' : 'clear' });
    t.match(await dialogue.reply(), /^220/, `${tls}: the listener lives`);
    dialogue.destroy();
    await surface.listener.stop(2_000);
    t.equal(surface.deps.places.taken, 0, `${tls}: every place was given back`);
    t.same(surface.seen.named('bug'), []);
  }
});
