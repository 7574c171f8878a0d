// A PDF that lost its end lost its trailer too, and with it the way to its catalog: a new trailer is written behind what is left.

const CATALOG = '/Catalog';
const REACH = 1_000;

/** @returns null where no catalog stands in plain text (ISO 32000-1, 7.7.2) */
export function withTrailer(bytes: Buffer): Buffer | null {
  const at = bytes.lastIndexOf(CATALOG);
  if (at < 0) return null;
  const before = bytes.toString('latin1', Math.max(0, at - REACH), at);
  const object = /(\d{1,10}) (\d{1,5}) obj(?![^]*endobj)/.exec(before.slice(Math.max(0, before.lastIndexOf('obj') - 20)));
  if (object === null) return null;
  return Buffer.concat([bytes, Buffer.from(`\ntrailer\n<</Root ${object[1]} ${object[2]} R>>\nstartxref\n0\n%%EOF\n`, 'latin1')]);
}
