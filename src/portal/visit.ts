// A visit: one request as the pages see it. Whom the page speaks for, in which language and zone, who asks, and what session they have.
import type { Brand } from '../config/portal.ts';
import type { DeskClient, SessionView } from '../gateway/pickup/desk.ts';
import { wantedLanguage } from '../http/language.ts';
import { type Language, LANGUAGES } from '../mail/language.ts';
import { cookieValue, type CookieName } from './cookies.ts';
import type { Formats } from './formats.ts';
import { formSeal, type Holder } from './form-seal.ts';
import type { Portal } from './route.ts';
import { WORDS, type Words } from './words/languages.ts';

export interface Visit {
  readonly brand: Brand;
  readonly scheme: 'http' | 'https';
  readonly language: Language;
  readonly words: Words;
  readonly formats: Formats;
  readonly now: number;
  readonly client: DeskClient;
  /** Null: nobody is signed in. */
  readonly session: Session | null;
  readonly holder: Holder;
  /** Goes into every form. */
  readonly seal: string;
  /** Path without query: where the choice of a language leads. */
  readonly path: string;
  readonly cookie: (name: CookieName) => string | null;
  /** Cookies that this visit has to set, whatever is answered. */
  readonly cookies: readonly CookieChange[];
}

export interface SignedVisit extends Visit {
  readonly session: Session;
}

export interface Session {
  readonly token: string;
  readonly view: SessionView;
}

/** Null ends it. */
export interface CookieChange {
  readonly name: CookieName;
  readonly value: string | null;
}

/** What is needed of a request to make a visit of it. */
export interface Asking {
  readonly host: string | undefined;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly cookies: Readonly<Record<string, string | undefined>>;
  readonly acceptLanguage: string | undefined;
  readonly userAgent: string | undefined;
  readonly address: string;
  /** Does asking keep the session from idling out? */
  readonly activity: 'person' | 'none';
}

type VisitDeps = Pick<Portal, 'settings' | 'desk' | 'formats' | 'now' | 'random' | 'key'>;

/** 'wrong-host': the host is none of ours, whatever the path. */
export async function visitOf(deps: VisitDeps, asking: Asking): Promise<Visit | 'wrong-host'> {
  const brand = brandOfHost(deps.settings.brands, asking.host);
  if (brand === null) return 'wrong-host';
  const scheme = brand.url.startsWith('https:') ? 'https' : 'http';
  const cookie = (name: CookieName): string | null => cookieValue(asking.cookies, name, scheme);
  const token = cookie('session');
  const view = token === null ? null : await deps.desk.session(token, asking.activity);
  const session = token === null || view === null ? null : { token, view };
  const before = cookie('before');
  const fresh = before ?? Buffer.from(deps.random(16)).toString('base64url');
  // A form of a session that has ended is still known as one of ours.
  const holder: Holder = token === null ? { kind: 'before', token: fresh } : { kind: 'session', token };
  const chosen = LANGUAGES.find((language) => language === asking.query['language']);
  const shownBrand = session === null ? brand : brandShown(deps.settings.brands, brand, session.view.brand);
  const cookies: readonly CookieChange[] = [
    ...(before === null ? [{ name: 'before' as const, value: fresh }] : []),
    ...(chosen === undefined ? [] : [{ name: 'language' as const, value: chosen }]),
  ];
  const language = chosen ?? languageOf(asking, cookie('language'), session, shownBrand.language);
  return {
    brand: shownBrand,
    scheme,
    language,
    words: WORDS[language],
    formats: deps.formats(language, cookie('zone') ?? brand.zone),
    now: deps.now(),
    client: { address: asking.address, userAgent: (asking.userAgent ?? '').slice(0, 500) },
    session,
    holder,
    seal: formSeal(deps.key, holder),
    path: asking.path,
    cookie,
    cookies,
  };
}

/** The same visit where it is known now which brand, and which language, the message has. */
export function visitFor(visit: Visit, brands: readonly Brand[], brandName: string): Visit {
  return { ...visit, brand: brandShown(brands, visit.brand, brandName) };
}

function languageOf(asking: Asking, chosen: string | null, session: Session | null, otherwise: Language): Language {
  const known = LANGUAGES.find((language) => language === chosen);
  const ofPerson = LANGUAGES.find((language) => language === session?.view.person?.language);
  return known ?? ofPerson ?? wantedLanguage(asking.acceptLanguage) ?? otherwise;
}

/** Of several brands on one host the first, until a message tells which. */
function brandOfHost(brands: readonly Brand[], host: string | undefined): Brand | null {
  return brands.find(({ url }) => new URL(url).host === host?.toLowerCase()) ?? null;
}

/** A brand with a host of its own is never shown on another's. */
function brandShown(brands: readonly Brand[], ofHost: Brand, name: string): Brand {
  const named = brands.find((brand) => brand.name === name);
  return named !== undefined && named.url === ofHost.url ? named : ofHost;
}
