// How much room the disk still has, for the marks at which mail is refused and delivery stops (DESIGN.md section 7).
import { statfs } from 'node:fs/promises';

/** Octets that this user may still write on the file system of `folder`. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
