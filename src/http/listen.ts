// An HTTP server on its port, and off it again: what every server of this house does alike.
import type http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListenPlace {
  readonly address: string;
  readonly port: number;
}

export interface ListeningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Rejects where the port cannot be had. */
export async function listen(server: http.Server, place: ListenPlace): Promise<ListeningServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(place.port, place.address, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
