// The page behind a link, without content: what may be told to whoever has it. It spends nothing and counts as no reading; who looks may well be a
// program that follows every link of every mail.
import type { PickupFace, DeskClient } from './desk.ts';
import { type DeskParts, pickupAt, standingOf } from './desk-parts.ts';
import type { SentCodes } from './send-code.ts';
import { pickupEvidence } from './reports.ts';

/** Programs that say so, and libraries. Others are told by what they do: those that hide look like people, and nothing here depends on it. */
const PROGRAM =
  /bot\b|crawl|spider|scan|preview|proof|safelinks|barracuda|mimecast|curl|wget|python|java\/|okhttp|go-http|libwww|httpclient|headless|monitor/i;
/** No person comes back so soon, and from elsewhere. */
const TOO_SOON_MS = 1_000;
/** One record for so long of the same looks: a stranger with the link does not fill the log. */
const ONE_RECORD_MS = 10 * 60_000;
const REMEMBERED = 10_000;

type Looker = 'program' | 'browser';

export function looking(
  parts: DeskParts,
  codes: Pick<SentCodes, 'fare'>,
): (link: string, client: DeskClient) => Promise<PickupFace | null> {
  const looks = new Map<string, number>();
  /** When that was last, within memory. */
  const remember = (key: string, at: number): number => {
    const before = looks.get(key) ?? Number.NEGATIVE_INFINITY;
    looks.delete(key);
    looks.set(key, at);
    const oldest = looks.keys().next();
    if (looks.size > REMEMBERED && oldest.done !== true) looks.delete(oldest.value);
    return before;
  };
  return async (link, client) => {
    const pickup = await pickupAt(link, parts);
    if (pickup === null) return null;
    const now = parts.clock.steady();
    const { deliveryId, brand, opening, detail, createdAt, expiresAt } = pickup;
    const last = remember(deliveryId, now);
    const by: Looker = client.userAgent === '' || PROGRAM.test(client.userAgent) || now - last < TOO_SOON_MS ? 'program' : 'browser';
    const key = `${deliveryId} ${by} ${client.address}`;
    const before = looks.get(key) ?? Number.NEGATIVE_INFINITY;
    if (now - before >= ONE_RECORD_MS) {
      remember(key, now);
      await parts.audit.append([pickupEvidence('pickup.looked', pickup, parts.clock.now(), { by }, client)]);
    }
    return {
      deliveryId,
      brand,
      state: standingOf(pickup, now),
      from: parts.portal().tellSender === 'yes' && detail.from !== '' ? detail.from : null,
      sentAt: createdAt,
      expiresAt,
      language: detail.language,
      wants: opening.minimum,
      mailedCode: opening.mailedCode,
      phone: parts.phone?.ways() ?? [],
      code: await codes.fare(deliveryId),
    };
  };
}
