// The law of conservation at the portal: every delivery that waits, or waited, there has one pickup in one honest state, its notice went out once (copies
// are marked), and whatever was promised to a person is so. Each breach is a sentence; a test expects none.
import type { PickupReport } from '../../src/control/pickup-commands.ts';
import type { Durable } from './evidence.ts';
import { noticeIn, type Promised } from './patients.ts';
import type { PortalStage } from './portal-stage.ts';

export async function allPickups({ postern }: Pick<PortalStage, 'postern'>): Promise<readonly PickupReport[]> {
  const all: PickupReport[] = [];
  for (let after: string | null = null; ; after = all.at(-1)?.deliveryId ?? null) {
    const listed = await postern.control.call('pickup.list', { open: 'all', after, limit: 500 });
    if (listed.kind !== 'done') throw new Error(JSON.stringify(listed));
    all.push(...listed.value.pickups);
    if (listed.value.next === null) return all;
  }
}

/** Every breach, in words. */
export async function pickupBreaches(stage: PortalStage, durable: Durable, promised: Promised): Promise<readonly string[]> {
  const pickups = new Map((await allPickups(stage)).map((pickup) => [pickup.deliveryId, pickup]));
  const records = Map.groupBy(durable.evidence, ({ deliveryId }) => deliveryId ?? '');
  const notices = Map.groupBy(
    stage.home.messages.flatMap((message) => noticeIn(message) ?? []),
    ({ deliveryId }) => deliveryId,
  );
  const counted: Counted = {
    times: (deliveryId, kind) => (records.get(deliveryId) ?? []).filter((record) => record.kind === kind).length,
    notices: (deliveryId) => new Set((notices.get(deliveryId) ?? []).map(({ id }) => id)).size,
  };
  return [
    ...durable.deliveries.flatMap((delivery) => ofTheDelivery(delivery, pickups.get(delivery.deliveryId), counted)),
    ...[...pickups.values()].flatMap((pickup) => ofThePickup(pickup, counted)),
    ...ofTheAnswers(stage, durable, promised),
    ...ofThePromises(pickups, promised),
    ...(await ofTheCodes(stage, promised)),
  ];
}

interface Counted {
  /** Records of one kind about a delivery. */
  readonly times: (deliveryId: string, kind: string) => number;
  /** Notices about it that arrived, copies of one as one. */
  readonly notices: (deliveryId: string) => number;
}

function ofTheDelivery(
  { deliveryId, state }: Durable['deliveries'][number],
  pickup: PickupReport | undefined,
  { times }: Counted,
): readonly string[] {
  const begun = times(deliveryId, 'delivery.waiting');
  if (begun > 1) return [`${deliveryId} began to wait ${begun} times`];
  if (begun === 0 && pickup === undefined) return [];
  if (begun === 0) return [`${deliveryId} has a pickup and never began to wait`];
  if (pickup === undefined) return [`${deliveryId} waits and has no pickup`];
  return pickup.state === state ? [] : [`${deliveryId} is ${state}, its pickup says ${pickup.state}`];
}

function ofThePickup(pickup: PickupReport, { times, notices }: Counted): readonly string[] {
  const { deliveryId, state, opened, answers, recalledAt, bouncedAt, overAt, owed } = pickup;
  const wrong: string[] = [];
  const sent = notices(deliveryId);
  const handed = times(deliveryId, 'pickup.noticed');
  if (state === 'waiting' && recalledAt === null && (owed !== null || sent === 0))
    wrong.push(`${deliveryId} waits and nobody was told (${owed ?? 'not owed'})`);
  if (handed > 1) wrong.push(`${deliveryId} was announced by ${handed} notices`);
  if (sent > handed) wrong.push(`${deliveryId}: ${sent} notices came, ${handed} are in the log`);
  if (opened !== times(deliveryId, 'pickup.opened'))
    wrong.push(`${deliveryId} was opened ${opened} times, in the log ${times(deliveryId, 'pickup.opened')}`);
  if (answers !== times(deliveryId, 'pickup.answered'))
    wrong.push(`${deliveryId} has ${answers} answers, in the log ${times(deliveryId, 'pickup.answered')}`);
  if ((state === 'picked-up') !== opened > 0) wrong.push(`${deliveryId} is ${state} and was opened ${opened} times`);
  if ((recalledAt !== null) !== times(deliveryId, 'pickup.recalled') > 0)
    wrong.push(`${deliveryId}: the log does not agree that it was taken back`);
  if ((bouncedAt !== null) !== times(deliveryId, 'pickup.bounced') > 0)
    wrong.push(`${deliveryId}: the log does not agree that its notice came back`);
  if ((overAt !== null) !== (state !== 'waiting' && state !== 'picked-up'))
    wrong.push(`${deliveryId} is ${state}, over at ${overAt ?? 'no time'}`);
  return wrong;
}

/** What a person was told is sent is one message, which came to the clinic whole. */
function ofTheAnswers({ clinic }: PortalStage, { evidence }: Durable, { answered }: Promised): readonly string[] {
  return [...answered].flatMap(([deliveryId, text]) => {
    const ids = evidence.flatMap((record) =>
      record.kind === 'pickup.answered' && record.deliveryId === deliveryId ? [String(record.codes['answer'])] : [],
    );
    const [id = ''] = ids;
    const came = clinic.messages.filter(({ content }) => content.includes(`\r\n\r\n${text}\r\n`));
    return [
      ...(ids.length === 1 ? [] : [`${deliveryId} was answered once, and became ${ids.length} messages`]),
      ...(came.some(({ content }) => content.includes(`<${id}@`)) ? [] : [`the answer to ${deliveryId} never came`]),
    ];
  });
}

function ofThePromises(pickups: ReadonlyMap<string, PickupReport>, { opened, answered, recalled, bounced }: Promised): readonly string[] {
  const broken = (ids: Iterable<string>, what: string, isKept: (pickup: Kept) => boolean): readonly string[] =>
    [...ids].filter((id) => !isKept(pickups.get(id) ?? NONE)).map((id) => `${id} was ${what}, and is not`);
  return [
    ...broken(opened, 'opened', ({ state, opened: times }) => state === 'picked-up' && times > 0),
    ...broken(answered.keys(), 'answered', ({ answers }) => answers > 0),
    ...broken(recalled, 'taken back', ({ recalledAt, opened: times }) => recalledAt !== null && times === 0),
    ...broken(bounced, 'undeliverable', ({ state, bouncedAt }) => state === 'returned' && bouncedAt !== null),
  ];
}

type Kept = Pick<PickupReport, 'state' | 'opened' | 'answers' | 'recalledAt' | 'bouncedAt'>;
const NONE = { state: 'queued', opened: 0, answers: 0, recalledAt: null, bouncedAt: null } as const satisfies Kept;

/** Nobody gets in by a code that has let somebody in. */
async function ofTheCodes({ desk }: PortalStage, { spent }: Promised): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const { link, code, client } of spent) {
    const { kind } = await desk.enterCode({ link, code, session: null }, client);
    if (kind !== 'wrong') wrong.push(`a code that was spent says ${kind}`);
  }
  return wrong;
}
