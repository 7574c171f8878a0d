// The _mta-sts TXT record (RFC 8461 3.1): says that a domain has an MTA-STS policy, and which one.

/** A record is a version and an id; what is much longer is none. */
const MAX_LENGTH = 1024;

/**
 * The policy id of the one valid record among the TXT records of `_mta-sts.<domain>`, or null where the domain is to be treated as
 * without MTA-STS: no such record, several, or one that is malformed.
 */
export function stsPolicyId(txtRecords: readonly string[]): string | null {
  // Blanks before the first ";" are allowed by the grammar, though not by the sentence above it (erratum 6285).
  const versioned = txtRecords.filter((text) => /^v=STSv1[ \t]*(?:;|$)/.test(text));
  const [record] = versioned;
  return record === undefined || versioned.length > 1 ? null : idOf(record);
}

function idOf(record: string): string | null {
  if (record.length > MAX_LENGTH) return null;
  const [, ...fields] = record.replace(/[ \t]*;[ \t]*$/, '').split(/[ \t]*;[ \t]*/);
  let id: string | null = null;
  for (const field of fields) {
    const [, key, value = ''] = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,31})=([!-:<>-~]+)$/.exec(field) ?? [];
    if (key === undefined) return null;
    if (key !== 'id') continue;
    if (!/^[A-Za-z0-9]{1,32}$/.test(value)) return null;
    // Of a repeated field only the first counts (RFC 8461 3.2).
    id ??= value;
  }
  return id;
}
