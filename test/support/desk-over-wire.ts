// A desk behind its wire: server and client over a real socket in a folder of the test's own.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PickupDesk } from '../../src/gateway/pickup/desk.ts';
import { deskClient } from '../../src/portal/desk-client.ts';
import { type DeskLimits, startDeskServer } from '../../src/portal/desk-server.ts';
import { deskSocketPath, WIRE_LIMITS } from '../../src/portal/desk-wire.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface WiredDesk {
  readonly client: PickupDesk;
  readonly socketPath: string;
  /** Calls that failed on the gateway's side, with what was thrown. */
  readonly bugs: readonly (readonly [call: string, error: unknown])[];
  close(): Promise<void>;
}

/** @param t the test, or anything else that ends */
export async function deskOverWire(
  t: { teardown(handler: () => void | Promise<void>): void },
  desk: PickupDesk,
  limits: Partial<DeskLimits> = {},
): Promise<WiredDesk> {
  const bugs: (readonly [string, unknown])[] = [];
  const socketPath = deskSocketPath(join(temporaryFolder(t), 'run'));
  mkdirSync(dirname(socketPath), { mode: 0o750 });
  const started = await startDeskServer(
    socketPath,
    desk,
    { bug: (call, error) => bugs.push([call, error]) },
    { ...WIRE_LIMITS, ...limits },
  );
  if (started.kind === 'refused') throw new Error(started.text);
  t.teardown(() => started.server.close());
  return { client: deskClient(socketPath, { ...WIRE_LIMITS, ...limits }), socketPath, bugs, close: () => started.server.close() };
}
