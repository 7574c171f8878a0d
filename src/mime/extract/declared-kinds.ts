// What a media type or the ending of a file name promises, and whether content keeps it. Close kinds are not held against one another:
// ordinary mail calls a DOCX application/zip, and anything text/plain.
import type { PartKind } from '../../mail/message.ts';

const TEXTS: readonly PartKind[] = [
  'text',
  'csv',
  'xml',
  'json',
  'hl7v2',
  'cda',
  'fhir-json',
  'fhir-xml',
  'x12',
  'ncpdp',
  'calendar',
  'vcard',
  'delivery-status',
  'message',
  'mbox',
  'pgp-signed',
  'pgp-encrypted',
  'signature',
  'key',
  'rtf',
];
const SEALED: readonly PartKind[] = ['smime-encrypted', 'smime-signed', 'signature', 'key'];
const PGP: readonly PartKind[] = ['pgp-encrypted', 'pgp-signed', 'signature', 'key', 'text'];
const XMLS: readonly PartKind[] = ['xml', 'cda', 'fhir-xml', 'ncpdp', 'html', 'text'];
const WORD: readonly PartKind[] = ['docx', 'doc', 'rtf', 'odf', 'office-encrypted'];
const SHEET: readonly PartKind[] = ['xlsx', 'xls', 'csv', 'odf', 'office-encrypted'];
const SLIDES: readonly PartKind[] = ['pptx', 'ppt', 'odf', 'office-encrypted'];
const ZIPS: readonly PartKind[] = ['zip', 'docx', 'xlsx', 'pptx', 'odf'];
const FILES: readonly PartKind[] = [...ZIPS, 'tar', 'gzip', 'archive'];
/** What may run, or nobody knows: a document or words behind such a name are not what it says. */
const PROGRAM: readonly PartKind[] = ['unknown', 'zip', 'text'];

/** The first kind that fits decides; types not listed promise nothing. */
const BY_TYPE: readonly (readonly [type: RegExp, kinds: readonly PartKind[]])[] = [
  [/^text\/html$|^application\/xhtml\+xml$/, ['html', 'text', 'xml', 'cda', 'fhir-xml']],
  [/^text\/calendar$/, ['calendar', 'text']],
  [/^text\/(?:x-)?vcard$|^text\/directory$/, ['vcard', 'text']],
  [/^(?:text|application)\/(?:(?:x-)?rtf|richtext)$/, ['rtf', 'doc', 'docx', 'text']],
  [/^(?:text|application)\/(?:[a-z0-9.-]+\+)?xml$|^text\/xml/, XMLS],
  [/^(?:text|application)\/(?:[a-z0-9.-]+\+)?json$/, ['json', 'fhir-json', 'text']],
  [/^text\//, TEXTS],
  [/^application\/(?:x-)?pdf$/, ['pdf']],
  [/^application\/(?:msword|vnd\.ms-word|vnd\.openxmlformats-officedocument\.wordprocessingml)/, WORD],
  [/^application\/(?:vnd\.ms-excel|msexcel|x-excel|vnd\.openxmlformats-officedocument\.spreadsheetml)/, [...SHEET, 'html', 'xml', 'text']],
  [/^application\/(?:vnd\.ms-powerpoint|mspowerpoint|vnd\.openxmlformats-officedocument\.presentationml)/, SLIDES],
  [/^application\/vnd\.oasis\.opendocument/, ['odf', 'zip', 'xml']],
  [/^application\/(?:x-)?zip(?:-compressed)?$/, FILES],
  [
    /^application\/(?:x-)?(?:gzip|gtar|tar|compressed-tar|tgz|7z-compressed|rar|rar-compressed|bzip2|xz|zstd|lzh)$|^application\/vnd\.rar$/,
    FILES,
  ],
  [/^application\/(?:vnd\.)?ms-tnef$/, ['tnef']],
  [/^application\/vnd\.ms-outlook$/, ['outlook-message', 'message']],
  [/^application\/(?:x-)?pkcs7-|^application\/(?:cms|pkcs12|x-pkcs12|pkcs10|pkix-cert|x-x509-.*)$/, SEALED],
  [/^application\/pgp-/, PGP],
  [/^application\/dicom$/, ['dicom']],
  [/^application\/edi-x12$/, ['x12', 'text']],
  [/^image\/svg/, [...XMLS, 'gzip']],
  [/^image\//, ['picture', 'dicom', 'pdf']],
  [/^(?:audio|video)\//, ['audio-video']],
  [/^font\/|^application\/(?:x-)?font-/, ['font']],
  [/^(?:multipart|message)\//, ['multipart', 'message', 'delivery-status', 'mbox', 'text']],
];

const BY_ENDING: readonly (readonly [ending: RegExp, kinds: readonly PartKind[]])[] = [
  [/^x?html?$/, ['html', 'text', 'xml', 'cda', 'fhir-xml']],
  [/^(?:ics|vcs|ifb)$/, ['calendar', 'text']],
  [/^vcf$/, ['vcard', 'text']],
  [/^rtf$/, ['rtf', 'doc', 'docx', 'text']],
  [/^(?:xml|xsl|xsd|ccda|ccd|cda|svg)$/, XMLS],
  [/^(?:json|ndjson|jsonl)$/, ['json', 'fhir-json', 'text']],
  [/^(?:txt|log|md|csv|tsv|hl7|x12|edi|835|837|ini|conf|sql)$/, TEXTS],
  [/^pdf$/, ['pdf']],
  [/^(?:doc|dot|docx|docm|dotx|dotm)$/, [...WORD, 'html', 'xml', 'text']],
  [/^(?:xls|xlt|xlsx|xlsm|xlsb|xltx|xltm)$/, [...SHEET, 'html', 'xml', 'text']],
  [/^(?:ppt|pps|pot|pptx|pptm|ppsx|potx)$/, SLIDES],
  [/^(?:odt|ods|odp|odg|ott|ots|otp|fodt|fods|fodp|sxw|sxc|sxi)$/, ['odf', 'zip', 'xml']],
  [/^(?:zip|jar)$/, ZIPS],
  [/^(?:tgz|tar|gz|7z|rar|bz2|xz|zst|lzh|lha|cab)$/, FILES],
  [/^msg$/, ['outlook-message', 'message', 'text']],
  [/^eml$/, ['message', 'multipart', 'delivery-status', 'mbox', 'text', 'html']],
  [/^(?:p7m|p7s|p7c|p7b|p12|pfx|cer|crt|der)$/, SEALED],
  [/^(?:pgp|gpg|asc)$/, PGP],
  [/^(?:dcm|dicom)$/, ['dicom']],
  [/^(?:png|jpe?g|jpe|jfif|gif|bmp|dib|tiff?|webp|hei[cf]|avif|ico|cur|jp2|j2k|emf|wmf|psd)$/, ['picture']],
  [/^(?:wav|avi|mp3|m4a|aac|mp4|m4v|mov|3gp|ogg|oga|ogv|opus|flac|mkv|webm|mpe?g|amr|wma|wmv|asf|midi?)$/, ['audio-video']],
  [/^(?:woff2?|ttf|otf|ttc|eot)$/, ['font']],
  [/^(?:exe|com|scr|pif|dll|bat|cmd|msi|vbs|ps1|lnk)$/, PROGRAM],
];

export function promisedByType(type: string): readonly PartKind[] | null {
  return BY_TYPE.find(([pattern]) => pattern.test(type))?.[1] ?? null;
}

export function promisedByName(name: string): readonly PartKind[] | null {
  const ending = endingOf(name);
  return BY_ENDING.find(([pattern]) => pattern.test(ending))?.[1] ?? null;
}

/** What follows the last dot, in lower case, or ''. */
export function endingOf(name: string): string {
  return /\.([A-Za-z0-9]{1,10})[\s.]*$/.exec(name.slice(-40))?.[1]?.toLowerCase() ?? '';
}
