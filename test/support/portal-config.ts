// The portal of a clinic, as the configuration would have it.
import type { Brand, PortalConfig } from '../../src/config/portal.ts';

const DAY = 86_400_000;

export function brand(change: Partial<Brand> = {}): Brand {
  return {
    name: 'default',
    domains: [],
    url: 'https://portal.clinic.test',
    from: 'messages@clinic.test',
    organisation: 'Riverside Clinic',
    help: '+1 555 0100',
    accent: '#0b5fa5',
    logo: null,
    language: 'en',
    zone: 'UTC',
    texts: { notice: null, page: null },
    start: [],
    ...change,
  };
}

export function portalConfig(change: Partial<PortalConfig> = {}): PortalConfig {
  return {
    address: '127.0.0.1',
    port: 8443,
    tls: null,
    proxies: ['127.0.0.1/32'],
    expireAfterMs: 30 * DAY,
    remindAfterMs: 3 * DAY,
    alarmAfterMs: 7 * DAY,
    urgentAfterMs: 1_800_000,
    opening: { low: 'address', medium: 'address', high: 'clinic' },
    tellSender: 'yes',
    answers: 'originator',
    returns: null,
    sms: null,
    brands: [brand()],
    ...change,
  };
}
