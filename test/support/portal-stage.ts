// A running gateway with a portal and a return path, for tests that kill it: next hops that outlive every kill, and the desk that its portal would ask.
import { join } from 'node:path';
import { deskClient } from '../../src/portal/desk-client.ts';
import { deskSocketPath } from '../../src/portal/desk-wire.ts';
import type { PickupDesk } from '../../src/gateway/pickup/desk.ts';
import { Postern, type PosternOptions } from './postern.ts';
import { Sink } from './sink.ts';
import { createTestCa } from './test-ca.ts';

/** What `brief-...` is written to expires in two seconds. */
const POLICY = `version: 1
rules:
  - { id: brief, when: { to: "brief-*@home.test" }, deliver: [portal], expire: 2s }
  - { id: patients, when: { to: "*@home.test" }, deliver: [portal] }
  - { id: all-others, deliver: [relay] }
`;
const PORTAL = `portal:
  url: https://portal.clinic.test
  from: messages@clinic.test
  name: Riverside Clinic
  help: "+1 555 0100"
  return: { domain: return.clinic.test, address: 127.0.0.1, port: 0 }
`;

export interface PortalStage {
  readonly postern: Postern;
  readonly desk: PickupDesk;
  /** Notices and codes. */
  readonly home: Sink;
  /** What comes to the clinic's own people, and what is relayed. */
  readonly clinic: Sink;
  /** Of the listener for what comes back, now. */
  readonly returnPort: () => number;
}

/** @param atDot how the next hops think before they take a message */
export async function portalStage(
  t: Parameters<typeof Postern.start>[0],
  options: Partial<PosternOptions> = {},
  atDot: () => Promise<void> | void = () => undefined,
): Promise<PortalStage> {
  const ca = createTestCa();
  const identity = ca.issue({ names: ['localhost'] });
  const [home, clinic] = [await Sink.start(t, { identity, atDot }), await Sink.start(t, { identity, atDot })];
  const routes = [
    { domains: ['home.test'], port: home.port },
    { domains: ['*'], port: clinic.port },
  ];
  const sections = {
    policy: 'policy: { file: policy.yaml }',
    inspection: 'inspection: { organisation: [clinic.test] }',
    portal: PORTAL,
    ...options.sections,
  };
  const postern = await Postern.start(t, { ca, routes, ...options, sections, files: { 'policy.yaml': POLICY, ...options.files } });
  return {
    postern,
    home,
    clinic,
    desk: deskClient(deskSocketPath(join(postern.folder, 'run'))),
    returnPort: () =>
      Number(postern.log.findLast(({ event, listener }) => event === 'service.listening' && listener === 'return')?.['port']),
  };
}
