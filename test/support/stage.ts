// A whole gateway with next hops around it: a running Postern, a scriptable peer for each domain, and the mailbox of its own people.
import type { Test } from 'tap';
import { readReports, type SeenReport } from './dsn-reader.ts';
import { logIn } from './posted.ts';
import { Postern } from './postern.ts';
import type { Dialogue } from './smtp-dialogue.ts';
import { type PeerOptions, type SmtpPeer, startPeer } from './smtp-peer.ts';
import type { TestCa } from './test-ca.ts';

/** So that a try after the first does not come while the test looks. */
export const SLOW_RETRY = { delivery: 'delivery: { retry: { first: 1h, longest: 1h } }' };

/** A Message-ID field by which reports are found again. */
export const ID = (name: string): string => `Message-ID: <${name}@clinic.test>`;

export interface Stage {
  readonly postern: Postern;
  /** Logged in. */
  readonly session: Dialogue;
  /** Takes mail for clinic.test. */
  readonly mailbox: SmtpPeer;
  /** By the first label of the domain. */
  peer(name: string): SmtpPeer;
  /** The reports on a message with an `ID`, when there are so many. */
  reportsOn(name: string, count?: number): Promise<readonly SeenReport[]>;
}

/** Peers stand for the domains `NAME.test`; a certificate in order is theirs where they bring none. */
export async function stage(
  t: Test,
  ca: TestCa,
  peers: Readonly<Record<string, PeerOptions>>,
  sections: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  const identity = ca.issue({ names: ['localhost'] });
  const mailbox = await startPeer(t, { identity });
  const started = new Map<string, SmtpPeer>();
  for (const [name, options] of Object.entries(peers)) started.set(name, await startPeer(t, { identity, ...options }));
  const routes = [
    { domains: ['clinic.test'], port: mailbox.port },
    ...[...started].map(([name, { port }]) => ({ domains: [`${name}.test`], port })),
  ];
  const postern = await Postern.start(t, { ca, routes, sections, files });
  const session = await logIn(postern);
  t.teardown(() => session.destroy());
  return {
    postern,
    session,
    mailbox,
    peer(name) {
      const peer = started.get(name);
      if (peer === undefined) throw new Error(`no peer "${name}"`);
      return peer;
    },
    async reportsOn(name, count = 1) {
      const about = (): readonly Buffer[] =>
        mailbox.messages.map(({ content }) => content).filter((content) => content.includes(`\r\nIn-Reply-To: <${name}@clinic.test>\r\n`));
      await mailbox.until(() => about().length >= count);
      return readReports(about());
    },
  };
}
