// What we use of libmime, which brings no types.
declare module 'libmime' {
  const libmime: {
    /** Decodes the encoded words (RFC 2047) in an unfolded header value. */
    decodeWords(value: string): string;
  };
  export default libmime;
}
