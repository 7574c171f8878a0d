// The facts of a case: those that are given straight, by the same functions that read a message's header; or those that a real reading and
// inspection found, with what the case says beside.
import { contentFacts } from '../mail/content-facts.ts';
import type { Facts, MessageFacts } from '../mail/facts.ts';
import { isInside } from '../mail/inside.ts';
import type { Span } from '../mail/message.ts';
import type { CaseRecipient, PolicyCase } from './case.ts';
import { type Clock, type ClockTime, clockOf } from './clock-time.ts';
import { DAYS } from './condition-keys.ts';

const USUAL_BYTES = 4_000;

/**
 * The message of a case.
 * @param examined what reading and inspection found in its text or file; null where facts are given straight
 * @param timezone of the policy
 */
export function caseMessage(one: PolicyCase, examined: MessageFacts | null, timezone: string): MessageFacts {
  const { straight } = one;
  const base = examined ?? straightMessage(one);
  return {
    ...base,
    reversePath: one.sender,
    submitter: one.submitter,
    client: one.client,
    attachments: [...base.attachments, ...straight.attachments],
    sizeBytes: straight.sizeBytes ?? base.sizeBytes,
    visibleOutside: straight.visibleOutside ?? base.visibleOutside,
    acceptedAt: momentOf(one.time, clockOf(timezone)),
  };
}

/** All that one decision is made from. */
export function caseFacts(
  one: PolicyCase,
  message: MessageFacts,
  { address, inside, seen, oneSlipFromKnown, consents }: CaseRecipient,
): Facts {
  return {
    message,
    recipient: { address, inside, seen, oneSlipFromKnown, consents },
    sender: { attested: one.attested, consentsRevision: 0 },
  };
}

/** The message of a case with a text, as it would be submitted (RFC 5322, header in UTF-8 as RFC 6532 has it). */
export function caseLetter({ header, content }: PolicyCase): string {
  const fields = header.map(([name, value]) => `${name}: ${value.replaceAll(/\s+/g, ' ')}`);
  const text = content?.kind === 'text' ? content.text.replaceAll(/\r?\n/g, '\r\n') : '';
  return [...fields, 'mime-version: 1.0', 'content-type: text/plain; charset=utf-8', 'content-transfer-encoding: 8bit', '', text, ''].join(
    '\r\n',
  );
}

function straightMessage({ header, sender, submitter, client, organisation, straight }: PolicyCase): MessageFacts {
  const spans = header.map(([name, value]): Span => ({ part: '', place: { area: 'header', field: name }, text: value, marks: [] }));
  const { visible, ...read } = contentFacts({ parts: [], spans, defects: [], blindSpots: [], documents: [] });
  return {
    ...read,
    reversePath: sender,
    submitter,
    client,
    sizeBytes: USUAL_BYTES,
    phi: straight.phi,
    blindSpots: straight.blindSpots,
    visibleOutside: visible.filter((address) => !isInside(address, sender, organisation)).length,
    automatic: straight.automatic ?? (read.automatic || sender === ''),
    urgent: straight.urgent ?? read.urgent,
    encryptedBy: straight.encryptedBy,
    acceptedAt: 0,
  };
}

/** A week in which no zone changes its clocks. It begins on a Monday. */
const MONDAY = Date.UTC(2026, 10, 23);
const MINUTE_MS = 60_000;
const WEEK_MINUTES = 7 * 1_440;

/** The moment at which the policy's clock shows a day and a time. */
function momentOf({ day, minute }: ClockTime, clock: Clock): number {
  const wanted = DAYS.indexOf(day) * 1_440 + minute;
  const at = MONDAY + wanted * MINUTE_MS;
  const shown = clock(at);
  const ahead = DAYS.indexOf(shown.day) * 1_440 + shown.minute - wanted;
  // A zone is less than half a week away from UTC.
  const nearest = ((ahead + WEEK_MINUTES * 1.5) % WEEK_MINUTES) - WEEK_MINUTES / 2;
  return at - nearest * MINUTE_MS;
}
