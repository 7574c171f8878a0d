// Real mail programs over both kinds of TLS: what they send arrives unchanged; what is refused they report; a wrong CA they refuse.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { MAIL_CLIENTS, sendWith } from '../support/clients/mail-clients.ts';
import type { ClientJob, ClientResult } from '../support/clients/mail-clients.ts';
import { PASSWORD, startSurface } from '../support/submission-surface.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { createTestCa } from '../support/test-ca.ts';

const BODY = 'Patient Zoë Müller, HbA1c 6.1 %.\n.a line that begins with a dot\n..two of them\n.\nlast line\n';
const folder = temporaryFolder(t);
let jobs = 0;

/** Sends one message; every job has a folder of its own. */
async function send(name: string, port: number, ca: string, change: Partial<ClientJob> = {}): Promise<ClientResult> {
  const own = join(folder, String(jobs++));
  mkdirSync(own);
  const caFile = join(own, 'ca.pem');
  writeFileSync(caFile, ca);
  return sendWith(name, {
    port,
    tls: 'starttls',
    user: 'ehr',
    password: PASSWORD,
    caFile,
    from: 'lab@hospital.example',
    to: 'dr.b@partner.example',
    subject: `sent with ${name}`,
    body: BODY,
    folder: own,
    ...change,
  });
}

for (const name of Object.keys(MAIL_CLIENTS)) {
  await t.test(name, async (t) => {
    for (const tls of ['starttls', 'implicit'] as const) {
      const surface = await startSurface(t, { tls: tls === 'implicit' ? 'implicit' : 'required' });
      const sent = await send(name, surface.port, surface.ca.certificatePem, { tls });
      t.equal(sent.code, 0, `${tls}: ${sent.output.split('\n').slice(-3).join(' ')}`);
      const message = surface.accept.kept[0];
      if (message === undefined) return t.fail(`${tls}: nothing arrived`);
      const { submission, content } = message;
      t.match(submission.envelope, { reversePath: 'lab@hospital.example', recipients: [{ address: 'dr.b@partner.example' }] }, tls);
      t.match(submission.client, { protocol: 'ESMTPSA', tls: { protocol: 'TLSv1.3' } }, tls);
      t.match(content.toString(), new RegExp(`^Subject: sent with ${name}\r$`, 'm'));
      const text = content.toString();
      const body = /quoted-printable/i.test(text) ? quotedPrintable(text) : text;
      t.ok(body.includes(BODY.replaceAll('\n', '\r\n').trimEnd()), `${tls}: the body is unchanged`);
      t.equal(surface.accept.kept.length, 1);
      t.same(surface.seen.named('bug'), []);
    }
  });
}

await t.test('what goes wrong they report', async (t) => {
  const wrongCa = createTestCa('Somebody Else').certificatePem;
  for (const name of Object.keys(MAIL_CLIENTS)) {
    const surface = await startSurface(t, { failuresAllowed: 50 });
    const ca = surface.ca.certificatePem;
    t.not((await send(name, surface.port, wrongCa)).code, 0, `${name}: a wrong CA`);
    t.not((await send(name, surface.port, ca, { password: 'wrong' })).code, 0, `${name}: a wrong password`);
    t.not((await send(name, surface.port, ca, { from: 'boss@other.example' })).code, 0, `${name}: an address that is not its own`);
    surface.accept.reply = { code: 451, enhanced: '4.3.0', text: 'Message could not be stored, try again' };
    t.not((await send(name, surface.port, ca)).code, 0, `${name}: refused after the dot`);
    t.equal(surface.accept.kept.length, 0);
  }
});

function quotedPrintable(text: string): string {
  const octets = text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(octets, 'latin1').toString('utf8');
}
