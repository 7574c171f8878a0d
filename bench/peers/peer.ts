// What the bench needs of a relay: start it with a folder, certificates and the sink's port; its root process; how to stop it.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import net from 'node:net';
import type { CertificateFiles } from '../certificates.ts';

export interface Surroundings {
  /** The peer's own, on a real disk. */
  readonly folder: string;
  readonly certificates: CertificateFiles;
  readonly sinkPort: number;
  /** Where it is to listen, STARTTLS and AUTH required. */
  readonly port: number;
}

export interface RunningPeer {
  /** Its descendants count with it. */
  readonly pid: number;
  stop(): Promise<void>;
}

export interface Peer {
  readonly name: string;
  /** What it is and how it is set, one line for the report. */
  readonly about: string;
  /** Null where it can run here, else what is missing. */
  readonly missing: () => string | null;
  start(surroundings: Surroundings): Promise<RunningPeer>;
}

/** Starts a program of ours with this runtime; its output goes to a file. Stops it by SIGTERM, and after a time by SIGKILL. */
export function startProgram(args: readonly string[], environment: Readonly<Record<string, string>>, logFile: string): RunningPeer {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, args, { stdio: ['ignore', log, log], env: { ...process.env, ...environment } });
  return { pid: child.pid ?? 0, stop: () => stopChild(child) };
}

export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await ended;
  clearTimeout(late);
}

/** Waits until something listens on a loopback port. */
export async function untilListening(port: number, timeoutMs: number): Promise<void> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    if (await connects(port)) return;
    if (performance.now() > until) throw new Error(`nothing listens on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}
