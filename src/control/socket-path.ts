// Where the control socket lies, and whether it may lie there: a folder that only its owner can enter is what keeps others out.
import { lstat, mkdir, unlink } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';

/** Octets that a socket path may have (sockaddr_un, with its final NUL taken off). */
export const SOCKET_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

export type SocketPlace = { readonly kind: 'free' } | { readonly kind: 'refused'; readonly text: string };

/** The control socket of a run folder. */
export function controlSocketPath(runFolder: string): string {
  return path.join(runFolder, 'control.sock');
}

/** Makes the folder (0700) where it is missing, refuses one that others can enter, and removes a socket file that nobody answers at. */
export async function prepareSocket(socketPath: string): Promise<SocketPlace> {
  const length = Buffer.byteLength(socketPath);
  if (length > SOCKET_PATH_BYTES) {
    return refused(
      `the path of the control socket has ${length} bytes, the system allows ${SOCKET_PATH_BYTES}: choose a shorter folders.run`,
    );
  }
  const folder = path.dirname(socketPath);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stat = await lstat(folder);
  if (!stat.isDirectory()) return refused('folders.run is not a folder');
  if ((stat.mode & 0o077) !== 0) return refused('folders.run can be entered by others: set its mode to 0700');
  const existing = await lstat(socketPath).catch(() => null);
  if (existing === null) return { kind: 'free' };
  if (!existing.isSocket()) return refused('a file that is no socket lies at the path of the control socket');
  if (await answers(socketPath)) return refused('a running service answers at the control socket');
  await unlink(socketPath);
  return { kind: 'free' };
}

/** Does anybody accept connections there? A full backlog (EAGAIN) counts as yes: only a sure refusal frees the path. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'));
  });
}

function refused(text: string): SocketPlace {
  return { kind: 'refused', text };
}
