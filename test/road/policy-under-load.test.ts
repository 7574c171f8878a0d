// A policy that becomes stricter and a consent that is revoked, while mail is under way: nothing is lost, and nothing goes out by what was
// in effect before once the change is.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { consentShape } from '../../src/mail/consent.ts';
import { deliveriesOf, logIn, post, recordsOf, untilEach, untilOver } from '../support/posted.ts';
import type { PeerMessage, SmtpPeer } from '../support/smtp-peer.ts';
import { stage } from '../support/stage.ts';
import { createTestCa } from '../support/test-ca.ts';

const ca = createTestCa();
const MESSAGES = 40;
const RESULT = ['Dear Ms Quartermaine,', '', 'your HbA1c came back at 9.2 %. Please call about your diabetes treatment.'];
const QUICK_RETRY = { delivery: 'delivery: { retry: { first: 1s, longest: 1s }, expire_after: 1h }' };

/** Where every recipient is refused, DATA that was pipelined ends with nothing but a dot (RFC 2920 3.1). */
function takenBy(peer: SmtpPeer): readonly PeerMessage[] {
  return peer.messages.filter(({ rcpt }) => rcpt.length > 0);
}

const OPEN = `version: 1
rules:
  - id: everything
    deliver: [relay]
`;
const STRICT = `version: 1
rules:
  - id: phi-waits
    when: { phi: medium }
    hold: "Health data waits."
  - id: everything
    deliver: [relay]
`;

t.test('stricter while mail waits for a second try', { timeout: 120_000 }, async (t) => {
  const gate = { open: false };
  const scene = await stage(
    t,
    ca,
    { slow: { script: (step) => (step === 'rcpt' && !gate.open ? '451 4.3.0 later\r\n' : undefined) } },
    { policy: 'policy: { file: policy.yaml }', ...QUICK_RETRY },
    { 'policy.yaml': OPEN },
  );
  const { postern } = scene;
  const sessions = await Promise.all(Array.from({ length: 4 }, () => logIn(postern)));
  t.teardown(() => sessions.forEach((session) => session.destroy()));
  const ids = (
    await Promise.all(
      sessions.map(async (session, s) => {
        const taken: string[] = [];
        for (let i = s; i < MESSAGES; i += sessions.length)
          taken.push((await post(session, { to: [`p${i}@slow.test`], body: i % 2 === 0 ? RESULT : ['The printer is mended.'] })).id);
        return taken.map((id, k) => ({ id, phi: (s + k * sessions.length) % 2 === 0 }));
      }),
    )
  ).flat();
  t.equal(ids.filter(({ id }) => id !== '').length, MESSAGES, 'all were taken');
  await untilEach(postern, ids[0]?.id ?? '', ({ state }) => state === 'deferred');
  const from = postern.log.length;
  writeFileSync(join(postern.folder, 'new.yaml'), STRICT);
  renameSync(join(postern.folder, 'new.yaml'), join(postern.folder, 'policy.yaml'));
  await postern.until('config.loaded', () => true, from);
  gate.open = true;
  for (const { id, phi } of ids) {
    const [entry] = await untilOver(postern, id);
    t.equal(entry?.state, phi ? 'held' : 'relayed', phi ? 'health data waits' : 'the rest goes');
  }
  const sent = takenBy(scene.peer('slow')).map(({ content }) => content.toString('latin1'));
  t.equal(sent.length, MESSAGES / 2);
  t.notOk(
    sent.some((content) => content.includes('HbA1c')),
    'not one that was to wait',
  );
  const again = (await recordsOf(postern, ids.find(({ phi }) => phi)?.id ?? '')).filter(({ kind }) => kind === 'delivery.decided');
  t.match(again.at(-1)?.codes, { again: true, rule: 'phi-waits', action: 'hold' });
});

const BY_CONSENT = `version: 1
require:
  - id: phi-is-protected
    when: { phi: medium }
    protection: tls-verified
    unless_consent: yes
rules:
  - id: plain-by-consent
    when: { consent: plain-mail }
    deliver: [relay]
    protection: opportunistic
  - id: everything
    deliver: [relay]
`;

t.test(
  'a consent lets mail go in clear to that address only, until it is revoked: also what is queued',
  { timeout: 120_000 },
  async (t) => {
    const gate = { open: true };
    const scene = await stage(
      t,
      ca,
      { plain: { faults: ['no-starttls'], script: (step) => (step === 'rcpt' && !gate.open ? '451 4.3.0 later\r\n' : undefined) } },
      { policy: 'policy: { file: policy.yaml }', ...QUICK_RETRY },
      { 'policy.yaml': BY_CONSENT },
    );
    const { postern, session } = scene;
    const record = consentShape.parse({
      kind: 'plain-mail',
      address: 'pat@plain.test',
      scope: 'clinic.test',
      text: 'warning-2026-02',
      document: null,
      givenAt: Date.now() - 1_000,
      until: null,
      takenBy: null,
      note: null,
      authorisation: null,
      otherWay: null,
      uses: null,
    });
    const { id: before } = await post(session, { to: ['pat@plain.test'], body: RESULT });
    t.match(await untilOver(postern, before), [{ state: 'held', hold: { reason: 'delivery.below-floor' } }], 'no consent, no TLS: held');
    const recorded = await postern.control.call('consent.record', { consents: [record], who: 'ann' });
    t.equal(recorded.kind, 'done');
    const { id } = await post(session, { to: ['pat@plain.test', 'jo@plain.test'], body: RESULT });
    const [pat, jo] = await untilOver(postern, id);
    t.match(pat, { state: 'relayed', decision: { rule: 'plain-by-consent', floor: 'opportunistic' } });
    t.match(jo, { state: 'held', decision: { rule: 'everything', floor: 'tls-verified' } }, 'of another person it says nothing');
    const relayed = (await recordsOf(postern, id)).find(({ kind }) => kind === 'delivery.relayed');
    t.match(relayed?.codes, { tls: 'none' }, 'the evidence says in clear');

    gate.open = false;
    const { id: queued } = await post(session, { to: ['pat@plain.test'], body: RESULT });
    await untilEach(postern, queued, ({ state }) => state === 'deferred');
    const revoked = await postern.control.call('consent.revoke', { ids: [1], who: 'ann', why: 'letter of today' });
    t.equal(revoked.kind, 'done');
    gate.open = true;
    t.match(await untilOver(postern, queued), [{ state: 'held', decision: { rule: 'everything', floor: 'tls-verified' } }]);
    t.equal(takenBy(scene.peer('plain')).length, 1, 'only what the consent covered');
    t.match(await deliveriesOf(postern, id), [{ state: 'relayed' }, { state: 'held' }]);
  },
);
