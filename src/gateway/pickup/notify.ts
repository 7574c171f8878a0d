// Notices to recipients whose messages wait at the portal: owed from the settlement on, and marked as sent in the commit that accepts the notice.
// A crash in between makes a notice later, never silent and never two.
import { brandNamed } from '../../config/portal.ts';
import type { Brand, PortalConfig } from '../../config/portal.ts';
import { isAscii } from '../../mail/address.ts';
import { LANGUAGES } from '../../mail/language.ts';
import type { Language } from '../../mail/language.ts';
import { pickupToken } from '../../mail/pickup-token.ts';
import { returnAddress } from '../../mail/return-address.ts';
import { composePickupNotice } from '../../mime/pickup-notice/notice.ts';
import type { NoticeKind, Pickup, Pickups } from '../../store/pickups.ts';
import { acceptOwn, type AcceptOwnDeps } from '../accept-own.ts';
import { noticeMail } from '../decided.ts';
import { pickupEvidence } from './reports.ts';

export interface NotifyDeps extends AcceptOwnDeps {
  readonly pickups: Pick<Pickups, 'owedNotices' | 'unopened'>;
  readonly portal: () => PortalConfig | null;
  /** Language that somebody at the address has chosen, or null. */
  readonly languageOf: (address: Uint8Array) => Promise<string | null>;
}

/** keys/digests.ts. */
type Digest = (label: string, ...values: readonly (string | Uint8Array)[]) => Uint8Array;

const AT_ONCE = 50;

/** Sends the notices that are owed, and the reminders that are due. Gives how many; call again while that is more than none. */
export async function notifyRecipients(deps: NotifyDeps): Promise<number> {
  const portal = deps.portal();
  if (portal === null) return 0;
  const owed = await deps.pickups.owedNotices(AT_ONCE);
  const due = await deps.pickups.unopened({ due: 'reminder', now: deps.clock.steady(), limit: AT_ONCE });
  const notices = [
    ...owed.map((pickup) => ({ pickup, notice: pickup.owed ?? 'first' })),
    ...due.map((pickup) => ({ pickup, notice: 'reminder' as const })),
  ];
  let sent = 0;
  for (const { pickup, notice } of notices) {
    try {
      await notify(pickup, notice, portal, deps);
      sent++;
    } catch (error) {
      deps.events.bug({ where: 'pickup.notices', error });
    }
  }
  return sent;
}

async function notify(pickup: Pickup, notice: NoticeKind, portal: PortalConfig, deps: NotifyDeps): Promise<void> {
  const { deliveryId, messageId, n, detail, expiresAt, opening } = pickup;
  const brand = brandNamed(portal, pickup.brand);
  const reference = { messageId, n };
  const digest: Digest = (label, ...values) => deps.keys.digest(label, ...values);
  const back = portal.returns === null ? null : returnAddress(digest, 'notice', reference, portal.returns.domain);
  const language = known(await deps.languageOf(pickup.address)) ?? known(detail.language) ?? brand.language;
  await acceptOwn(
    {
      kind: 'notice',
      about: deliveryId,
      from: { reversePath: back ?? '' },
      to: [detail.recipient],
      decide: () => noticeMail(deps.ownMail().policyVersion),
      smtpUtf8: !isAscii(detail.recipient),
      // Where it fails, report.ts lets the pickup end; nobody gets a notice about a notice.
      failing: 'to-postmaster',
      compose: ({ id, at, hostname }) =>
        composePickupNotice({
          id,
          at,
          hostname,
          kind: notice,
          to: detail.recipient,
          replyTo: back,
          brand,
          language,
          from: portal.tellSender === 'yes' && detail.from !== '' ? detail.from : null,
          expiresAt,
          link: linkOf(brand, digest, reference),
          opensBy: opening.minimum,
        }),
      noticesOf: [{ deliveryId, notice }],
      evidence: (id, at) => [pickupEvidence('pickup.noticed', pickup, at, { notice: id, kind: notice }, null)],
    },
    deps,
  );
}

/** What stands in a notice: enough to find the message, never to open it. */
export function linkOf({ url }: Pick<Brand, 'url'>, digest: Digest, reference: { readonly messageId: string; readonly n: number }): string {
  return `${url}/m/${pickupToken(digest, 'link', reference)}`;
}

function known(language: string | null): Language | null {
  return LANGUAGES.find((one) => one === language) ?? null;
}
