// A message as read, for people: what `postern extract` prints. All text is made safe for a terminal.
import { clientEncryption, type ClientEncryption } from '../mail/client-encryption.ts';
import type { DefectCode, Message, Part, Place, Span } from '../mail/message.ts';
import type { FileRead } from '../daemon/work.ts';
import { countOf, sizeOf } from './amounts.ts';
import { blindSpotLine, documentLine, INDENT, type Look, partName, placeName, section, wrapped } from './part-text.ts';
import { table } from './table.ts';
import { plainText } from './terminal.ts';

export function extractText(file: string, { message, sizeBytes, tookMs }: FileRead, look: Look): string {
  const { style } = look;
  const heading = (text: string): string => style('bold', text);
  return [
    `${heading(plainText(file))}  ${sizeOf(sizeBytes)}, read in ${Math.max(1, Math.round(tookMs))} ms`,
    '',
    partsText(message, look),
    '',
    heading('Text'),
    ...textLines(message.spans, look),
    ...section('Health documents', message.documents.map(documentLine), heading),
    ...section(
      'Defects',
      message.defects.map(({ part, code }) => style('attention', `${partName(part)}: ${code}`) + style('dim', ` ${DEFECTS[code]}`)),
      heading,
    ),
    ...section(
      'Cannot be read',
      message.blindSpots.map((spot) => blindSpotLine(spot, look)),
      heading,
    ),
    '',
    verdict(message, look),
  ].join('\n');
}

const ENCRYPTED_BY: Readonly<Record<ClientEncryption, string>> = { smime: 'S/MIME', openpgp: 'OpenPGP' };

function verdict(message: Message, { style }: Look): string {
  const encryptedBy = clientEncryption(message);
  if (encryptedBy !== null) return style('attention', `The mail program has encrypted it to its recipient (${ENCRYPTED_BY[encryptedBy]}).`);
  const { length } = message.blindSpots;
  if (length === 0) return style('good', 'Everything was read.');
  return style('trouble', `${countOf(length, 'place', 'places')} could not be read. To a policy that counts as PHI.`);
}

const COLUMNS = [
  { title: 'Part', align: 'left', overflow: 'keep' },
  { title: 'Kind', align: 'left', overflow: 'keep' },
  { title: 'Role', align: 'left', overflow: 'keep' },
  { title: 'Size', align: 'right', overflow: 'keep' },
  { title: 'Name', align: 'left', overflow: 'cut' },
] as const;

function partsText({ parts }: Message, look: Look): string {
  const row = ({ path, kind, role, sizeBytes, name }: Part): readonly string[] => [
    path === '' ? '-' : path,
    kind,
    role,
    sizeOf(sizeBytes),
    name ?? '',
  ];
  return table(COLUMNS, parts.map(row), look);
}

/** Spans by place: a line says the place once, for all that stand there. */
function textLines(spans: readonly Span[], look: Look): readonly string[] {
  const lines: string[] = [];
  let last = '';
  for (const { part, place, text } of spans) {
    const where = placeName(part, place);
    if (where !== last) lines.push(look.style('dim', `  ${where}`));
    last = where;
    const prefix = prefixOf(place);
    for (const [i, line] of text.split(/\r?\n/).entries())
      lines.push(...wrapped((i === 0 ? prefix : '') + cellsOf(line), INDENT, look.columns));
  }
  return lines.length === 0 ? ['  none'] : lines;
}

function prefixOf({ row, field }: Place): string {
  const prefix = [row === undefined ? null : String(row), field ?? null].filter((one) => one !== null).join(' ');
  return prefix === '' ? '' : `${plainText(prefix)}: `;
}

/** Cells of a row stand apart by three spaces. */
function cellsOf(line: string): string {
  return line.split('\t').map(plainText).join('   ');
}

const DEFECTS: Readonly<Record<DefectCode, string>> = {
  'header-malformed': 'lines that are no header fields; programs differ on where the header ends',
  'header-over-limits': 'a header that is too long',
  'field-repeated': 'a field twice that may stand once',
  'encoded-word-malformed': 'an encoded word that is not written as it must be',
  'parameter-malformed': 'a parameter that programs read differently',
  'content-type-malformed': 'a content type that programs read differently',
  'boundary-ambiguous': 'programs differ on where its parts begin and end',
  'multipart-not-closed': 'its end is missing',
  'text-outside-parts': 'text before, between or behind the parts',
  'multipart-encoded': 'parts inside a transfer encoding',
  'part-incomplete': 'one piece of a message that was sent in several',
  'body-elsewhere': 'its content lies elsewhere',
  'transfer-encoding-unknown': 'a transfer encoding that is not known',
  'base64-malformed': 'base64 that programs read differently',
  'quoted-printable-malformed': 'quoted-printable that programs read differently',
  'charset-unknown': 'a charset that is not known',
  'charset-wrong': 'its octets are not of the charset that it names',
  'text-disguised': 'characters that do not show, or look like others, inside words',
  'file-in-text': 'a file inside text',
  'type-mismatch': 'it is not what its type or name say',
  'container-malformed': 'directories that disagree, or data outside them',
  'name-suspicious': 'a name that hides what it is',
  macro: 'a program inside a document',
};
