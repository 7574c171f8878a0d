// EIO and ENOSPC at the system calls of one message that waits at the portal: its acceptance, its notice, a code, the signing in, the reading, the answer.
// At each point people get a temporary failure, try again, and everything comes through once. Then a disk at its mark: what is under way goes on.
import { statfsSync } from 'node:fs';
import t, { type Test } from 'tap';
import { breaches } from '../support/conservation.ts';
import { readDurable, untilSettled } from '../support/evidence.ts';
import { type FaultPoint, nameOf, Tracer } from '../support/fault.ts';
import { chosen } from '../support/fault-sweep.ts';
import { type Accepted, Load, loadMessage } from '../support/load.ts';
import { answerTo, noticeIn, type Notice, oneLine, Patients } from '../support/patients.ts';
import { pickupBreaches } from '../support/pickup-conservation.ts';
import { portalStage, type PortalStage } from '../support/portal-stage.ts';
import type { Postern } from '../support/postern.ts';

const PLAN: readonly (readonly [call: string, fault: FaultPoint['fault'], points: number])[] = [
  ['fsync', 'EIO', 5],
  ['pwrite64', 'ENOSPC', 2],
];

/** A service manager: what has ended is started again until the test is over with it. */
function keptRunning(postern: Postern): () => Promise<void> {
  const over = new AbortController();
  const gone = new Promise<void>((resolve) => over.signal.addEventListener('abort', () => resolve()));
  const keeping = (async () => {
    while (!over.signal.aborted) {
      await Promise.race([postern.ended, gone]);
      if (!over.signal.aborted) await postern.start();
    }
  })();
  return async () => {
    over.abort();
    await keeping;
  };
}

async function noticeOf({ postern, home }: PortalStage, messageId: string): Promise<Notice> {
  for (;;) {
    const notice = home.messages.map(noticeIn).find((one) => one?.deliveryId === `${messageId}/0`);
    if (notice != null) return notice;
    await postern.happened();
  }
}

/** All that happens to one message. Gives what the client of the mail program heard, and what was accepted. */
async function live(stage: PortalStage, patients: Patients, name: string): Promise<Load> {
  const message = loadMessage(name, [`mails-${name}@home.test`], 2_000);
  const load = new Load({ postern: stage.postern, messages: [message], connections: 1, again: 'until-taken' });
  await load.done;
  const notice = await noticeOf(stage, load.accepted[0]?.messageId ?? '');
  await patients.readAndAnswer(notice, (one, client) => patients.codeByMail(one, client));
  return load;
}

/** No new mail is taken, answers wait; what was accepted can still be opened, with a code that still goes out. */
async function atTheMark(t: Test, stage: PortalStage, patients: Patients, accepted: Accepted[]): Promise<void> {
  const { postern, desk, home } = stage;
  const before = new Load({ postern, messages: [loadMessage('mark-98', ['reads-98@home.test'], 2_000)], connections: 1, again: 'once' });
  await before.done;
  accepted.push(...before.accepted);
  const notice = await noticeOf(stage, before.accepted[0]?.messageId ?? '');
  const { bavail, bsize } = statfsSync(postern.dataFolder);
  await postern.restart({ disk: `disk: { refuse_below: ${Math.ceil((bavail * bsize) / 1e6) * 2}MB, stop_below: 1MB }` });
  const refused = new Load({ postern, messages: [loadMessage('mark-99', ['ok-99@good.test'], 2_000)], connections: 1, again: 'once' });
  await refused.done;
  t.match(refused.failures, [{ reply: /^452 4\.3\.1 / }]);
  const client = { address: '10.99.0.7', userAgent: 'Firefox/140' };
  t.equal(await desk.sendCode(notice.link, 'mail', client), 'sent');
  await home.until(() =>
    home.messages.some(({ rcpt, content }) => rcpt.join().includes('reads-98') && noticeIn({ mail: '', rcpt, content }) === null),
  );
  const code = (await patients.codeOfClinic(notice)) ?? '';
  const entered = await desk.enterCode({ link: notice.link, code, session: null }, client);
  if (entered.kind !== 'signed-in') throw new Error(entered.kind);
  const { session } = entered;
  t.match(await desk.open({ session, deliveryId: notice.deliveryId }, client), { kind: 'open' });
  const answer = { ...answerTo(notice.deliveryId), form: 'F'.repeat(22) };
  t.same(await desk.answer({ session, answer, body: oneLine('Not now.') }, client), { kind: 'busy' });
  await postern.restart({ disk: 'disk: { refuse_below: 20MB, stop_below: 10MB }' });
  await patients.readAndAnswer(notice, (one) => patients.codeOfClinic(one));
}

t.test('a storage that fails at each step', { timeout: 200_000 }, async (t) => {
  const stage = await portalStage(t);
  const { postern, home, clinic } = stage;
  const patients = new Patients(stage);
  const accepted: Accepted[] = [];
  const counter = await Tracer.count(
    postern.pid,
    'storage',
    PLAN.map(([call]) => call),
  );
  accepted.push(...(await live(stage, patients, 'count-0')).accepted);
  await untilSettled(postern, 20_000);
  await counter.detach();
  const points = PLAN.flatMap(([call, fault, most]) =>
    // Each try makes a few calls more or less: the last of those counted may not come.
    chosen(Math.floor((counter.calls.get(call) ?? 0) * 0.9), most).map((nth): FaultPoint => ({ thread: 'storage', call, nth, fault })),
  );
  let struck = 0;
  for (const [i, point] of points.entries()) {
    const tracer = await Tracer.inject(postern.pid, point);
    const release = keptRunning(postern);
    const load = await live(stage, patients, `${point.call}-${i + 1}`);
    await untilSettled(postern, 20_000);
    await tracer.detach();
    await release();
    if ((await tracer.struck) === 'struck') struck++;
    const heard = load.failures.map(({ reply }) => reply.slice(0, 9)).filter((reply) => reply !== '');
    t.same(
      heard.filter((reply) => !reply.startsWith('4')),
      [],
      `${nameOf(point)}: ${heard.join(', ')}`,
    );
    accepted.push(...load.accepted);
  }
  t.ok(struck >= points.length / 2, `${struck} of ${points.length} faults struck`);
  t.ok(patients.lost > 0, `people had to try again ${patients.lost} times`);

  await t.test('a disk at its mark', (t) => atTheMark(t, stage, patients, accepted));
  await untilSettled(postern, 20_000);
  home.look();
  clinic.look();
  const durable = await readDurable(postern);
  t.same(breaches({ durable, accepted, sinks: [home, clinic] }), [], 'the law of conservation');
  t.same(await pickupBreaches(stage, durable, patients.promised), [], 'at the portal too');
});
