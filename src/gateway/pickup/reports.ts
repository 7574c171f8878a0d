// What the originator is told of a pickup, as reports that the round of DSNs writes (report.ts); and what its evidence says. Pure.
import type { Brand } from '../../config/portal.ts';
import type { Codes, Evidence, EvidenceKind } from '../../mail/evidence.ts';
import { MAIL_ERRORS } from '../../mail/mail-error.ts';
import type { Pickup, PickupReport } from '../../store/pickups.ts';
import type { DeskClient } from './desk.ts';

/** The first reading: told where NOTIFY asks for success (RFC 3461 4.1). */
export function openedReport(at: number): PickupReport {
  return { kind: 'picked-up', status: { at, status: '2.0.0', code: 'picked-up', diagnostic: null, remoteMta: null } };
}

/** It stands unopened: until when, and whom to ask. */
export function alarmReport({ expiresAt }: Pick<Pickup, 'expiresAt'>, { help }: Pick<Brand, 'help'>, at: number): PickupReport {
  const code = 'pickup.waiting';
  const status = { at, status: MAIL_ERRORS[code].enhanced, code, diagnostic: null, remoteMta: null, until: expiresAt, ask: help };
  return { kind: 'unopened', status };
}

/** Its notice came back. `said` is what a mail system gave as the reason, as number and status only. */
export function bouncedReport(at: number, said: { readonly status: string; readonly diagnostic: string | null } | null): PickupReport {
  const code = 'pickup.notice-bounced';
  const status = said?.status ?? MAIL_ERRORS[code].enhanced;
  return { kind: 'failed', status: { at, status, code, diagnostic: said?.diagnostic ?? null, remoteMta: null } };
}

/** Codes hold ids and words of ours; who asked is sealed. */
export function pickupEvidence(
  kind: EvidenceKind,
  { messageId, deliveryId }: Pick<Pickup, 'messageId' | 'deliveryId'>,
  at: number,
  codes: Codes,
  client: DeskClient | null,
): Evidence {
  const detail = client === null ? null : { client: client.address, userAgent: client.userAgent };
  return { kind, at, messageId, deliveryId, codes, detail };
}
