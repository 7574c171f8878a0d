// What must be true of the portal's section as a whole: it can be read, it weakens nothing, and its brands can be told apart.
import path from 'node:path';
import { domainOf } from '../mail/address.ts';
import { isEnough } from '../mail/pickup.ts';
import type { YamlPath } from '../yaml/positions.ts';
import { complain, warn } from './complaint.ts';
import type { Complaint } from './complaint.ts';
import { DEFAULT_BRAND } from './portal.ts';
import type { Logo } from './portal.ts';
import { contrastOnWhite, isLoopbackHost } from './portal-kind.ts';
import type { RawConfig } from './shape.ts';

type RawPortal = NonNullable<RawConfig['portal']>;

/** @param contents of the files that the configuration names, by absolute path */
export function checkPortal(raw: Partial<RawConfig>, base: string, contents: ReadonlyMap<string, string>): readonly Complaint[] {
  const { portal } = raw;
  if (portal === undefined || portal === null) return [];
  const faces = [
    { ...portal, organisation: portal.name, at: ['portal'] },
    ...portal.brands.map((brand, i) => ({ ...brand, at: ['portal', 'brands', i] })),
  ];
  return [
    ...ownTls(portal),
    ...openings(portal),
    ...terms(portal),
    ...names(portal),
    ...(portal.sms === null ? [] : smsFaults(portal.sms, raw.mode)),
    ...(portal.return === null || raw.mode !== 'live' ? [] : returnsSigned(portal.return.domain, raw.dkim)),
    ...faces.flatMap(({ url, accent, from, logo, at }) => [
      ...(url !== null && url.startsWith('http:') && raw.mode === 'live'
        ? [complain([...at, 'url'], 'this URL is not https', 'write https: without it anybody on the way reads along')]
        : []),
      ...(accent === null ? [] : legible(accent, [...at, 'accent'])),
      ...(from === null || raw.mode !== 'live' ? [] : signed(from, raw.dkim, [...at, 'from'])),
      ...(logo === null ? [] : pictureOf(contents.get(path.resolve(base, logo)), [...at, 'logo'])),
    ]),
  ];
}

function ownTls({ certificate, key }: RawPortal): Complaint[] {
  if ((certificate === null) === (key === null)) return [];
  const alone = certificate === null ? 'key' : 'certificate';
  return [complain(['portal', alone], `portal.${alone} stands alone`, 'write both portal.certificate and portal.key')];
}

/** Never weaker than shipped: high wants a code that the organisation gave; a higher level never less than a lower. */
function openings({ opening: { low, medium, high } }: RawPortal): Complaint[] {
  const at = (level: string): YamlPath => ['portal', 'opening', level];
  const complaints: Complaint[] = [];
  if (!isEnough(high, 'clinic'))
    complaints.push(complain(at('high'), 'PHI would open to whoever reads mail at the address', 'write clinic, or remove the line'));
  if (!isEnough(medium, low))
    complaints.push(
      complain(at('medium'), 'more PHI would open more easily', `write ${low}: no level opens more easily than one below it`),
    );
  return complaints;
}

function terms({ remind_after, alarm_after, urgent_after, expire_after }: RawPortal): Complaint[] {
  return Object.entries({ remind_after, alarm_after, urgent_after })
    .filter(([, after]) => after >= expire_after)
    .map(([name]) => warn(['portal', name], 'a message has expired before that', 'make it shorter than portal.expire_after'));
}

/** What may stand in the fields of a POST for a code. */
const PLACES = ['to', 'text', 'code', 'language', 'kind'];

function smsFaults(sms: NonNullable<RawPortal['sms']>, mode: RawConfig['mode'] | undefined): Complaint[] {
  const at = (...path: YamlPath): YamlPath => ['portal', 'sms', ...path];
  const { url, secret_file, user, body } = sms;
  const complaints: Complaint[] = [];
  if (mode === 'sandbox' && !isLoopbackHost(new URL(url).hostname))
    complaints.push(complain(at('url'), 'a sandbox would call real telephones', 'name a gateway on this machine, http://localhost'));
  if (user !== null && secret_file === null)
    complaints.push(complain(at('user'), 'this user has no password', 'write secret_file beside it'));
  if (user?.includes(':') === true)
    complaints.push(complain(at('user'), 'this user has a ":"', 'Basic authentication has none (RFC 7617)'));
  const used = body.flatMap(({ value }, i) =>
    [...value.matchAll(/\{(\w*)\}/g)].map(([, name = '']) => ({ name, path: at('body', i, 'value') })),
  );
  complaints.push(
    ...used
      .filter(({ name }) => !PLACES.includes(name))
      .map(({ name, path: place }) =>
        complain(place, `nothing can stand at {${name}}`, `use ${PLACES.map((one) => `{${one}}`).join(', ')}`),
      ),
  );
  const has = (...names: readonly string[]): boolean => used.some(({ name }) => names.includes(name));
  if (body.length > 0 && !(has('to') && has('text', 'code')))
    complaints.push(complain(at('body'), 'the fields hold no number, or no code', 'use {to}, and {text} or {code}'));
  return complaints;
}

function names({ brands }: RawPortal): Complaint[] {
  return brands.flatMap(({ name }, i) => {
    if (name !== DEFAULT_BRAND && brands.findIndex((other) => other.name === name) === i) return [];
    const taken = name === DEFAULT_BRAND ? 'is that of the fields above' : 'stands twice';
    return [complain(['portal', 'brands', i, 'name'], `the name "${name}" ${taken}`, 'give each its own')];
  });
}

function legible(accent: string, at: YamlPath): Complaint[] {
  const contrast = contrastOnWhite(accent);
  if (contrast >= 4.5) return [];
  const shown = (Math.floor(contrast * 10) / 10).toFixed(1);
  return [complain(at, `${accent} on white has a contrast of ${shown} to 1`, 'choose a darker colour, with 4.5 to 1 or more')];
}

function signed(from: string, dkim: RawConfig['dkim'] | undefined, at: YamlPath): Complaint[] {
  const domain = domainOf(from);
  if (dkim === undefined || dkim.some((key) => key.domain === domain)) return [];
  return [warn(at, `${domain} has no DKIM key: notices look like forgeries`, 'write one under dkim, unless the next hop signs')];
}

/** What people write at the portal is from an address of the return domain, and DMARC asks for its signature. */
function returnsSigned(domain: string, dkim: RawConfig['dkim'] | undefined): Complaint[] {
  if (dkim === undefined || dkim.some((key) => key.domain === domain)) return [];
  const what = `${domain} has no DKIM key: answers from the portal look like forgeries`;
  return [warn(['portal', 'return', 'domain'], what, 'write one under dkim, unless the next hop signs')];
}

function pictureOf(octets: string | undefined, at: YamlPath): Complaint[] {
  if (octets === undefined || logoOf(octets) !== null) return [];
  return [complain(at, 'this file is no picture that pages can show', 'write the path of a PNG, JPEG or WebP file')];
}

/** @param octets one character each. Null: no picture by its first octets. */
export function logoOf(octets: string): Logo | null {
  const base64 = Buffer.from(octets, 'latin1').toString('base64');
  if (octets.startsWith('\x89PNG\r\n\x1a\n')) return { mediaType: 'image/png', base64 };
  if (octets.startsWith('\xff\xd8\xff')) return { mediaType: 'image/jpeg', base64 };
  if (/^RIFF[^]{4}WEBP/.test(octets)) return { mediaType: 'image/webp', base64 };
  return null;
}
