// The name of a download (RFC 6266, RFC 8187): always `attachment`, never a name that leaves its folder or turns round what is read of it.

/** Characters of RFC 8187 `attr-char` that encodeURIComponent leaves alone though they are none. */
const NOT_PLAIN = /['()*]/g;
/** Paths, quotes, controls, and characters that turn the direction of text (Unicode UAX 9). */
const UNSAFE = /[/\\:*?"<>|%]/g;

export function attachmentDisposition(name: string): string {
  const clean = safeFileName(name);
  const ascii = clean.replace(/[^ -~]/g, '_').replace(/["\\]/g, '_');
  const extended = encodeURIComponent(clean).replace(NOT_PLAIN, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${extended}`;
}

/** At most 150 characters, the ending kept; never empty, never hidden, never only dots. */
export function safeFileName(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]/gu, '')
    .replace(UNSAFE, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '');
  if (clean === '') return 'file';
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(clean)?.[0] ?? '';
  return [...clean].length <= 150 ? clean : [...clean].slice(0, 150 - ending.length).join('') + ending;
}
