// Short terms that people write, from the descriptions of ICD-10-CM, which are long: "Type 2 diabetes mellitus with diabetic nephropathy,
// unspecified" gives "type 2 diabetes mellitus".

/** Chapters that tell of events, places, contacts with services and findings without an illness. */
const LEFT_OUT = /^[V-Z]/;
const QUALIFIER =
  /^(?:other|unspecified|certain|specified|acute and chronic|personal history|family history|encounter|adverse effect|underdosing|poisoning|toxic effect|complications?|exposure|contact|asphyxiation|explosion)\b/;
/** Where the name of an illness ends and its detail begins. */
const DETAIL =
  /,|;|\(|\[| (?:with|without|due to|in|of|and|or|following|during|complicating|associated with|not elsewhere classified|affecting|on|at|as|by|from|nos|nec|type|involving|resulting|for|other|unspecified|elsewhere)\b/;
const MOST_WORDS = 4;
/** A word alone is kept when it is made as words of medicine are: what is left of a long description is often an ordinary word. */
const MADE_OF_GREEK =
  /(?:itis|osis|[aei]mia|oma|opathy|algia|plegia|paresis|uria|ectasi[as]|penia|rrh[eo]a|iasis|megaly|trophy|phobia|cele|asthenia|derma|dermia|dactyly|phagia|phasia|lexia|opia|cephaly|genesis|malacia|rrhage|rrhagia|spasm|stenosis|pnea|cytosis|plasia|sclerosis|ptosis|lithiasis|oxia|thorax|kinesia|tonia)$/;

/** @param lines "code, billable, description" parted by tabs */
export function conditionsOf(lines: readonly string[], cut: (text: string) => string): readonly string[] {
  const terms = new Set<string>();
  for (const line of lines.slice(1)) {
    const [code, , description] = line.split('\t');
    if (code === undefined || description === undefined || LEFT_OUT.test(code)) continue;
    const lower = description.toLowerCase();
    if (QUALIFIER.test(lower)) continue;
    const head = lower.split(DETAIL, 1)[0] ?? '';
    const term = cut(head);
    const words = term.split(' ');
    if (term.length < 5 || words.length > MOST_WORDS) continue;
    if (words.length === 1 && !MADE_OF_GREEK.test(term)) continue;
    terms.add(term);
  }
  return [...terms];
}
