// What only a restart can change: read once at the start, by who listens, signs in, sends and keeps. Whoever changes it is told at the reload.
import type { Config } from '../config/config.ts';
import type { Issue } from '../config/issue.ts';
import type { Loaded } from '../config/load.ts';

/** Name in the file, and where its value lies. */
const READ_ONCE: readonly (readonly [name: string, valueOf: (config: Config) => unknown])[] = [
  ['hostname', ({ hostname }) => hostname],
  ['listeners', ({ listeners }) => listeners],
  ['login', ({ login }) => login],
  ['delivery.concurrency', ({ delivery }) => delivery.concurrency],
  ['delivery.rate_per_destination', ({ delivery }) => delivery.ratePerDestination],
  ['delivery.connection', ({ delivery }) => delivery.connection],
  ['delivery.timeouts', ({ delivery }) => delivery.timeouts],
  ['delivery.mx_port', ({ delivery }) => delivery.mxPort],
  ['dns', ({ dns }) => dns],
  ['trust_anchors', ({ trustAnchors }) => trustAnchors],
  ['retention', ({ retention }) => retention],
  ['health', ({ health }) => health],
  ['unsubscribe', ({ unsubscribe }) => unsubscribe],
  ['portal', ({ portal }) => portal],
  ['log.level', ({ log }) => log.level],
  ['reading', ({ reading }) => reading],
];

/** The configuration read anew as far as it can take effect now: the rest stays as it was, with a warning for each. */
export function keepingReadOnce(before: Config, again: Loaded): Loaded {
  const warnings = READ_ONCE.filter(([, valueOf]) => !isSame(valueOf(before), valueOf(again.config))).map(([name]) => needsRestart(name));
  const { hostname, listeners, login, dns, trustAnchors, retention, health, unsubscribe, portal, log, reading } = before;
  const { concurrency, ratePerDestination, connection, timeouts, mxPort } = before.delivery;
  const delivery = { ...again.config.delivery, concurrency, ratePerDestination, connection, timeouts, mxPort };
  const config = {
    ...again.config,
    hostname,
    listeners,
    login,
    dns,
    trustAnchors,
    retention,
    health,
    unsubscribe,
    portal,
    log,
    reading,
    delivery,
  };
  return { ...again, config, warnings: [...again.warnings, ...warnings] };
}

function needsRestart(name: string): Issue {
  const right = 'restart the service; until then it stays as it was';
  return { file: 'postern.yaml', line: 0, column: 0, weight: 'warning', what: `${name}: needs a restart`, right };
}

/** Both were built in the same order of keys. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
