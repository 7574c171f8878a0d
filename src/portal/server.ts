// The portal's HTTP server. Every request passes here: its host must be ours, its client must not ask too much, its form must be one of ours; every
// answer carries the headers. Bounded in connections, time and size. The text of an exception goes to the log's `bug` and nowhere else.
import cookiePlugin from '@fastify/cookie';
import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { AddressInfo } from 'node:net';
import { allowance, type AllowanceRules } from '../http/allowance.ts';
import type { ListeningServer, ListenPlace } from '../http/listen.ts';
import { renewCertificate, webServer, type WebServerLimits, type WebServerTls } from '../http/web-server.ts';
import { assetsOf } from './assets.ts';
import { drafts } from './drafts.ts';
import { formatsKnown } from './formats.ts';
import { openMessages } from './opened.ts';
import { portalRoutes } from './routes/routes.ts';
import { answerTo, faultAnswer, type Gate, notFound } from './request.ts';
import type { Portal } from './route.ts';
import { sendAnswer, sendAsset } from './send.ts';
import type { PortalDeps } from './settings.ts';
import { TRANSFER_LIMITS, type TransferLimits, transfers } from './transfers.ts';

export interface PortalLimits extends WebServerLimits {
  /** Of forms without files. */
  readonly formBytes: number;
  readonly perClient: AllowanceRules;
  readonly transfers: TransferLimits;
}

/** A clinic's patients may share one address; whoever guesses gets at most two tries a second. */
export const PORTAL_LIMITS: PortalLimits = {
  headerMs: 10_000,
  // A slow phone uploads for so long.
  requestMs: 900_000,
  idleMs: 60_000,
  connections: 2_000,
  headerBytes: 16_384,
  formBytes: 65_536,
  perClient: { most: 600, perSecond: 10, clients: 20_000 },
  transfers: TRANSFER_LIMITS,
};

/** What nobody looks at any more does not stay for long. */
const TIDY_MS = 30_000;

export interface PortalServer extends ListeningServer {
  renew(certificate: WebServerTls): void;
}

/** Listens; rejects where the port cannot be had. @param tls null: a reverse proxy holds the certificate */
export async function startPortalServer(
  place: ListenPlace,
  deps: PortalDeps,
  tls: WebServerTls | null,
  limits: PortalLimits = PORTAL_LIMITS,
): Promise<PortalServer> {
  const portal: Portal = {
    ...deps,
    open: openMessages(deps),
    drafts: drafts(deps.now, deps.random),
    formats: formatsKnown(deps.settings.zone),
    transfers: transfers(limits.transfers),
  };
  const gate: Gate = { portal, spent: allowance(limits.perClient) };
  const nothingThere = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    sendAnswer(request, reply, await notFound(gate, request));
  const app = fastify({
    serverFactory: (handler) => webServer(handler, tls, limits),
    bodyLimit: limits.formBytes,
    forceCloseConnections: true,
    return503OnClosing: false,
    routerOptions: { maxParamLength: 100, caseSensitive: true },
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    logger: false,
    frameworkErrors: (_error, request, reply) => void badPath(gate, request, reply),
  });
  await app.register(cookiePlugin);
  await app.register(formbody, { bodyLimit: limits.formBytes });
  await app.register(multipart, { throwFileSizeLimit: true });
  app.setNotFoundHandler(nothingThere);
  app.setErrorHandler(async (error, request, reply) => sendAnswer(request, reply, await faultAnswer(gate, error, request)));
  const assets = assetsOf(deps.settings.brands);
  const scheme = deps.settings.brands[0]?.url.startsWith('https:') === true ? 'https' : 'http';
  app.get('/own/:name', (request, reply) => {
    const asset = assets.get(request.url);
    return asset === undefined ? nothingThere(request, reply) : sendAsset(reply, asset, scheme);
  });
  app.get('/robots.txt', (_, reply) =>
    sendAsset(reply, { mediaType: 'text/plain', content: Buffer.from('User-agent: *\nDisallow: /\n') }, scheme),
  );
  for (const route of portalRoutes(portal)) {
    app.route({
      method: route.method,
      url: route.path,
      handler: async (request, reply) => sendAnswer(request, reply, await answerTo(gate, route, request)),
    });
  }
  await app.listen({ host: place.address, port: place.port, listenTextResolver: () => '' });
  const { port } = app.server.address() as AddressInfo;
  const tidying = setInterval(() => portal.open.tidy(), TIDY_MS).unref();
  const close = async (): Promise<void> => {
    clearInterval(tidying);
    await app.close();
  };
  return { port, close, renew: (again) => renewCertificate(app.server, again) };
}

/** A path that cannot be read: cookies are not known yet, and none can be set. */
async function badPath(gate: Gate, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  try {
    const given = await notFound(gate, request);
    sendAnswer(request, reply, given === 'wrong-host' ? given : { ...given, visit: { ...given.visit, cookies: [] } });
  } catch (error) {
    gate.portal.bug('portal.path', error);
    void reply.code(500).send();
  }
}
