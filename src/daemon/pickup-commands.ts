// The pickup commands of the control socket: what waits at the portal, and what the help desk does about it.
import type { ControlHandlers, ControlResult } from '../control/commands.ts';
import type { PickupReport, PickupsChanged } from '../control/pickup-commands.ts';
import {
  actOn,
  endFactors,
  forget,
  giveCode,
  type HelpDeskAct,
  type HelpDeskDeps,
  type HelpDeskResult,
  peopleAt,
} from '../gateway/pickup/help-desk.ts';
import { type PhoneChange, type PhoneDeskDeps, removePhone, setPhone } from '../gateway/pickup/phone-desk.ts';
import type { EvidenceKind } from '../mail/evidence.ts';
import { endsOf } from '../mail/phone.ts';
import type { Pickup, PickupReader } from '../store/pickups.ts';
import type { QueueReader } from '../store/queue.ts';
import { done, failed, messageOf } from './queue-commands.ts';

type PickupCommands = Pick<ControlHandlers, Extract<keyof ControlHandlers, `pickup.${string}`>>;

export interface PickupCommandDeps extends Omit<HelpDeskDeps, 'people'>, Omit<PhoneDeskDeps, 'people'> {
  readonly people: HelpDeskDeps['people'] & PhoneDeskDeps['people'];
  readonly reader: PickupReader;
  readonly queue: Pick<QueueReader, 'show'>;
  /** Tells the log that a person acted. */
  readonly acted: (kind: EvidenceKind, deliveryId: string) => void;
  /** What waited has ended. */
  readonly ended: () => void;
}

const KINDS = { recall: 'pickup.recalled', restore: 'pickup.restored', resend: 'pickup.resent' } as const satisfies Record<
  HelpDeskAct,
  EvidenceKind
>;

export function pickupCommands(deps: PickupCommandDeps): PickupCommands {
  return {
    'pickup.list': async (request) => {
      const { pickups, next } = deps.reader.list(request);
      return done({ pickups: pickups.map(reportOf), next });
    },
    'pickup.show': async ({ deliveryId }) => {
      const pickup = await deps.pickups.find(deliveryId);
      if (pickup === null) return noPickup(deliveryId);
      const people = (await peopleAt(deliveryId, deps)) ?? [];
      return done({
        pickup: reportOf(pickup),
        people: people.map(({ id, name, lastSeenAt, factors }) => ({
          id,
          name,
          lastSeenAt,
          factors: factors.map(({ kind, assurance, createdAt, lastUsedAt, secret }) => ({
            kind,
            ends: secret.kind === 'phone' ? endsOf(secret.number) : null,
            assurance,
            createdAt,
            lastUsedAt,
          })),
        })),
      });
    },
    'pickup.recall': ({ target, who, why }) => changeAll(target, 'recall', { who, why }, deps),
    'pickup.restore': ({ target, who, why }) => changeAll(target, 'restore', { who, why }, deps),
    'pickup.resend': ({ target, who, why }) => changeAll(target, 'resend', { who, why }, deps),
    'pickup.code': async ({ deliveryId, who, checked }) => {
      const given = await giveCode(deliveryId, { who, why: checked }, deps);
      if (given === 'not-found') return noPickup(deliveryId);
      if (given === 'over') return failed('not-legal', `${deliveryId} can be opened no more; a code would open nothing.`);
      deps.acted('pickup.code-made', deliveryId);
      return done(given);
    },
    'pickup.phone': async ({ deliveryId, number, person, who, checked }) => {
      const by = { who, why: checked };
      const change =
        number === null
          ? await removePhone(deliveryId, person, by, deps)
          : await setPhone(deliveryId, { number, personId: person }, by, deps);
      if (change.kind !== 'done') return noPhone(change.kind, deliveryId, person);
      deps.acted(number === null ? 'factor.removed' : 'factor.enrolled', deliveryId);
      return done({ person: change.person, ends: change.ends });
    },
    'pickup.lost': async ({ deliveryId, person, who, checked }) => {
      const ended = await endFactors(deliveryId, person, { who, why: checked }, deps);
      if (ended === 'not-found') return failed('not-found', `There is no person ${person} at the address of ${deliveryId}.`);
      deps.acted('factor.removed', deliveryId);
      const given = await giveCode(deliveryId, { who, why: checked }, deps);
      if (typeof given === 'string')
        return failed('not-legal', `Their factors have ended, but ${deliveryId} can be opened no more: no code was made.`);
      return done({ ...ended, ...given });
    },
    'pickup.forget': async ({ address, who, why }) => {
      const ended = await forget(address, { who, why }, deps);
      deps.acted('person.ended', '');
      deps.ended();
      return done({ ended });
    },
  };
}

async function changeAll(
  target: string,
  act: HelpDeskAct,
  by: { readonly who: string; readonly why: string },
  deps: PickupCommandDeps,
): Promise<ControlResult<PickupsChanged>> {
  const shown = await deps.queue.show(messageOf(target));
  const wanted = (shown?.entries ?? []).map(({ deliveryId }) => deliveryId).filter((id) => !target.includes('/') || id === target);
  const changed: string[] = [];
  const unchanged: PickupsChanged['unchanged'][number][] = [];
  for (const deliveryId of wanted) {
    const result = await actOn(deliveryId, act, by, deps);
    if (result === 'done') {
      changed.push(deliveryId);
      deps.acted(KINDS[act], deliveryId);
    } else if (result !== 'not-found') unchanged.push({ deliveryId, why: WHY_NOT[result](act) });
  }
  if (changed.length + unchanged.length === 0) return noPickup(target);
  if (changed.length > 0) return done({ changed, unchanged });
  return failed('not-legal', `Nothing was changed: ${unchanged.map(({ deliveryId, why }) => `${deliveryId} ${why}`).join('; ')}.`);
}

const WHY_NOT: Readonly<Record<Exclude<HelpDeskResult, 'done' | 'not-found'>, (act: HelpDeskAct) => string>> = {
  opened: () => 'has been read and cannot be taken back',
  over: () => 'can be opened no more',
  'as-it-is': (act) =>
    act === 'recall'
      ? 'is taken back already'
      : act === 'restore'
        ? 'was not taken back'
        : 'is taken back, or its first notice is on its way',
};

function reportOf(pickup: Pickup): PickupReport {
  const { deliveryId, brand, state, opening, createdAt, expiresAt, owed, notice, opened, answers, recalledAt, overAt, detail } = pickup;
  const { noticedAt, remindedAt, alarmedAt, bouncedAt, awayAt, firstOpenedAt, lastOpenedAt, downloadedAt } = pickup;
  return {
    ...{ deliveryId, recipient: detail.recipient, from: detail.from, brand, state, opening, createdAt, expiresAt },
    ...{ owed, notice, noticedAt, remindedAt, alarmedAt, bouncedAt, awayAt },
    ...{ opened, firstOpenedAt, lastOpenedAt, downloadedAt, answers, recalledAt, overAt },
  };
}

const NO_PHONE: Readonly<Record<Exclude<PhoneChange['kind'], 'done' | 'no-pickup' | 'no-person'>, string>> = {
  'no-phone': 'No number is kept for anybody there.',
  several: 'Several people read at that address: say who, with --person; `postern pickup show` numbers them.',
  'not-set-up': 'There is no gateway to telephones: write portal.sms in the configuration.',
  'not-allowed': 'Codes may not go to numbers that begin so: portal.sms.countries says which may.',
};

function noPhone(why: Exclude<PhoneChange['kind'], 'done'>, deliveryId: string, person: number | null): ControlResult<never> {
  if (why === 'no-pickup') return noPickup(deliveryId);
  if (why === 'no-person') return failed('not-found', `There is no person ${person ?? ''} at the address of ${deliveryId}.`);
  return failed(why === 'no-phone' ? 'not-found' : 'refused', NO_PHONE[why]);
}

function noPickup(target: string): ControlResult<never> {
  return failed('not-found', `Nothing of ${target} waits, or waited, at the portal.`);
}
