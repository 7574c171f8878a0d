// A bounded HTTP server for a handler that somebody else brings: with a certificate of its own, or plain behind a reverse proxy.
import http from 'node:http';
import https from 'node:https';

export interface WebServerLimits {
  readonly headerMs: number;
  readonly requestMs: number;
  /** Without an octet either way. */
  readonly idleMs: number;
  readonly connections: number;
  readonly headerBytes: number;
}

export interface WebServerTls {
  /** PEM: the chain, and its private key. */
  readonly certificate: string;
  readonly key: string;
}

export function webServer(handler: http.RequestListener, tls: WebServerTls | null, limits: WebServerLimits): http.Server {
  const options = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headerMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.headerMs,
    connectionsCheckingInterval: 1_000,
  };
  const server =
    tls === null
      ? http.createServer(options, handler)
      : https.createServer({ ...options, cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' }, handler);
  server.maxConnections = limits.connections;
  server.setTimeout(limits.idleMs);
  return server;
}

/** A new certificate, for connections from now on. Nothing where a reverse proxy holds it. */
export function renewCertificate(server: http.Server, { certificate, key }: WebServerTls): void {
  if (server instanceof https.Server) server.setSecureContext({ cert: certificate, key, minVersion: 'TLSv1.2' });
}
