// A clinic with a portal and the mail system of its patients, for tests of what comes back: a running Postern, Postfix as home.test, real mailboxes.
import { type Postfix, startPostfix } from './postfix.ts';
import { startPeer } from './smtp-peer.ts';
import { stage, type Stage } from './stage.ts';
import type { TestCa } from './test-ca.ts';

const POLICY = `version: 1
rules:
  - id: inside
    when: { to: "*@clinic.test" }
    deliver: [relay]
  - id: outside
    deliver: [portal]
`;
const PORTAL = `portal:
  url: https://portal.clinic.test
  from: messages@clinic.test
  name: Riverside Clinic
  help: "+1 555 0100"
  return: { domain: return.clinic.test, address: 127.0.0.1, port: 0 }
`;
export const RETURN = 'return.clinic.test';

export interface Town extends Stage {
  readonly postfix: Postfix;
  /** What is left in the mailboxes of home.test. */
  readonly home: Awaited<ReturnType<typeof startPeer>>;
  readonly returnPort: number;
}

/** The mail system of home.test is Postfix: gone@ is found out to be unknown behind it, away@ has a vacation responder, everybody else has a mailbox. */
export async function town(t: Parameters<typeof stage>[0], ca: TestCa, more: Readonly<Record<string, string>> = {}): Promise<Town> {
  const sections = {
    policy: 'policy: { file: policy.yaml }',
    inspection: 'inspection: { organisation: [clinic.test] }',
    portal: PORTAL,
    ...more,
  };
  const scene = await stage(t, ca, {}, sections, { 'policy.yaml': POLICY });
  const { postern } = scene;
  const { port } = await postern.until('service.listening', ({ listener }) => listener === 'return');
  const returnPort = Number(port);
  const home = await startPeer(t, {
    script: (step, { line }) => (step === 'rcpt' && line.includes('gone@') ? '550 5.1.1 there is no such person\r\n' : undefined),
  });
  const postfix = await startPostfix(t, {
    relayPort: returnPort,
    identity: ca.issue({ names: ['localhost'] }),
    settings: ['smtp_tls_security_level = may'],
    transports: {
      'away@home.test': 'vacation:',
      'home.test': `smtp:[127.0.0.1]:${home.port}`,
    },
  });
  const route = (name: string, domain: string, to: number): string =>
    `  - { name: ${name}, domains: ["${domain}"], next_hops: [{ host: localhost, port: ${to} }], final_for: all }`;
  postern.configure({
    routes: ['routes:', route('own', 'clinic.test', scene.mailbox.port), route('home', 'home.test', postfix.port)].join('\n'),
  });
  t.match(await postern.control.call('reload', { who: 'ann' }), { kind: 'done' });
  return { ...scene, postfix, home, returnPort };
}
