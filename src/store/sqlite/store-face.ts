// The Store contract over a caller: each method is one request.
import type { CorrespondentLook, Correspondents } from '../correspondents.ts';
import type { AcceptResult, AcceptUnit } from '../journal.ts';
import type { Store } from '../store.ts';
import type { Caller } from './caller.ts';
import { FIRST_TOKEN } from './journal.ts';
import type { AcceptAnswer } from './journal.ts';
import type { In, Op, Out } from './operations.ts';
import { tight, tightReading, tightSettlement, tightUnit } from './tight.ts';

/** @param close ends the engine behind the caller */
export function storeFace(caller: Caller, close: () => Promise<void>): Store {
  const ask: Ask = (op, input) => caller.ask(op, input);
  const quiet: Quiet = async (answer) => {
    await answer;
  };
  return {
    journal: {
      accept: async (unit) => resultOf(unit, await ask('accept', tightUnit(unit))),
      decide: (unit) => quiet(ask('decide', { ...unit, reading: tightReading(unit.reading) })),
      readSealed: (messageId) => ask('readSealed', messageId),
      readMessage: (messageId) => ask('readMessage', messageId),
    },
    queue: {
      claim: (request) => ask('claim', request),
      begin: (starts) => ask('begin', starts),
      settle: (settlements, news) => ask('settle', { settlements: settlements.map(tightSettlement), news }),
      renew: (leases, until) => quiet(ask('renew', { leases, until })),
      reclaim: (request) => ask('reclaim', request),
      change: (change) => ask('change', change),
      expireHolds: (request) => ask('expireHolds', request),
      owedReports: (request) => ask('owedReports', request),
      withholdReports: (reports, evidence) => quiet(ask('withholdReports', { reports, evidence })),
      readDestination: (destination) => ask('readDestination', destination),
    },
    retention: {
      endedBefore: (request) => ask('endedBefore', request),
      removeContent: (messageIds, evidence) => quiet(ask('removeContent', { messageIds, evidence })),
      periodsInUse: () => ask('periodsInUse', null),
      spooledIds: () => ask('spooledIds', null),
      forgetFacts: (before) => ask('forgetFacts', before),
    },
    readings: {
      unread: (request) => ask('unread', request),
      sightings: (pictures) => ask('sightings', pictures),
      facts: (messageId) => ask('facts', messageId),
    },
    reviews: {
      toTell: (request) => ask('toTell', request),
      verdicts: (since) => ask('verdicts', since),
    },
    policies: {
      activate: (policy, at, evidence) => quiet(ask('activatePolicy', { policy, at, evidence })),
      read: (version) => ask('readPolicy', version),
      forget: (before) => ask('forgetPolicies', before),
    },
    audit: { append: (evidence) => quiet(ask('append', evidence)), head: () => ask('head', null) },
    accounts: {
      add: (account, evidence) => ask('addAccount', { account, evidence }),
      find: (name) => ask('findAccount', name),
      list: () => ask('listAccounts', null),
      change: (name, change, evidence) => ask('changeAccount', { name, change, evidence }),
    },
    domains: {
      readStsPolicy: (domain) => ask('readStsPolicy', domain),
      writeStsPolicy: (domain, policy) => quiet(ask('writeStsPolicy', { domain, policy })),
      readTlsHistory: (destination) => ask('readTlsHistory', destination),
      writeTlsHistory: (destination, history) => quiet(ask('writeTlsHistory', { destination, history })),
    },
    counts: { count: (request) => ask('count', request) },
    consents: {
      record: (request) => ask('recordConsents', request),
      revoke: (request) => ask('revokeConsents', request),
      reseal: (request) => ask('resealConsents', request),
      inForce: (subjects, at) => ask('consentsInForce', { subjects, at }),
      revision: () => ask('consentsRevision', null),
    },
    correspondents: {
      look: (recipients, at) => lookAt(recipients, at, caller),
      record: (request) => quiet(ask('recordCorrespondents', request)),
    },
    ...portalFace(ask, quiet),
    ping: () => quiet(ask('ping', null)),
    close,
  };
}

type Ask = <K extends Op>(op: K, input: In<K>) => Promise<Out<K>>;
type Quiet = <K extends Op>(answer: Promise<Out<K>>) => Promise<void>;

/** What waits at the portal, and who reads there. */
function portalFace(ask: Ask, quiet: Quiet): Pick<Store, 'pickups' | 'people'> {
  return {
    pickups: {
      find: (deliveryId) => ask('findPickup', deliveryId),
      ofAddress: (address, limit) => ask('pickupsOf', { address: tight(address), limit }),
      change: (change) => ask('changePickup', change),
      answersTo: (deliveryId) => ask('answersTo', deliveryId),
      owedNotices: (limit) => ask('owedNotices', limit),
      owedCodes: (limit) => ask('owedCodes', limit),
      unopened: (request) => ask('unopened', request),
      expire: (request) => ask('expirePickups', request),
      removeAddress: (request) => ask('removePickups', request),
      reseal: (request) => ask('resealPickups', request),
    },
    people: {
      ofAddress: (address) => ask('peopleOf', address),
      find: (personId) => ask('findPerson', personId),
      byPasskey: (name) => ask('personByPasskey', name),
      add: (person) => ask('addPerson', person),
      change: (change) => quiet(ask('changePerson', change)),
      end: (end) => ask('endPerson', end),
      enrol: (factor) => ask('enrolFactor', factor),
      used: (use) => ask('useFactor', use),
      endFactors: (end) => ask('endFactors', end),
      addCode: (code) => quiet(ask('addCode', code)),
      codes: (request) => ask('openCodes', request),
      endCodes: (end) => ask('endCodes', end),
      tried: (result) => ask('tryCode', result),
      forgetCodes: (before) => ask('forgetCodes', before),
      reseal: (request) => ask('resealPeople', request),
    },
  };
}

/** Rests are many: they are made and sent only of strangers, and of those whose spelling is to be remembered. */
async function lookAt(
  recipients: Parameters<Correspondents['look']>[0],
  at: number,
  caller: Caller,
): Promise<readonly CorrespondentLook[]> {
  const names = recipients.map(({ address, domain }) => ({ address, domain }));
  const seen = await caller.ask('seenCorrespondents', { recipients: names, at });
  const strangers = recipients.flatMap(({ address, rests }, i) => (seen[i]?.address ? [] : [{ i, ask: { address, rests: rests() } }]));
  const slips =
    strangers.length === 0
      ? []
      : await caller.ask(
          'slips',
          strangers.map(({ ask }) => ask),
        );
  const slipped = new Set(strangers.filter((_, k) => slips[k]).map(({ i }) => i));
  return recipients.map(({ address, domain, rests }, i) => ({
    seen: { address: seen[i]?.address ?? false, domain: seen[i]?.domain ?? false },
    oneSlip: slipped.has(i),
    correspondent: { address, domain, rests: seen[i]?.spell ? rests() : null },
  }));
}

/** The engine says which places were claimed; all else of an active delivery is in the unit that the caller holds. */
function resultOf(unit: AcceptUnit, answer: AcceptAnswer): AcceptResult {
  if (answer.kind !== 'accepted') return answer;
  const claimed = new Set(answer.active);
  const active = unit.deliveries
    .filter(({ n }) => claimed.has(n))
    .map(({ n, recipient, notify, orcpt, destination, decision, expiresAt }) => ({
      lease: { deliveryId: `${unit.message.id}/${n}`, owner: unit.lease.owner, token: FIRST_TOKEN },
      message: unit.message,
      n,
      recipient,
      notify,
      orcpt,
      destination,
      decision,
      methodIndex: 0,
      attempts: 0,
      outcomeUnknown: false,
      methodSince: null,
      expiresAt,
      delayReported: false,
    }));
  return { kind: 'accepted', active, repeated: answer.repeated };
}
