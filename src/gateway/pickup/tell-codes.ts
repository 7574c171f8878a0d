// Codes that the organisation gives: made when a pickup begins that nobody could open else, and told to whom wrote, who tells the recipients. Owed
// until a notice that tells it is accepted. A crash in between makes another code; the one before was told to nobody.
import { brandNamed } from '../../config/portal.ts';
import type { PortalConfig } from '../../config/portal.ts';
import { isAscii } from '../../mail/address.ts';
import { composeCodeNotice } from '../../mime/pickup-notice/code-notice.ts';
import type { Journal } from '../../store/journal.ts';
import type { Pickup, Pickups } from '../../store/pickups.ts';
import { acceptOwn, type AcceptOwnDeps } from '../accept-own.ts';

export interface TellCodesDeps extends AcceptOwnDeps {
  readonly pickups: Pick<Pickups, 'owedCodes'>;
  readonly journal: Pick<Journal, 'accept' | 'readMessage'>;
  readonly portal: () => PortalConfig | null;
  /** Makes a code for one pickup, good once; with its evidence. As people read it out. */
  readonly makeCode: (pickup: Pickup) => Promise<{ readonly code: string; readonly expiresAt: number }>;
}

const AT_ONCE = 50;

/** One notice for each message. Gives how many were told; call again while that is more than none. */
export async function tellCodes(deps: TellCodesDeps): Promise<number> {
  const portal = deps.portal();
  if (portal === null) return 0;
  const owed = await deps.pickups.owedCodes(AT_ONCE);
  let told = 0;
  for (const [messageId, pickups] of Map.groupBy(owed, (pickup) => pickup.messageId)) {
    try {
      await tell(messageId, pickups, portal, deps);
      told += pickups.length;
    } catch (error) {
      deps.events.bug({ where: 'pickup.codes', error });
    }
  }
  return told;
}

async function tell(messageId: string, pickups: readonly Pickup[], portal: PortalConfig, deps: TellCodesDeps): Promise<void> {
  const message = await deps.journal.readMessage(messageId);
  const to = message?.reportTo ?? null;
  const [first] = pickups;
  // The portal reaches nobody whose originator cannot be told (methods/portal).
  if (message === null || to === null || first === undefined) throw new Error('a code is owed and nobody to tell it');
  const brand = brandNamed(portal, first.brand);
  const made = await Promise.all(pickups.map(async (pickup) => ({ pickup, ...(await deps.makeCode(pickup)) })));
  await acceptOwn(
    {
      kind: 'notice',
      about: messageId,
      to: [to],
      smtpUtf8: !isAscii(to),
      failing: 'to-postmaster',
      expireAfterMs: Math.max(0, Math.min(...made.map(({ expiresAt }) => expiresAt)) - deps.clock.steady()),
      compose: (from) =>
        composeCodeNotice({
          ...from,
          to,
          brand,
          language: brand.language,
          sentAt: message.acceptedAt,
          headerMessageId: message.headerMessageId,
          codes: made.map(({ pickup, code }) => ({ recipient: pickup.detail.recipient, code })),
          goodUntil: Math.min(...made.map(({ expiresAt }) => expiresAt)),
        }),
      noticesOf: pickups.map(({ deliveryId }) => ({ deliveryId, notice: 'code' })),
      evidence: () => [],
    },
    deps,
  );
}
