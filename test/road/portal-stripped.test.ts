// The promise of the portal (DESIGN.md section 3, "what opens content is a key"): whoever takes TLS away at the recipient's mail server and reads all
// mail that goes there has a link, and nothing that opens it. A running gateway, its real socket, an MX of the attacker's.
import { join } from 'node:path';
import t from 'tap';
import type { PickupDesk } from '../../src/gateway/pickup/desk.ts';
import { deskClient } from '../../src/portal/desk-client.ts';
import { deskSocketPath } from '../../src/portal/desk-wire.ts';
import { openSealed } from '../../src/spool/sealed-stream.ts';
import { contentOf, type Letter, post, recordsOf, untilEach } from '../support/posted.ts';
import { readWhole } from '../support/sealed-content.ts';
import type { PeerMessage, PeerOptions, SmtpPeer } from '../support/smtp-peer.ts';
import { USUAL_OFFER } from '../support/smtp-peer.ts';
import { ID, stage, type Stage } from '../support/stage.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const PATIENT = { address: '192.0.2.7', userAgent: 'Mozilla/5.0 Firefox/140.0' };
const ATTACKER = { address: '198.51.100.66', userAgent: 'Mozilla/5.0 Chrome/141.0' };
const CODE = /\b\d{4}-\d{4}\b/;
const PORTAL = `portal: { url: "https://portal.clinic.test", from: messages@clinic.test, name: Riverside Clinic, help: "+1 555 0100", port: 0 }`;

const policyOf = (methods: string): string => `version: 1
require:
  - id: phi-is-protected
    when: { phi: medium }
    protection: tls-verified
rules:
  - id: inside
    when: { to: "*@clinic.test" }
    deliver: [relay]
  - id: outside
    deliver: [${methods}]
`;

function clinic(t: Parameters<typeof stage>[0], mx: PeerOptions, methods: string): Promise<Stage> {
  const sections = {
    portal: PORTAL,
    policy: 'policy: { file: policy.yaml }',
    inspection: 'inspection: { organisation: [clinic.test] }',
    reading: 'reading: { before_reply: 2s }',
  };
  return stage(t, ca, { victim: mx }, sections, { 'policy.yaml': policyOf(methods) });
}

const deskOf = ({ postern }: Stage): PickupDesk => deskClient(deskSocketPath(join(postern.folder, 'run')));
/** Quoted-printable taken off, as far as these letters use it. */
const readable = ({ content }: PeerMessage): string => content.toString().replaceAll('=\r\n', '').replaceAll('=3D', '=');
const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n'));
const tokensIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/https:\/\/portal\.clinic\.test\/m\/([a-z0-9-]+)/g)].map(([, token = '']) => token)),
];

/** The page of the link says how the code fares, once it is known. */
async function fare(desk: PickupDesk, link: string, { postern }: Stage): Promise<string | null> {
  for (let i = 0; i < 120; i++) {
    const code = (await desk.look(link, ATTACKER))?.code ?? null;
    if (code !== 'on-its-way') return code;
    await postern.happened();
  }
  return 'on-its-way';
}

/** The content, by somebody with a code; null where it does not open. */
async function openedWith(desk: PickupDesk, link: string, code: string, messageId: string): Promise<string | null> {
  const entered = await desk.enterCode({ link, code, session: null }, PATIENT);
  if (entered.kind !== 'signed-in') return null;
  const asked = { session: entered.session, deliveryId: `${messageId}/0` };
  const opened = await desk.open(asked, PATIENT);
  const sealed = opened.kind === 'open' ? await desk.sealed(asked) : null;
  if (opened.kind !== 'open' || sealed === null) return null;
  return (await readWhole(openSealed(sealed, { messageId, key: opened.contentKey, sizeBytes: opened.sizeBytes }))).toString();
}

/** Everything that somebody with the link alone can try. Gives what each try was answered. */
async function attempts(desk: PickupDesk, link: string, deliveryId: string): Promise<Readonly<Record<string, unknown>>> {
  const session = 'A'.repeat(43);
  const guesses: string[] = [];
  for (const code of ['0000-0000', '1234-5678', '9999-9999', link.slice(0, 9), deliveryId.slice(0, 9), ''])
    guesses.push((await desk.enterCode({ link, code, session: null }, ATTACKER)).kind);
  const options = await desk.passkeyOptions('default', ATTACKER);
  const response = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response: {}, clientExtensionResults: {} };
  const passkey = await desk.enterPasskey({ challengeId: options.challengeId, response, session: null }, ATTACKER);
  const password = await desk.enterPassword({ link, password: 'correct horse battery staple', totp: null, session: null }, ATTACKER);
  return {
    guesses: guesses.filter((kind) => !['wrong', 'wait', 'gone'].includes(kind)),
    passkey: passkey.kind === 'signed-in',
    password: password.kind === 'signed-in',
    session: await desk.session(session, 'person'),
    opened: (await desk.open({ session, deliveryId }, ATTACKER)).kind,
    sealed: await desk.sealed({ session, deliveryId }),
    downloading: await desk.downloading({ session, deliveryId, part: 'whole' }, ATTACKER),
    changed: await desk.changePerson({ session, name: 'Mallory', language: null }, ATTACKER),
    enrolled: (await desk.enrolPassword({ session, password: 'correct horse battery staple' }, ATTACKER)).kind,
  };
}

const NOTHING = {
  guesses: [],
  passkey: false,
  password: false,
  session: null,
  opened: 'signed-out',
  sealed: null,
  downloading: 'stop',
  changed: 'signed-out',
  enrolled: 'signed-out',
};

const LETTER: Letter = {
  to: ['jane.roe@victim.test'],
  header: [ID('result'), 'To: Jane Roe <jane.roe@victim.test>', 'Subject: Result of your HIV test'],
  body: ['Your HIV test of 3 March 2026 was positive, Jane Roe, MRN 12345678.'],
};

await t.test('relay falls below its floor: the attacker has a notice, and nothing opens with it', async (t) => {
  const scene = await clinic(t, { faults: ['strips-starttls'] }, 'relay, portal');
  const { postern, session, mailbox } = scene;
  const victim = scene.peer('victim');
  const { id } = await post(session, LETTER);
  await untilEach(postern, id, ({ state }) => state === 'waiting');
  await victim.until(() => victim.messages.length > 0);
  const [waiting] = (await recordsOf(postern, id)).filter(({ kind }) => kind === 'delivery.waiting');
  t.match(waiting, { codes: { minimum: 'clinic', mailedCode: 'below-floor' } }, 'the pickup knows that its mail is read');

  const [notice] = victim.messages;
  if (notice === undefined) throw new Error('no notice');
  t.equal(notice.session.tls, null, 'it went in clear');
  const text = readable(notice);
  t.notMatch(text, /HIV|positive|12345678|Result of|Jane|result@clinic/, 'no subject, no content, no name, no Message-ID of it');
  t.notMatch(bodyOf(text), /jane|roe|victim/i, 'no address in the body or a link');
  t.notMatch(text, CODE, 'no code');
  const links = tokensIn(text);
  t.ok(links.length > 0, 'a link');

  const desk = deskOf(scene);
  for (const link of links) {
    t.match(await desk.look(link, ATTACKER), { state: 'open', wants: 'clinic', mailedCode: 'below-floor' });
    t.equal(await desk.sendCode(link, 'mail', ATTACKER), 'not-safe', 'no code comes this way');
    t.equal(await desk.sendCode(link, 'sms', ATTACKER), 'not-offered');
    t.same(await attempts(desk, link, `${id}/0`), NOTHING);
    t.same(await attempts(desk, link.slice(0, -1), `${id}/0`), NOTHING, 'nor with half of it');
  }

  const isCode = (message: PeerMessage): boolean => message.content.includes('<result@clinic.test>') && CODE.test(readable(message));
  await mailbox.until(() => mailbox.messages.some(isCode));
  const told = mailbox.messages.filter(isCode);
  t.equal(told.length, 1, 'the originator is told the code, once');
  t.ok(told[0]?.session.tls, 'over TLS');
  t.match(told[0]?.rcpt, ['RCPT TO:<nurse@clinic.test>'], 'and nobody else');
  const [code = ''] = CODE.exec(readable(told[0] ?? notice)) ?? [];
  t.notMatch(victim.messages.map(({ content }) => content.toString()).join('\n'), CODE, 'no later mail had one');
  t.equal(victim.messages.length, 1, 'there was no later mail');
  const content = await openedWith(desk, links[0] ?? '', code, id);
  t.ok(content?.endsWith(bodyOf(contentOf(LETTER))), 'the patient, told the code by telephone, reads it, whatever was guessed before');
  t.equal(await openedWith(desk, links[0] ?? '', code, id), null, 'the code is spent');
});

/** An MX whose TLS is in order until `strip` is called. */
function turningMx(): { readonly options: PeerOptions; readonly strip: (peer: SmtpPeer) => void } {
  let mood: 'good' | 'stripped' = 'good';
  const offer = `250-peer.test\r\n${USUAL_OFFER.map((word, i) => `250${i === USUAL_OFFER.length - 1 ? ' ' : '-'}${word}\r\n`).join('')}`;
  return {
    options: {
      script: (step) => {
        if (mood === 'good') return undefined;
        return step === 'ehlo' ? offer : step === 'starttls' ? '502 5.5.1 unknown command\r\n' : undefined;
      },
    },
    strip(peer) {
      mood = 'stripped';
      peer.cutAll();
    },
  };
}

await t.test('portal first: the code is mailed over verified TLS, and not at all when that is gone', async (t) => {
  const mx = turningMx();
  const scene = await clinic(t, mx.options, 'portal');
  const { postern, session } = scene;
  const victim = scene.peer('victim');
  const desk = deskOf(scene);
  const waits = async (name: string): Promise<{ readonly id: string; readonly link: string }> => {
    const before = victim.messages.length;
    const { id } = await post(session, { to: [`${name}@victim.test`], header: [ID(name)], body: ['We open at nine.'] });
    await untilEach(postern, id, ({ state }) => state === 'waiting');
    await victim.until(() => victim.messages.length > before);
    const [link = ''] = victim.messages.slice(before).flatMap((message) => tokensIn(readable(message)));
    return { id, link };
  };
  const first = await waits('first');
  const second = await waits('second');
  t.match(await desk.look(first.link, PATIENT), { wants: 'address', mailedCode: 'may-travel' });
  t.equal(await desk.sendCode(first.link, 'mail', PATIENT), 'sent');
  await victim.until(() => victim.messages.length === 3);
  const mailed = victim.messages.filter((message) => CODE.test(readable(message)));
  t.match(mailed, [{ session: { tls: { protocol: 'TLSv1.3' } } }], 'one code, over TLS');
  t.same(
    mailed.flatMap((message) => tokensIn(readable(message))),
    [],
    'without the link beside it',
  );
  const [code = ''] = CODE.exec(mailed.map(readable).join('')) ?? [];
  t.match(await openedWith(desk, first.link, code, first.id), 'We open at nine.');

  mx.strip(victim);
  t.equal(await desk.sendCode(second.link, 'mail', ATTACKER), 'sent', 'nobody knows yet');
  t.equal(await fare(desk, second.link, scene), 'not-safe', 'the page says that none can come');
  t.same(await attempts(desk, second.link, `${second.id}/0`), NOTHING);
  const third = await waits('third');
  t.equal(victim.messages.at(-1)?.session.tls, null, 'a notice still goes, in clear');
  t.equal(await desk.sendCode(third.link, 'mail', ATTACKER), 'sent');
  t.equal(await fare(desk, third.link, scene), 'not-safe');
  t.same(
    victim.messages.filter((message) => message.session.tls === null && CODE.test(readable(message))),
    [],
    'no code was ever in clear',
  );
  t.ok(
    victim.sessions.some(({ tls, lines }) => tls === null && lines.some((line) => /^EHLO/i.test(line))),
    'though it was tried there',
  );
  t.equal(await openedWith(desk, second.link, code, second.id), null, 'a code of another message opens nothing');
});
