// Where the socket of the desk lies: a folder that its owner and the portal's group may enter, nobody else. The group is that of the folder: the
// system's packaging makes it setgid (systemd/postern.tmpfiles.conf); where one user runs all, the folder is made here.
import { chmod, lstat, mkdir, unlink } from 'node:fs/promises';
import type http from 'node:http';
import net from 'node:net';
import path from 'node:path';

/** Octets that a socket path may have (sockaddr_un, with its final NUL taken off). */
const PATH_BYTES = process.platform === 'linux' ? 107 : 103;

export type DeskPlace =
  { readonly kind: 'free'; readonly listen: (server: http.Server) => Promise<void> } | { readonly kind: 'refused'; readonly text: string };

export async function prepareDeskSocket(socketPath: string): Promise<DeskPlace> {
  if (Buffer.byteLength(socketPath) > PATH_BYTES)
    return refused("the path of the portal's socket is too long: choose a shorter folders.run");
  const folder = path.dirname(socketPath);
  await mkdir(folder, { recursive: true, mode: 0o750 });
  const stat = await lstat(folder);
  if (!stat.isDirectory()) return refused("the place of the portal's socket is not a folder");
  if ((stat.mode & 0o007) !== 0) return refused("the folder of the portal's socket can be entered by others: set its mode to 2750");
  const existing = await lstat(socketPath).catch(() => null);
  if (existing !== null && !existing.isSocket()) return refused("a file that is no socket lies at the path of the portal's socket");
  if (existing !== null && (await answers(socketPath))) return refused("a running service answers at the portal's socket");
  if (existing !== null) await unlink(socketPath);
  return {
    kind: 'free',
    async listen(server) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ path: socketPath }, resolve);
      });
      await chmod(socketPath, 0o660);
    },
  };
}

/** A full backlog (EAGAIN) counts as yes: only a sure refusal frees the path. */
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

function refused(text: string): DeskPlace {
  return { kind: 'refused', text };
}
