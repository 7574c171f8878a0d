// The portal's section as the program uses it: brands filled up from the fields at the top, the logo as octets.
import path from 'node:path';
import type { BuildSources } from './build-config.ts';
import { logoOf } from './portal-check.ts';
import { DEFAULT_BRAND } from './portal.ts';
import type { Brand, Logo, PortalConfig, SmsConfig } from './portal.ts';
import type { RawConfig } from './shape.ts';

type RawPortal = NonNullable<RawConfig['portal']>;

export function buildPortal(raw: RawPortal | null, sources: BuildSources): PortalConfig | null {
  if (raw === null) return null;
  const absolute = (file: string): string => path.resolve(sources.base, file);
  const logo = (file: string | null): Logo | null => (file === null ? null : logoOf(sources.contents.get(absolute(file)) ?? ''));
  const { certificate, key } = raw;
  return {
    address: raw.address,
    port: raw.port,
    tls: certificate === null || key === null ? null : { certificateFile: absolute(certificate), keyFile: absolute(key) },
    proxies: raw.proxies,
    expireAfterMs: raw.expire_after,
    remindAfterMs: raw.remind_after,
    alarmAfterMs: raw.alarm_after,
    urgentAfterMs: raw.urgent_after,
    opening: raw.opening,
    tellSender: raw.tell_sender,
    answers: raw.answers,
    returns: raw.return,
    sms: raw.sms === null ? null : smsOf(raw.sms, (file) => sources.contents.get(absolute(file)) ?? null),
    brands: brandsOf(raw, logo),
  };
}

function smsOf(raw: NonNullable<RawPortal['sms']>, read: (file: string) => string | null): SmsConfig {
  const { url, ca, kinds, content, body, countries, per_person_per_day: perPersonPerDay, per_hour: perHour, timeout: timeoutMs } = raw;
  return { url, caPem: ca === null ? null : read(ca), kinds, content, body, countries, perPersonPerDay, perHour, timeoutMs };
}

function brandsOf(raw: RawPortal, logo: (file: string | null) => Logo | null): readonly Brand[] {
  const { url, from, help, accent, language, zone } = raw;
  const first: Brand = {
    name: DEFAULT_BRAND,
    domains: [],
    url,
    from,
    organisation: raw.name,
    help,
    accent,
    logo: logo(raw.logo),
    language,
    zone,
    texts: raw.texts,
    start: raw.start,
  };
  const others = raw.brands.map((brand) => ({
    name: brand.name,
    domains: brand.domains,
    url: brand.url ?? url,
    from: brand.from ?? from,
    organisation: brand.organisation ?? raw.name,
    help: brand.help ?? help,
    accent: brand.accent ?? accent,
    // Another organisation's logo is worse than none.
    logo: brand.logo === null && brand.organisation === null ? first.logo : logo(brand.logo),
    language: brand.language ?? language,
    zone: brand.zone ?? zone,
    texts: { notice: brand.texts.notice ?? raw.texts.notice, page: brand.texts.page ?? raw.texts.page },
    start: brand.start,
  }));
  return [first, ...others];
}
