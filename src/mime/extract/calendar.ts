// Calendars (RFC 5545, and vCalendar 1.0): events and tasks with who and where, their HTML descriptions and the files in them.
import { ContentComponents, fileOf } from './content-components.ts';
import { type ContentLine, contentLines, partsOf, unescapedText } from './content-lines.ts';
import type { Extractor } from './extractor.ts';

const PROPERTIES: ReadonlySet<string> = new Set(
  'CALSCALE METHOD PRODID VERSION ATTACH CATEGORIES CLASS COMMENT DESCRIPTION GEO LOCATION PERCENT-COMPLETE PRIORITY RESOURCES STATUS SUMMARY COMPLETED DTEND DUE DTSTART DURATION FREEBUSY TRANSP TZID TZNAME TZOFFSETFROM TZOFFSETTO TZURL ATTENDEE CONTACT ORGANIZER RECURRENCE-ID RELATED-TO URL UID EXDATE RDATE RRULE ACTION REPEAT TRIGGER CREATED DTSTAMP LAST-MODIFIED SEQUENCE REQUEST-STATUS NAME COLOR IMAGE CONFERENCE STYLED-DESCRIPTION STRUCTURED-DATA LOCATION-TYPE PARTICIPANT-TYPE RESOURCE-TYPE CALENDAR-ADDRESS X-ALT-DESC X-WR-CALNAME X-WR-CALDESC X-WR-TIMEZONE'.split(
    ' ',
  ),
);
/** Lists of texts between commas. */
const LISTS: ReadonlySet<string> = new Set(['CATEGORIES', 'RESOURCES']);

export const calendarExtractor: Extractor = {
  kinds: ['calendar'],
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
  const { name, parameters, value } = line;
  const file = fileOf(line);
  if (file !== null) {
    components.file(file.bytes, file.declaredType, parameters.get('FILENAME') ?? parameters.get('X-FILENAME') ?? null);
    components.property(line, '');
  } else if (/^text\/html\b/i.test(parameters.get('FMTTYPE') ?? '') && name !== 'ATTACH') {
    components.html(unescapedText(value));
    components.property(line, '');
  } else if (LISTS.has(name)) components.property(line, partsOf(value, ',').join(', '));
  else components.property(line, unescapedText(value));
}
