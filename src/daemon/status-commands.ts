// status and reload of the control socket.
import { X509Certificate } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { Loaded } from '../config/load.ts';
import type { ControlHandlers, StatusReport } from '../control/commands.ts';
import type { DiskWatch } from '../gateway/disk-watch.ts';
import type { OpenStore } from '../store/sqlite/direct-store.ts';
import type { QueueReader } from '../store/queue.ts';

export interface StatusDeps {
  readonly version: string;
  readonly loaded: () => Loaded;
  readonly configLoadedAt: () => number;
  readonly store: Pick<OpenStore, 'lastHead'>;
  readonly reader: Pick<QueueReader, 'counts'>;
  readonly disk: DiskWatch;
  /** Null where no service runs. */
  readonly running: {
    readonly pid: number;
    readonly startedAt: number;
    readonly listeners: () => readonly { readonly name: string; readonly port: number; readonly sessions: number }[];
  } | null;
  /** Null where no service runs. */
  readonly reload: (() => Promise<Loaded | null>) | null;
}

const SOON_MS = 14 * 86_400_000;

export function statusCommands(deps: StatusDeps): Pick<ControlHandlers, 'status' | 'reload'> {
  return {
    status: async () => ({ kind: 'done', value: await statusReport(deps) }),
    reload: async () => {
      if (deps.reload === null) return { kind: 'failed', code: 'unavailable', text: 'The service is not running.' };
      const loaded = await deps.reload();
      if (loaded === null)
        return { kind: 'failed', code: 'refused', text: 'The configuration has errors; nothing was changed. See: postern check' };
      return { kind: 'done', value: { fingerprint: loaded.fingerprint, warnings: loaded.warnings.map(({ what }) => what) } };
    },
  };
}

async function statusReport(deps: StatusDeps): Promise<StatusReport> {
  const { config, fingerprint, secrets } = deps.loaded();
  const { logId, seq } = deps.store.lastHead();
  const queue = await deps.reader.counts();
  const certificate = secrets.tls === null ? null : { notAfter: new X509Certificate(secrets.tls.certificatePem).validToDate.getTime() };
  const state = deps.disk.mayAccept() ? 'enough' : deps.disk.mayDeliver() ? 'refusing' : 'stopped';
  const { running } = deps;
  return {
    version: deps.version,
    mode: config.mode,
    hostname: config.hostname,
    running:
      running === null
        ? null
        : { pid: running.pid, startedAt: running.startedAt, configLoadedAt: deps.configLoadedAt(), configFingerprint: fingerprint },
    listeners: running === null ? [] : running.listeners().map(({ name, port, sessions }) => ({ name, port, connections: sessions })),
    queue,
    audit: { logId, seq },
    disk: { freeBytes: deps.disk.freeBytes(), state },
    certificate,
    attention: attention(config, queue.held, state, certificate?.notAfter ?? null),
  };
}

function attention(config: Config, held: number, disk: StatusReport['disk']['state'], certificateEndsAt: number | null): readonly string[] {
  const sentences: string[] = [];
  if (config.mode === 'sandbox') sentences.push('Sandbox mode: no mail leaves this machine.');
  if (held > 0)
    sentences.push(
      `${held} ${held === 1 ? 'delivery is' : 'deliveries are'} held and wait${held === 1 ? 's' : ''} for a person: postern queue list --state held`,
    );
  if (disk !== 'enough')
    sentences.push(
      disk === 'refusing' ? 'The disk is nearly full: new mail is refused.' : 'The disk is full: mail is neither taken nor delivered.',
    );
  if (certificateEndsAt !== null && certificateEndsAt < Date.now()) sentences.push('The certificate of the listeners has expired.');
  else if (certificateEndsAt !== null && certificateEndsAt < Date.now() + SOON_MS) {
    sentences.push(`The certificate of the listeners ends on ${new Date(certificateEndsAt).toISOString().slice(0, 10)}.`);
  }
  return sentences;
}
