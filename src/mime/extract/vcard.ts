// Cards (vCard 4.0: RFC 6350, 3.0: RFC 2426, and 2.1): names and addresses in the order in which they are read, pictures and keys as files.
import { ContentComponents, fileOf } from './content-components.ts';
import { type ContentLine, contentLines, partsOf, unescapedText } from './content-lines.ts';
import type { Extractor } from './extractor.ts';

const PROPERTIES: ReadonlySet<string> = new Set(
  'SOURCE KIND XML FN N NICKNAME PHOTO BDAY ANNIVERSARY GENDER ADR LABEL TEL EMAIL IMPP LANG TZ GEO TITLE ROLE LOGO ORG MEMBER RELATED CATEGORIES NOTE PRODID REV SOUND UID CLIENTPIDMAP URL VERSION KEY FBURL CALADRURI CALURI NAME PROFILE SORT-STRING CLASS MAILER AGENT BIRTHPLACE DEATHPLACE DEATHDATE EXPERTISE HOBBY INTEREST ORG-DIRECTORY CONTACT-URI CREATED GRAMGENDER LANGUAGE PRONOUNS SOCIALPROFILE'.split(
    ' ',
  ),
);
const FILES: ReadonlySet<string> = new Set(['PHOTO', 'LOGO', 'SOUND', 'KEY']);

export const vcardExtractor: Extractor = {
  kinds: ['vcard'],
  async extract({ bytes, parameters }, output) {
    const components = new ContentComponents(output, PROPERTIES);
    for (const line of contentLines(bytes, parameters.get('charset') ?? null, output)) {
      if (line.name === 'BEGIN') components.begin(line.value);
      else if (line.name === 'END') components.end();
      else if (line.name === '') components.text(line.value);
      else putProperty(line, components);
      if (components.isFull) await components.readFiles();
    }
    await components.finish();
  },
};

function putProperty(line: ContentLine, components: ContentComponents): void {
  const file = fileOf(line);
  if (file !== null) {
    components.file(file.bytes, file.declaredType, null);
    components.property(line, '');
    return;
  }
  // A card in a card (RFC 2426 3.5.4).
  if (line.name === 'AGENT' && /^\s*BEGIN:VCARD/i.test(line.value))
    components.file(Buffer.from(unescapedText(line.value)), 'text/vcard', null);
  components.property(line, shownOf(line));
}

function shownOf({ name, value }: ContentLine): string {
  if (name === 'N') {
    const [family = '', given = '', more = '', prefix = '', suffix = '', ...rest] = partsOf(value, ';');
    return [prefix, given, more, family, suffix, ...rest].filter((part) => part !== '').join(' ');
  }
  if (name === 'ADR' || name === 'ORG' || name === 'GENDER')
    return partsOf(value, ';')
      .filter((part) => part !== '')
      .join(', ');
  return FILES.has(name) ? value : unescapedText(value);
}
