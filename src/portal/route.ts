// A route as a row: what it needs and takes, and what it does. server.ts does for every row what must never be forgotten: the host, the allowance, the
// session, the seal of forms, the headers.
import type { FastifyRequest } from 'fastify';
import type { Drafts } from './drafts.ts';
import type { FormatsOf } from './formats.ts';
import type { OpenMessages } from './opened.ts';
import type { PortalAnswer } from './answer.ts';
import type { PortalDeps } from './settings.ts';
import type { Transfers } from './transfers.ts';
import type { SignedVisit, Visit } from './visit.ts';

export interface Portal extends PortalDeps {
  readonly open: OpenMessages;
  readonly drafts: Drafts;
  readonly formats: FormatsOf;
  readonly transfers: Transfers;
}

/** Names in the path are checked before: `link` by its letters, `id` as a delivery, `part` as a place. */
export interface Asked {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Of a form: each name once. */
  readonly fields: Readonly<Record<string, string>>;
  /** Of a script's request. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Only for what streams. */
  readonly request: FastifyRequest;
}

interface Row {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** 'form' and 'json' are sealed before the work begins; 'upload' checks the seal itself, as it streams. */
  readonly takes?: 'form' | 'json' | 'upload';
  /** Costs so many requests of a client's allowance; 1 where nothing is said. */
  readonly cost?: number;
  readonly activity?: 'none';
}

export type Route =
  | (Row & { readonly needs: 'nobody'; readonly work: (visit: Visit, asked: Asked) => Promise<PortalAnswer> })
  | (Row & {
      readonly needs: 'session';
      /** May somebody come here before it is known who of several people they are? */
      readonly person?: 'not-yet';
      readonly work: (visit: SignedVisit, asked: Asked) => Promise<PortalAnswer>;
    });
