// Which return addresses take mail and from whom: a table over the real store, for strangers and for servers of the organisation.
import t from 'tap';
import { standIns } from '../../../src/gateway/pickup/conversation.ts';
import { type Asked, type Door, mayReceive } from '../../../src/gateway/pickup/return-door.ts';
import { gatewayGround } from '../../support/gateway-ground.ts';
import { addressOf, ANN, PAT, RETURN, returnDeps, waitingPickup } from '../../support/return-path.ts';
import { idOf } from '../../support/store-names.ts';

await t.test('who may write where', async (t) => {
  const ground = await gatewayGround(t);
  const deps = returnDeps(t, ground);
  const pickup = await waitingPickup(ground);
  const notice = addressOf(ground, 'notice', pickup);
  const answer = addressOf(ground, 'answer', pickup);
  const never = addressOf(ground, 'notice', { messageId: idOf(9), n: 0 });
  const notWaiting = addressOf(ground, 'notice', { ...pickup, n: 1 });
  const forged = notice.replace(/.@/, (end) => (end === 'a@' ? 'b@' : 'a@'));
  const [NO, NOT_YOU, ALONE] = ['envelope.no-such-address', 'envelope.not-from-you', 'envelope.too-many-recipients'];
  const table: readonly (readonly [name: string, asked: Partial<Asked>, atReturn: string | null, atSubmission: string | null])[] = [
    ['a notice, from anybody', { address: notice }, null, null],
    ['a notice, from nobody', { address: notice, reversePath: '' }, null, null],
    ['a notice, in capitals and with a subaddress', { address: notice.toUpperCase().replace('@', '+x@') }, null, null],
    ['a forged token', { address: forged }, NO, NO],
    ['a token of a message that there never was', { address: never }, NO, NO],
    ['a notice to somebody for whom nothing waits', { address: notWaiting }, NO, NO],
    ['somebody of that domain', { address: `joe@${RETURN}` }, NO, NO],
    ['its postmaster', { address: `postmaster@${RETURN}` }, null, null],
    ['the plain postmaster', { address: 'postmaster' }, NO, null],
    ['another domain: no relay', { address: PAT }, NO, null],
    ['an answer, from nobody: a report', { address: answer, reversePath: '' }, null, null],
    ['an answer, from the originator by a server of ours', { address: answer, reversePath: ANN, who: 'known' }, null, null],
    ['an answer, from the originator in capitals', { address: answer, reversePath: ANN.toUpperCase(), who: 'known' }, null, null],
    ['an answer, in the name of the originator by a stranger', { address: answer, reversePath: ANN }, NOT_YOU, NOT_YOU],
    ['an answer, from a stranger', { address: answer, reversePath: 'eve@evil.example' }, NOT_YOU, NOT_YOU],
    ['an answer, from another person inside', { address: answer, reversePath: 'joe@clinic.example', who: 'known' }, NOT_YOU, null],
    ['a notice beside another recipient', { address: notice, earlier: [PAT] }, ALONE, ALONE],
    ['another beside a notice', { address: answer, reversePath: ANN, who: 'known', earlier: [notice] }, ALONE, ALONE],
    ['an answer beside another', { address: answer, reversePath: ANN, who: 'known', earlier: ['bob@clinic.example'] }, null, null],
  ];
  for (const [name, asked, atReturn, atSubmission] of table) {
    const whole: Asked = { address: '', reversePath: 'pat@home.example', earlier: [], who: 'stranger', ...asked };
    t.equal(await mayReceive('return', deps)(whole), atReturn, `${name}: listener of returns`);
    t.equal(await mayReceive('submission', deps)(whole), atSubmission, `${name}: submission`);
  }
  const none = { ...deps, returnDomain: () => null };
  for (const door of ['return', 'submission'] as const satisfies Door[]) {
    const asked: Asked = { address: notice, reversePath: ANN, earlier: [], who: 'known' };
    t.equal(await mayReceive(door, none)(asked), door === 'return' ? NO : null, `no return domain: ${door}`);
  }
});

await t.test('nobody outside can be an originator whose answers pass', async (t) => {
  const ground = await gatewayGround(t);
  const deps = returnDeps(t, ground);
  const outside = await waitingPickup(ground);
  const asked = { address: addressOf(ground, 'answer', outside), reversePath: ANN, earlier: [], who: 'known' } as const;
  t.equal(await mayReceive('return', { ...deps, organisation: () => ['other.example'] })(asked), 'envelope.not-from-you');
});

await t.test('whom an answer address stands for', async (t) => {
  const ground = await gatewayGround(t);
  const pickup = await waitingPickup(ground);
  const recipients = [
    { address: PAT, notify: null, orcpt: null, answers: pickup.deliveryId },
    { address: 'bob@clinic.example', notify: null, orcpt: null },
    { address: 'x@home.example', notify: null, orcpt: null, answers: 'nonsense' },
  ];
  const message = await ground.store.journal.readMessage(pickup.messageId);
  if (message === null) throw new Error('no message');
  t.same(standIns({ envelope: { ...message.envelope, recipients } }, ground.keys, RETURN), [
    { address: addressOf(ground, 'answer', pickup), person: PAT },
  ]);
});
