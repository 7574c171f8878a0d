// How far reading goes, so that no message can take more time, memory or room than this. What lies beyond is a blind spot.

export interface ReadLimits {
  /** Octets of the message that are looked at. */
  readonly messageBytes: number;
  /** Octets of one part or file, decoded or unpacked. */
  readonly partBytes: number;
  /** Octets that all containers and compressed streams of a message may unpack to. */
  readonly unpackedBytes: number;
  /** Parts in parts, files in files. */
  readonly depth: number;
  readonly parts: number;
  /** UTF-16 code units of all spans. */
  readonly textLength: number;
  readonly spans: number;
}

export const DEFAULT_READ_LIMITS: ReadLimits = {
  messageBytes: 160_000_000,
  partBytes: 64_000_000,
  unpackedBytes: 256_000_000,
  depth: 24,
  parts: 2_000,
  textLength: 8 * 1024 * 1024,
  spans: 500_000,
};
