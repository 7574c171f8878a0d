// The portal's public side on a socket with a certificate of its own, over a desk in memory and a real presenter: what server tests and browsers visit.
import { createHash, randomBytes } from 'node:crypto';
import type { Brand } from '../../src/config/portal.ts';
import { openPresenter } from '../../src/daemon/presenter.ts';
import { addressGroup } from '../../src/access/address-group.ts';
import { PORTAL_LIMITS, type PortalLimits, startPortalServer } from '../../src/portal/server.ts';
import { type PortalDeps, UPLOAD_LIMITS, type UploadLimits } from '../../src/portal/settings.ts';
import { deskInMemory, type MemoryDesk, type MemoryMessage } from './desk-in-memory.ts';
import { PORTAL_MESSAGES } from './portal-messages.ts';
import { selfSigned, type TestIdentity } from './test-ca.ts';

export const PORTAL_HOST = 'portal.clinic.example';
export const PORTAL_URL = `https://${PORTAL_HOST}`;
/** A day of the messages' own: pages look the same every day. */
export const PORTAL_NOW = Date.UTC(2026, 10, 27, 15);

export const PORTAL_BRAND: Brand = {
  name: 'default',
  domains: [],
  url: PORTAL_URL,
  from: 'messages@clinic.example',
  organisation: 'Riverside Clinic',
  help: '+1 555 0100',
  accent: '#0b5fa5',
  logo: null,
  language: 'en',
  zone: null,
  texts: { notice: null, page: 'Not for emergencies: call 911.' },
  start: [],
};

/** For what must run out soon. */
export const PORTAL_LIMITS_FOR_FEW: PortalLimits['perClient'] = { most: 10, perSecond: 0.001, clients: 10 };

export interface PortalPages {
  readonly port: number;
  readonly desk: MemoryDesk;
  readonly bugs: readonly unknown[];
  /** Of the certificate's key, for a browser that is to trust it. */
  readonly spki: string;
  /** Time of the portal goes on so far. */
  forward(ms: number): void;
}

export interface PortalOptions {
  readonly messages?: readonly MemoryMessage[];
  readonly brands?: readonly Brand[];
  readonly limits?: Partial<PortalLimits>;
  readonly deps?: Partial<PortalDeps>;
  readonly uploads?: UploadLimits;
  /** Of a browser that was started before. */
  readonly identity?: TestIdentity;
  /** Puts something before the desk. */
  readonly around?: (desk: MemoryDesk) => MemoryDesk;
}

export function portalIdentity(): TestIdentity {
  return selfSigned({ names: [PORTAL_HOST, 'portal.lab.example', 'localhost'] });
}

/** Of the certificate's key, as a browser is told whom to trust. */
export function spkiOf({ spki }: Pick<TestIdentity, 'spki'>): string {
  return createHash('sha256').update(spki).digest('base64');
}

export async function startPortalPages(t: { teardown(handler: () => unknown): void }, options: PortalOptions = {}): Promise<PortalPages> {
  const {
    messages = PORTAL_MESSAGES,
    brands = [PORTAL_BRAND],
    limits = {},
    deps = {},
    uploads = UPLOAD_LIMITS,
    around = (desk) => desk,
    identity = portalIdentity(),
  } = options;
  let ahead = 0;
  const began = performance.now();
  const now = (): number => PORTAL_NOW + (performance.now() - began) + ahead;
  const desk = around(deskInMemory(messages, now));
  const bugs: unknown[] = [];
  const given = deps.presenter;
  const presenter = given === undefined ? openPresenter({ processes: 1 }) : { ...given, close: () => Promise.resolve() };
  const server = await startPortalServer(
    { address: '127.0.0.1', port: 0 },
    {
      desk,
      presenter,
      settings: { brands, zone: 'America/Chicago', uploads, password: { min: 15, max: 128 } },
      now,
      random: randomBytes,
      key: randomBytes(32),
      clientOf: (peer) => peer,
      networkOf: addressGroup,
      bug(_, error) {
        bugs.push(error);
        return 'ABC123';
      },
      ...deps,
    },
    { certificate: identity.certificatePem, key: identity.keyPem },
    { ...PORTAL_LIMITS, ...limits },
  );
  t.teardown(async () => {
    await server.close();
    await presenter.close();
  });
  return {
    port: server.port,
    desk,
    bugs,
    spki: spkiOf(identity),
    forward: (ms) => void (ahead += ms),
  };
}
