// Whether an archive locks its table of members, so that not even names can be read: 7-Zip ends without saying so.

/** The identifier of AES in 7z (7zFormat.txt, Methods.txt). */
const SEVEN_ZIP_AES = Buffer.from([0x06, 0xf1, 0x07, 0x01]);
const LARGEST_HEADER = 65_536;

export function hasLockedHeader(bytes: Buffer): boolean {
  if (bytes.length < 32) return false;
  const signature = bytes.toString('latin1', 0, 8);
  if (signature.startsWith('7z\xbc\xaf')) {
    const at = 32 + Number(bytes.readBigUInt64LE(12));
    const header = bytes.subarray(at, at + Math.min(LARGEST_HEADER, Number(bytes.readBigUInt64LE(20))));
    return header[0] === 0x17 && header.includes(SEVEN_ZIP_AES);
  }
  if (signature === 'Rar!\x1a\x07\x01\0') return rar5FirstType(bytes) === 4;
  // RAR 4: the flags of the main header.
  return signature.startsWith('Rar!\x1a\x07\0') && bytes[9] === 0x73 && (bytes.readUInt16LE(10) & 0x0080) !== 0;
}

/** RAR 5.0: behind a checksum, the size and the type of the first header, as numbers of seven bits. */
function rar5FirstType(bytes: Buffer): number {
  let at = 12;
  while (at < 15 && (bytes[at] ?? 0) >= 0x80) at++;
  return bytes[at + 1] ?? 0;
}
