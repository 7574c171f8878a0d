// What a route gives back, as values: a page, the way to another of our own pages, facts for a script, or octets.
import type { AnswerKind, HeaderFacts } from './headers.ts';
import type { Html } from './html.ts';
import type { Transfer } from './transfers.ts';
import type { CookieChange } from './visit.ts';

export type PortalAnswer = PageAnswer | GoAnswer | JsonAnswer | OctetsAnswer;

interface Common {
  readonly cookies?: readonly CookieChange[];
}

export interface PageAnswer extends Common {
  readonly kind: 'page';
  readonly status: 200 | 400 | 401 | 403 | 404 | 410 | 413 | 421 | 429 | 500 | 503;
  readonly page: Html;
  readonly as?: Extract<AnswerKind, 'page-with-pdf'>;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** To a path of ours, never to anything that came with the request. */
export interface GoAnswer extends Common {
  readonly kind: 'go';
  readonly to: string;
  /** What the browser has kept of our pages goes (Clear-Site-Data). */
  readonly clear?: 'cache';
}

export interface JsonAnswer extends Common {
  readonly kind: 'json';
  readonly status: 200 | 401 | 403 | 429;
  readonly value: Readonly<Record<string, unknown>>;
}

export interface OctetsAnswer extends Common {
  readonly kind: 'octets';
  readonly as: Exclude<AnswerKind, 'page' | 'page-with-pdf'>;
  readonly contentType: string;
  readonly facts?: Pick<HeaderFacts, 'pictures'>;
  /** Of a download. */
  readonly disposition?: string;
  readonly octets: AsyncIterable<Uint8Array>;
  /** Where others wait for it to be over. */
  readonly transfer?: Transfer;
}

export function page(shown: Html): PageAnswer {
  return { kind: 'page', status: 200, page: shown };
}

export function go(to: string, cookies: readonly CookieChange[] = []): GoAnswer {
  return { kind: 'go', to, cookies };
}
