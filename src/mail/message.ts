// A message as it was read: parts, text that knows where it stood, what is odd about it, and what could not be read. Holds content: it
// stays in memory and never reaches a log, a record or a reply. Only kinds, codes, numbers and paths of parts may.

/** What a part really is, told by its content. A new kind is a word here and a line in mime/extract/sniff.ts. */
export const PART_KINDS = [
  // of MIME
  'message',
  'mbox',
  'multipart',
  'delivery-status',
  'text',
  'html',
  'calendar',
  'vcard',
  'csv',
  'xml',
  'json',
  // of Outlook
  'tnef',
  'outlook-message',
  // documents
  'pdf',
  'docx',
  'xlsx',
  'pptx',
  'odf',
  'rtf',
  'doc',
  'xls',
  'ppt',
  'ole-object',
  // files of files
  'zip',
  'tar',
  'gzip',
  'archive',
  // health data
  'hl7v2',
  'cda',
  'fhir-json',
  'fhir-xml',
  'x12',
  'ncpdp',
  'dicom',
  // for eyes and ears
  'picture',
  'audio-video',
  // locked, or only a proof
  'smime-encrypted',
  'smime-signed',
  'pgp-encrypted',
  'pgp-signed',
  'signature',
  'office-encrypted',
  'key',
  // the rest
  'font',
  'empty',
  'unknown',
] as const;
export type PartKind = (typeof PART_KINDS)[number];

/** Why something could not be read. Policy names these. */
export const BLIND_SPOT_KINDS = [
  'encrypted',
  'picture-not-read',
  'audio-video',
  'too-large',
  'too-deep',
  'timed-out',
  'broken',
  'unknown',
] as const;
export type BlindSpotKind = (typeof BLIND_SPOT_KINDS)[number];

/** What is odd: where mail programs read differently, or something is not what it says it is. */
export const DEFECT_CODES = [
  // header
  'header-malformed', // a line without colon, a bad name, a blank fold: readers end the header at different places
  'header-over-limits',
  'field-repeated', // a field that may stand once stands twice
  'encoded-word-malformed',
  'parameter-malformed',
  'content-type-malformed',
  // structure
  'boundary-ambiguous', // missing, repeated, or lines that some readers take for a delimiter
  'multipart-not-closed',
  'text-outside-parts', // a preamble or epilogue with text that some readers show
  'multipart-encoded', // a transfer encoding where none may be
  'part-incomplete', // one piece of a message/partial
  'body-elsewhere', // message/external-body
  // encodings
  'transfer-encoding-unknown',
  'base64-malformed',
  'quoted-printable-malformed',
  'charset-unknown',
  'charset-wrong', // octets that the declared charset does not have
  'text-disguised', // zero-width, bidirectional or look-alike characters inside words
  'file-in-text', // uuencode or yEnc in a text part
  // types and files
  'type-mismatch', // the content is not what type or name say
  'container-malformed', // directories that disagree, members that overlap, data behind the end
  'name-suspicious', // a path, controls or a reversed extension in a file name
  'macro', // a program inside a document
] as const;
export type DefectCode = (typeof DEFECT_CODES)[number];

/** What of a part a piece of text is. 'hidden' is what a usual reader does not show. */
export type Area =
  | 'header' // of a message
  | 'text'
  | 'hidden'
  | 'comment'
  | 'alternative' // alt, title, aria-label: shown where something else is not
  | 'link'
  | 'property' // of a document: author, title, keywords
  | 'form-field'
  | 'annotation'
  | 'note' // footnotes, speaker notes, page headers and footers
  | 'file-name'
  | 'picture'; // read by OCR

/** Where a span stands in its part. Numbers and names of our own or of a standard, never text of the message. */
export interface Place {
  readonly area: Area;
  /** From 1: page of a document, slide of a presentation, frame of a picture. */
  readonly page?: number;
  /** From 1. */
  readonly sheet?: number;
  /** From 1: row of a table, line of a file, segment of an interchange. */
  readonly row?: number;
  /** Name of a header field in lower case, of an HL7 segment, a FHIR resource, a DICOM tag: as the standard spells it. */
  readonly field?: string;
}

/** From `at` of a span's text on it belongs to `field`: a cell (`B7`), a field of a segment (`PID-5`), a path in a resource (`Patient.name`). */
export interface Mark {
  readonly at: number;
  readonly field: string;
}

/** Text in one piece, as its reader would see it: Unicode, without disguises. */
export interface Span {
  /** Path of the part. */
  readonly part: string;
  readonly place: Place;
  readonly text: string;
  /** In order of `at`. */
  readonly marks: readonly Mark[];
}

export interface Part {
  /** As IMAP counts (RFC 3501 6.4.5): '' is the message, '2' its second part, '2.1' the first part or file in that. */
  readonly path: string;
  readonly kind: PartKind;
  /** Media type that the message or container declares, in lower case without parameters, or null. */
  readonly declaredType: string | null;
  /** File name, as a reader would see it, or null. Content. */
  readonly name: string | null;
  readonly role: PartRole;
  readonly sizeBytes: number;
  /** SHA-256 of a picture in hexadecimal, or null. */
  readonly digest: string | null;
}

/**
 * 'body' is shown as the message, 'inline' within it, 'attachment' beside it, 'member' lies in a file. 'other-reading' is what only some
 * mail programs see: it has been read as well.
 */
export type PartRole = 'body' | 'inline' | 'attachment' | 'member' | 'other-reading';

export interface BlindSpot {
  readonly part: string;
  readonly kind: BlindSpotKind;
}

export interface Defect {
  readonly part: string;
  readonly code: DefectCode;
}

export const HEALTH_STANDARDS = ['hl7v2', 'cda', 'fhir', 'x12', 'ncpdp', 'dicom'] as const;
export const IDENTIFIER_KINDS = [
  'name',
  'birth-date',
  'death-date',
  'address',
  'phone',
  'email',
  'ssn',
  'mrn',
  'member-id',
  'account-number',
  'licence',
  'device',
  'photo',
  'other-id',
] as const;
export const HEALTH_CONTENTS = [
  'diagnosis',
  'medication',
  'result',
  'procedure',
  'allergy',
  'immunization',
  'vital-sign',
  'encounter',
  'appointment',
  'order',
  'note',
  'image',
  'claim',
  'payment',
  'coverage',
] as const;

/** A structured health document, read as data. */
export interface HealthDocument {
  readonly part: string;
  readonly standard: (typeof HEALTH_STANDARDS)[number];
  /** As the standard names it: `ADT^A01`, `837P`, `Bundle`, `34133-9`, `CT`; 'unknown' where the document does not say, or not by a code. */
  readonly type: string;
  /** Distinct patients in it; 0 where it names none. */
  readonly patients: number;
  /** Which identifiers of patients are present, each once. */
  readonly identifiers: readonly (typeof IDENTIFIER_KINDS)[number][];
  readonly contents: readonly (typeof HEALTH_CONTENTS)[number][];
}

export interface Message {
  /** In the order in which they were read; a part comes before those in it. */
  readonly parts: readonly Part[];
  readonly spans: readonly Span[];
  readonly defects: readonly Defect[];
  readonly blindSpots: readonly BlindSpot[];
  readonly documents: readonly HealthDocument[];
}
