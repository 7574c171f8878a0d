// What may be told of a message as it was read: kinds, codes and counts, never content. It stands in evidence.
import { clientEncryption } from './client-encryption.ts';
import type { Codes } from './evidence.ts';
import type { BlindSpot, Message } from './message.ts';

/** Codes of `message.read`: `parts`, and where there are any `kinds`, `blindSpots`, `defects`, `documents`, each with how many; `encryptedBy` the client. */
export function readFacts(message: Message): Codes {
  const kinds = counted(message.parts.map(({ kind }) => kind));
  const blindSpots = counted(message.blindSpots.map(({ kind }) => kind));
  const defects = counted(message.defects.map(({ code }) => code));
  const encryptedBy = clientEncryption(message);
  const documents = counted(message.documents.map(({ standard, type }) => `${standard}:${type}`));
  return {
    parts: message.parts.length,
    kinds,
    ...(blindSpots === '' ? {} : { blindSpots }),
    ...(defects === '' ? {} : { defects }),
    ...(documents === '' ? {} : { documents }),
    ...(encryptedBy === null ? {} : { encryptedBy }),
  };
}

const MOST_WORDS = 50;

/** `html pdf*2`, in order of the words. */
function counted(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, MOST_WORDS)
    .map(([word, count]) => (count === 1 ? word : `${word}*${count}`))
    .join(' ');
}

/** Pictures shown within a message, that could be known: a logo, a signature. Larger ones can be scans. */
export const KNOWN_PICTURE_BYTES = 100_000;

/** Digests of the pictures of a message that could be known ones, each once. */
export function recurringPictures({ parts }: Message): readonly string[] {
  const found = parts.filter(({ role, sizeBytes }) => role === 'inline' && sizeBytes <= KNOWN_PICTURE_BYTES);
  return [...new Set(found.flatMap(({ digest }) => digest ?? []))];
}

/** The message without the blind spots of pictures that are known. */
export function withKnownPictures(message: Message, known: ReadonlySet<string>): Message {
  const paths = new Set(
    message.parts.filter(({ role, digest }) => role === 'inline' && digest !== null && known.has(digest)).map(({ path }) => path),
  );
  const isKnown = ({ part, kind }: BlindSpot): boolean => kind === 'picture-not-read' && paths.has(part);
  return { ...message, blindSpots: message.blindSpots.filter((one) => !isKnown(one)) };
}
