// A certificate chain and its key as files, as an administrator or an ACME client puts them there.
import { open } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { checkCertificate } from './certificate.ts';
import type { CertificateCheck, CertificateProblem } from './certificate.ts';

export interface CertificateFiles {
  readonly chainFile: string;
  readonly keyFile: string;
  /** Names that the leaf must carry. */
  readonly names: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** No file of this kind is larger. */
const FILE_BYTES = 256 * 1024;

/** Reads and checks. Symbolic links are followed: ACME clients keep the current certificate behind one. */
export async function readCertificate({ chainFile, keyFile, names, now }: CertificateFiles): Promise<CertificateCheck> {
  const chain = await readText(chainFile);
  const key = await readText(keyFile);
  const problems: CertificateProblem[] = [];
  if (typeof chain === 'string') problems.push({ code: 'certificate.unreadable', text: `${chainFile} ${chain}` });
  if (typeof key === 'string') problems.push({ code: 'certificate.key-unreadable', text: `${keyFile} ${key}` });
  else problems.push(...exposure(keyFile, key.stats));
  if (typeof chain === 'string' || typeof key === 'string') return { kind: 'refused', problems };
  const checked = checkCertificate({ chainPem: chain.text, keyPem: key.text, names, now });
  const found =
    checked.kind === 'refused' ? checked.problems.map(({ code, text }) => ({ code, text: `${text} (${chainFile}, ${keyFile})` })) : [];
  return problems.length + found.length > 0 ? { kind: 'refused', problems: [...problems, ...found] } : checked;
}

/** The group may read it (Debian's ssl-cert), nobody else, and only its owner may write it. */
function exposure(keyFile: string, stats: Stats): readonly CertificateProblem[] {
  if ((stats.mode & 0o037) === 0) return [];
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  return [
    {
      code: 'certificate.key-exposed',
      text: `${keyFile} is open to others (mode ${mode}); it must be 0600, or 0640 for a group of its own: chmod 600 ${keyFile}`,
    },
  ];
}

/** The text, or what is wrong with the file. */
async function readText(path: string): Promise<{ readonly text: string; readonly stats: Stats } | string> {
  try {
    const file = await open(path, 'r');
    try {
      const stats = await file.stat();
      if (!stats.isFile()) return 'is not a file.';
      if (stats.size > FILE_BYTES) return 'is too large for a certificate or key.';
      return { text: await file.readFile('latin1'), stats };
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
    if (code === null) throw error;
    return code === 'ENOENT' ? 'is not there.' : `cannot be read: the system says ${code}.`;
  }
}
