// The law of conservation: every accepted recipient reaches exactly one end or an open hold, and the log, the database, the client's notes
// and the next hops agree about it. Each breach is a sentence; a test expects none.
import { isFinal } from '../../src/mail/delivery.ts';
import type { Durable } from './evidence.ts';
import type { Accepted } from './load.ts';
import type { ReportArrival, Sink } from './sink.ts';
import { type DeliveryStory, type Story, storyOf } from './story.ts';

export interface Facts {
  readonly durable: Durable;
  /** What clients were promised. */
  readonly accepted: readonly Accepted[];
  readonly sinks: readonly Pick<Sink, 'arrivals' | 'reports'>[];
}

/** Every breach of the law, in words. */
export function breaches({ durable, accepted, sinks }: Facts): readonly string[] {
  const story = storyOf(durable.evidence);
  return [
    ...ofTheFolder(durable),
    ...accepted.flatMap((one) => ofThePromise(one, story)),
    ...durable.deliveries.flatMap((delivery) => ofTheDelivery(delivery, story)),
    ...ofTheArrivals(
      sinks.flatMap((sink) => sink.arrivals),
      accepted,
      story,
    ),
    ...ofTheReports(
      sinks.flatMap((sink) => sink.reports),
      story,
    ),
  ];
}

function ofTheFolder({ verdict, integrity, files, spooled }: Durable): readonly string[] {
  return [
    ...(integrity === 'ok' ? [] : [`the database is damaged: ${integrity}`]),
    ...(verdict.bad === null ? [] : [`record ${verdict.bad.seq} of the chain is ${verdict.bad.why}`]),
    ...(verdict.head === 'right' ? [] : [`the signed head is ${verdict.head}`]),
    ...spooled.filter((id) => !files.includes(id)).map((id) => `${id} has lost its spool file`),
    ...files.filter((id) => !spooled.includes(id)).map((id) => `the spool file of ${id} belongs to nothing`),
  ];
}

/** A 250 named this id: it was accepted once, and each of its recipients has a delivery, its own or the one that it repeats. */
function ofThePromise({ message, messageId }: Accepted, story: Story): readonly string[] {
  const { testId, recipients } = message;
  const times = story.accepted.get(messageId) ?? 0;
  const lost = recipients.filter((recipient, n) => {
    const repeated = story.deliveries.get(story.repeats.get(`${messageId}/${n}`) ?? '');
    return !story.byRecipient.has(`${messageId} ${recipient}`) && repeated?.recipient !== recipient;
  });
  return [
    ...(times === 1 ? [] : [`${testId}: 250 for ${messageId}, in the log ${times} times`]),
    ...lost.map((recipient) => `${testId}: 250 for ${messageId}, and no delivery to ${recipient}`),
  ];
}

function ofTheDelivery(
  { deliveryId, messageId, kind, state, report, holdDeadline }: Durable['deliveries'][number],
  story: Story,
): readonly string[] {
  const told = story.deliveries.get(deliveryId);
  if (told === undefined) return [`${deliveryId} is in the database and not in the log`];
  const wrong: string[] = [];
  const ends = told.ends.join(' and ');
  if (told.decided !== 1) wrong.push(`${deliveryId} was decided ${told.decided} times`);
  if (ends !== (isFinal(state) ? state : '')) wrong.push(`${deliveryId} is ${state}, and in the log it ended "${ends}"`);
  if (!isFinal(state) && state !== 'held' && state !== 'waiting') wrong.push(`${deliveryId} is still ${state}`);
  if (state === 'held' && (told.holds === 0 || holdDeadline === null)) wrong.push(`${deliveryId} is held without evidence or deadline`);
  if (state === 'waiting' && told.waits === 0) wrong.push(`${deliveryId} waits at the portal without evidence`);
  if (report !== null) wrong.push(`${deliveryId} still owes a report (${report})`);
  const owesDsn = kind === 'message' && (state === 'returned' || state === 'expired');
  if (owesDsn && !story.withheld.has(deliveryId) && !story.reports.has(messageId))
    wrong.push(`${deliveryId} is ${state}, and nobody was told`);
  return wrong;
}

/** What arrived was accepted and came whole, by one delivery for all tries; what was relayed arrived; copies beyond the first are marked. */
function ofTheArrivals(arrivals: Sink['arrivals'], accepted: readonly Accepted[], story: Story): readonly string[] {
  const wrong: string[] = [];
  const copies = new Map<DeliveryStory, number>();
  const bodies = new Map(accepted.map(({ message }) => [message.testId, message.bodySha256]));
  const cameBy = new Map<string, DeliveryStory>();
  for (const { messageId, testId, recipient, bodySha256 } of arrivals) {
    const told = story.byRecipient.get(`${messageId} ${recipient}`);
    if (told === undefined) wrong.push(`${messageId} arrived at ${recipient} and was never accepted`);
    else copies.set(told, (copies.get(told) ?? 0) + 1);
    if ((bodies.get(testId) ?? bodySha256) !== bodySha256) wrong.push(`${messageId} arrived at ${recipient} with another body`);
    const first = cameBy.get(`${testId} ${recipient}`);
    if (first === undefined && told !== undefined) cameBy.set(`${testId} ${recipient}`, told);
    if (first !== undefined && first !== told) wrong.push(`${testId} came to ${recipient} by ${first.deliveryId} and by ${messageId}`);
  }
  for (const told of story.deliveries.values()) {
    const count = copies.get(told) ?? 0;
    const { deliveryId, ends, unknown, marked } = told;
    if (ends[0] === 'relayed' && count === 0 && !story.isReport(deliveryId)) wrong.push(`${deliveryId} was relayed and never arrived`);
    if (count > 1 + unknown) wrong.push(`${deliveryId} arrived ${count} times with ${unknown} outcomes unknown`);
    if (count > 1 && marked === 'no') wrong.push(`${deliveryId} arrived ${count} times and is not marked`);
  }
  return wrong;
}

/** Each report that was relayed arrived, and more than once only where an outcome was unknown. */
function ofTheReports(arrivals: readonly ReportArrival[], story: Story): readonly string[] {
  const wrong: string[] = [];
  for (const id of [...story.reports.values()].flat()) {
    const told = story.deliveries.get(`${id}/0`);
    const arrived = arrivals.filter(({ messageId }) => messageId === id).map(({ recipient }) => recipient);
    if (told?.ends[0] === 'relayed' && arrived.length === 0) wrong.push(`the report ${id} was relayed and never arrived`);
    if (arrived.length > new Set(arrived).size * (1 + (told?.unknown ?? 0))) wrong.push(`the report ${id} arrived too often`);
  }
  return wrong;
}
