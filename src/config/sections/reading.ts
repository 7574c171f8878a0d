// Fields of postern.yaml about how far messages and their attachments are read.
import { optional, section } from '../field.ts';
import { count, duration, oneOf, size } from '../value-kind.ts';

export const reading = {
  reading: section('How far messages and their attachments are read. What lies beyond a limit is a blind spot, and told as one.', {
    ocr: optional(oneOf('off', 'on'), 'off', {
      says: 'on reads printed English text in pictures and scanned pages, on this machine. off: every picture that could hold text is a blind spot.',
      example: 'on',
    }),
    ocr_time: optional(duration, '20s', { says: 'Time for that in one message; pictures left over are blind spots.', example: '60s' }),
    part_time: optional(duration, '15s', {
      says: 'Processor time for one part or file, those inside it not counted. Whatever takes longer is ended.',
      example: '30s',
    }),
    message_time: optional(duration, '2m', { says: 'Time for a whole message, by the clock.', example: '5m' }),
    before_reply: optional(duration, '1s', {
      says: 'A message of at most 256 kB is read, inspected and decided before its reply where that takes no longer: then a refusal is heard at once. 0s: never.',
      example: '2s',
    }),
    memory: optional(size, '1GB', { says: 'Memory of one reading process. One that has more is ended.', example: '2GB' }),
    processes: optional(count(1, 64), 2, { says: 'Reading processes: so many messages are read at a time.', example: '8' }),
    message_size: optional(size, '160MB', { says: 'How much of a message is looked at.', example: '200MB' }),
    part_size: optional(size, '64MB', { says: 'The largest part or file that is read, decoded or unpacked.', example: '100MB' }),
    unpacked: optional(size, '256MB', {
      says: 'What all archives and compressed streams of a message may unpack to.',
      example: '500MB',
    }),
    depth: optional(count(1, 200), 24, { says: 'Parts in parts, files in files.', example: '40' }),
    parts: optional(count(1, 100_000), 2_000, { says: 'Parts and files of one message.', example: '10000' }),
  }),
} as const;
