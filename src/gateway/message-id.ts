// Our message ids: 48 bits of time and 80 bits of chance in Crockford's base 32, so that they sort by time and say nothing else.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * @param at milliseconds since the epoch
 * @param random 10 bytes of chance
 * @returns 26 characters
 */
export function messageIdOf(at: number, random: Uint8Array): string {
  let time = '';
  for (let rest = at, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = ALPHABET.charAt(rest % 32) + time;
  let chance = '';
  let bits = 0;
  let value = 0;
  for (const byte of random) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      chance += ALPHABET.charAt((value >>> bits) & 31);
    }
    value &= (1 << bits) - 1;
  }
  return time + chance;
}
