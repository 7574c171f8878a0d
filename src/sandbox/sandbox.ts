// The built-in sink of sandbox mode: real mail servers on loopback addresses, one per role, behind a DNS, MTA-STS policies and an authority
// of their own. It takes the place of the internet: nothing it is given is sent on, and no content is kept.
import { randomBytes } from 'node:crypto';
import type { StsFetcher } from '../dns/sts-fetch.ts';
import type { Resolver } from '../dns/resolver.ts';
import { SANDBOX_DOMAINS } from './domains.ts';
import { makeIdentities } from './identities.ts';
import type { Identities } from './identities.ts';
import { Ledger } from './ledger.ts';
import type { LedgerCounts, Receipt } from './ledger.ts';
import type { OwnMail } from './mailbox.ts';
import { createReceiver } from './receiver.ts';
import type { Receiver } from './receiver.ts';
import { fetchSandboxPolicy } from './sts.ts';
import { sandboxResolver } from './zone.ts';

export interface SandboxOptions {
  readonly now: () => number;
  /** How long the slow server thinks before each answer. Default 1500 ms. */
  readonly slowMs?: number;
  /** Gets what the gateway itself has written to people. Default: nobody. */
  readonly keepOwn?: (mail: OwnMail) => void;
}

export interface Sandbox extends AsyncDisposable {
  /** Of every server of the sink: what `delivery.mxPort` is in sandbox mode. */
  readonly port: number;
  readonly resolver: Resolver;
  readonly fetchPolicy: StsFetcher;
  /** PEM: what is trusted instead of the system's authorities. */
  readonly trustAnchors: readonly string[];
  /** Of all mail taken since the start. */
  counts(): LedgerCounts;
  /** The newest receipts, one per recipient, oldest first. */
  receipts(): readonly Receipt[];
  /** The digest under which an address or a Message-ID stands in the receipts. */
  digest(value: string): string;
  close(): Promise<void>;
}

const SLOW_MS = 1_500;
const RECEIPTS_KEPT = 20_000;
/** Ports tried until one is free on every address. */
const PORT_ATTEMPTS = 20;

/** @throws where no port is free on all loopback addresses. */
export async function startSandbox({ now, slowMs = SLOW_MS, keepOwn }: SandboxOptions): Promise<Sandbox> {
  const servers = SANDBOX_DOMAINS.flatMap(({ server }) => server ?? []);
  const identities = await makeIdentities(servers, now());
  const ledger = new Ledger(randomBytes(32), RECEIPTS_KEPT);
  const receivers = (): readonly Receiver[] =>
    servers.map((server) =>
      createReceiver({ server, identity: identities.certificates.get(server.host) ?? null, ledger, keepOwn: keepOwn ?? null, now, slowMs }),
    );
  const { port, listening } = await listenOnOnePort(receivers);
  return sandboxOf(port, listening, identities, ledger);
}

function sandboxOf(port: number, receivers: readonly Receiver[], identities: Identities, ledger: Ledger): Sandbox {
  const close = async (): Promise<void> => {
    await Promise.all(receivers.map((receiver) => receiver.close()));
  };
  return {
    port,
    resolver: sandboxResolver(port, identities.tlsa),
    fetchPolicy: fetchSandboxPolicy,
    trustAnchors: [identities.trustAnchor],
    counts: () => ledger.counts(),
    receipts: () => ledger.receipts(),
    digest: (value) => ledger.digest(value),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** MX records name no port, so all servers share one. The system chooses it on the first address; where it is taken on another, again. */
async function listenOnOnePort(
  create: () => readonly Receiver[],
): Promise<{ readonly port: number; readonly listening: readonly Receiver[] }> {
  let failure: unknown = null;
  for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
    const receivers = create();
    const opened: Receiver[] = [];
    try {
      let port = 0;
      for (const receiver of receivers) {
        port = await receiver.listen(port);
        opened.push(receiver);
      }
      return { port, listening: receivers };
    } catch (error) {
      failure = error;
      await Promise.all(opened.map((receiver) => receiver.close()));
    }
  }
  throw new Error('no port is free on all addresses of the sandbox', { cause: failure });
}
