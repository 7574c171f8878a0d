// Whether the originator's own mail program encrypted a message to its recipient: then all that could be read is the shell around it.
import type { Message, Part, PartKind } from './message.ts';

export type ClientEncryption = 'smime' | 'openpgp';

const BY_KIND: Readonly<Partial<Record<PartKind, ClientEncryption>>> = { 'smime-encrypted': 'smime', 'pgp-encrypted': 'openpgp' };
/** What stands around or beside it and says nothing: of multipart/encrypted (RFC 3156 4) the control part is a 'signature'. */
const SHELL: ReadonlySet<PartKind> = new Set(['multipart', 'empty', 'signature', 'key']);

/**
 * The kind of encryption where the content is one encrypted part (RFC 8551 3.3, RFC 3156, or an inline PGP message) and nothing else; null
 * where anything else could be read, or could not.
 */
export function clientEncryption(message: Message): ClientEncryption | null {
  const sealed = message.parts.filter(({ kind }) => BY_KIND[kind] !== undefined);
  const [part] = sealed;
  if (part === undefined || sealed.length > 1 || part.role === 'other-reading') return null;
  const onlyShell = message.parts.every((one) => one === part || isShellOf(one, part));
  const onlyBlind = message.blindSpots.every(({ part: path, kind }) => path === part.path && kind === 'encrypted');
  const isBlind = message.blindSpots.some(({ part: path }) => path === part.path);
  if (!onlyShell || !onlyBlind || !isBlind || saysSomething(message)) return null;
  return BY_KIND[part.kind] ?? null;
}

function isShellOf(one: Part, sealed: Part): boolean {
  if (one.path === '' || (SHELL.has(one.kind) && one.role !== 'other-reading')) return true;
  // Signed outside of the encryption.
  return one.kind === 'smime-signed' && sealed.path.startsWith(`${one.path}.`);
}

/** Header fields and file names are never encrypted; a sentence for old readers stands before the parts. */
function saysSomething({ spans, defects }: Message): boolean {
  const hasText = spans.some(({ place: { area } }) => area !== 'header' && area !== 'file-name' && area !== 'hidden');
  return hasText || defects.some(({ code }) => code === 'text-outside-parts');
}
