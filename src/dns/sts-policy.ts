// The MTA-STS policy of a domain (RFC 8461 3.2): parsed by its grammar, and matched against MX hosts (RFC 8461 4.1).
// Guarantee: what is not a policy, letter by letter, is null; nothing is guessed.

export interface StsPolicy {
  readonly mode: 'enforce' | 'testing' | 'none';
  /** Host names and `*.domain` patterns, lower case. */
  readonly mx: readonly string[];
  readonly maxAgeSeconds: number;
}

/** RFC 8461 3.2: what is longer counts as this. */
const LONGEST_MAX_AGE_SECONDS = 31_557_600;
const MAX_MX_PATTERNS = 500;
const MX_PATTERN = /^(?:\*\.)?(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** Reads the text of a policy; lines end with LF or CRLF. Null where it is malformed. */
export function parseStsPolicy(text: string): StsPolicy | null {
  const lines = text.split(/\r?\n/);
  // Empty lines at the end are no field. The grammar has none; but a policy passed over for them would protect nobody.
  while (lines.at(-1) === '') lines.pop();
  const once = new Map<string, string>();
  const mx: string[] = [];
  for (const line of lines) {
    const field = readField(line);
    if (field === null) return null;
    if (field.key === 'mx') {
      if (field.value.length > 253 || !MX_PATTERN.test(field.value) || mx.length >= MAX_MX_PATTERNS) return null;
      mx.push(field.value.toLowerCase());
      // Of a repeated field only the first counts.
    } else if (!once.has(field.key)) once.set(field.key, field.value);
  }
  const mode = once.get('mode');
  const maxAge = once.get('max_age') ?? '';
  if (once.get('version') !== 'STSv1' || !/^\d{1,10}$/.test(maxAge)) return null;
  if (mode !== 'enforce' && mode !== 'testing' && mode !== 'none') return null;
  if (mode !== 'none' && mx.length === 0) return null;
  return { mode, mx, maxAgeSeconds: Math.min(Number(maxAge), LONGEST_MAX_AGE_SECONDS) };
}

/** Key, ":" and value with blanks around; an unknown key is read and passed over. Values may hold printable ASCII, blanks and UTF-8. */
function readField(line: string): { readonly key: string; readonly value: string } | null {
  const [, key, value] =
    /^([A-Za-z0-9][A-Za-z0-9_.-]{0,31})[ \t]*:[ \t]*([!-~\u0080-\u{10FFFF}](?:[ !-~\u0080-\u{10FFFF}]*[!-~\u0080-\u{10FFFF}])?)[ \t]*$/u.exec(
      line,
    ) ?? [];
  return key === undefined || value === undefined ? null : { key, value };
}

/** Is an MX host named by the policy? `*.` stands for exactly one left-most label. */
export function namesHost(policy: StsPolicy, host: string): boolean {
  const name = host.toLowerCase();
  const afterFirstLabel = name.slice(name.indexOf('.') + 1);
  return policy.mx.some((pattern) =>
    pattern.startsWith('*.') ? name.includes('.') && pattern.slice(2) === afterFirstLabel : pattern === name,
  );
}
