// One accepted message as a unit of the journal, with places reserved for what can be delivered at once, and what follows its commit.
import type { SealingKeys } from '../keys/keys.ts';
import type { AcceptResult, AcceptUnit } from '../store/journal.ts';
import { type Admission, admissionEvidence, messageRecordOf, newDeliveryOf, standsAs } from './admission.ts';
import type { Dispatcher } from './dispatcher.ts';
import { groupsOf } from './dispatcher.ts';
import { type ConfiguredRoute, destinationOf } from './route.ts';

export interface AcceptUnitSettings {
  readonly hostname: string;
  readonly postmaster: readonly string[];
  readonly repeatWindowMs: number;
  readonly recipientsPerGroup: number;
  readonly leaseMs: number;
}

export interface AcceptUnitDeps {
  readonly keys: Pick<SealingKeys, 'digest'>;
  readonly routes: () => readonly ConfiguredRoute[];
  readonly dispatcher: Pick<Dispatcher, 'reserve' | 'release' | 'run' | 'runExtra' | 'wake'>;
  /** Who holds the leases. */
  readonly owner: string;
  readonly settings: () => AcceptUnitSettings;
  /** A report is owed now. */
  readonly reportsOwed: () => void;
}

/** The journal's unit of an admission, with places reserved for what can be delivered at once. */
export function acceptUnitOf(
  admission: Admission,
  sealed: Uint8Array | null,
  ticket: number | null,
  deps: AcceptUnitDeps,
  settles: Pick<AcceptUnit, 'likelyRepeats' | 'settlesReports' | 'tellsOf' | 'noticesOf'>,
): { unit: AcceptUnit; reserved: readonly string[] } {
  const { repeatWindowMs, leaseMs } = deps.settings();
  const { expanded } = admission;
  const reserved = new Set<string>();
  const deliveries = expanded.map((recipient, n) => {
    const destination = deps.keys.digest('destination', destinationOf(recipient.recipient.address, deps.routes()).key);
    const hex = Buffer.from(destination).toString('hex');
    const standing = standsAs(admission, recipient, n);
    const queued = standing.state === 'queued';
    if (queued && !reserved.has(hex) && deps.dispatcher.reserve(hex)) reserved.add(hex);
    const state = queued && reserved.has(hex) ? 'active' : standing.state;
    return newDeliveryOf(admission, recipient, n, destination, { ...standing, state }, deps.keys);
  });
  const unit: AcceptUnit = {
    message: messageRecordOf(
      admission,
      expanded.map(({ recipient }) => recipient),
    ),
    sealed,
    deliveries,
    lease: { owner: deps.owner, until: admission.now + leaseMs },
    repeatUntil: admission.now + repeatWindowMs,
    evidence: admissionEvidence(admission, deliveries),
    reading: admission.reading,
    ticket,
    ...settles,
  };
  return { unit, reserved: [...reserved] };
}

/** After the commit: claimed deliveries go to their reserved places, places not needed are given back. */
export function handOver(
  result: AcceptResult,
  unit: AcceptUnit,
  reserved: readonly string[],
  deps: Pick<AcceptUnitDeps, 'settings' | 'dispatcher' | 'reportsOwed'>,
): void {
  const unused = new Set(reserved);
  if (result.kind === 'accepted') {
    for (const [destination, group] of groupsOf(result.active, deps.settings().recipientsPerGroup)) {
      if (unused.delete(destination)) deps.dispatcher.run(destination, { ...group, sealed: unit.sealed });
      else deps.dispatcher.runExtra(destination, { ...group, sealed: unit.sealed });
    }
    if (unit.deliveries.some(({ state }) => state === 'queued')) deps.dispatcher.wake();
    if (unit.deliveries.some(({ report }) => report !== null)) deps.reportsOwed();
  }
  for (const destination of unused) deps.dispatcher.release(destination);
}
