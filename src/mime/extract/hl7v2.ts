// HL7 v2 messages: each segment a line of text with its fields marked, what OBX encapsulates read in turn, and the messages as data.
import type { Extractor, Inner, Output, Source } from './extractor.ts';
import { type HealthContent, HealthRecord } from './health-record.ts';
import { takeEncapsulated } from './hl7v2-encapsulated.ts';
import { fieldsOf, fieldText, identify } from './hl7v2-fields.ts';
import { countLines, readSegments, type Segment } from './hl7v2-segments.ts';
import { isVitalSign } from './loinc.ts';
import { MarkedRow, RowSpans } from './marked-row.ts';

/** Reads messages and batches of HL7 v2.1 to v2.9 in their usual encoding (HL7 v2.9 chapter 2). */
export const hl7v2Extractor: Extractor = {
  kinds: ['hl7v2'],
  async extract({ bytes }: Source, output: Output): Promise<void> {
    const record = new HealthRecord();
    const encapsulated: Inner[] = [];
    try {
      const spans = new RowSpans(output, countLines(bytes));
      let message = '';
      for (const segment of readSegments(bytes)) {
        const fields = segment.name === '' ? ['', segment.raw] : fieldsOf(segment.raw, segment.separators);
        if (segment.name === 'MSH') message = messageType(fields[9] ?? '', segment.separators.component, record);
        identify({ ...segment, fields }, record);
        for (const content of contentsOf(segment, fields, message)) record.content(content);
        putOut(segment, fields, spans, encapsulated);
      }
      spans.end();
    } finally {
      output.document(record.document('hl7v2', typeOf(record.types)));
    }
    for (const inner of encapsulated) await output.inner(inner);
  },
};

/** HL7 table 0076, message types. */
const MESSAGES: ReadonlySet<string> = new Set(
  (
    'ACK ADR ADT BAR BPS BRP BRT BTS CCF CCI CCM CCQ CCR CCU CQU CRM CSU DBC DBU DEL DEO DER DFT DOC DPR DRC DRG DSR EAC EAN EAR EDR EHC EQQ ' +
    'ERP ESR ESU INR INU IPC LSR LSU MCF MDM MFD MFK MFN MFQ MFR NMD NMQ NMR OMB OMD OMG OMI OML OMN OMP OMQ OMS OPL OPR OPU ORA ORB ORD ORF ' +
    'ORG ORI ORL ORM ORN ORP ORR ORS ORU ORX OSM OSQ OSR OSU OUL PEX PGL PIN PMU PPG PPP PPR PPT PPV PRR PTR QBP QCK QCN QRF QRY QSB QSX QVR ' +
    'RAR RAS RCI RCL RDE RDR RDS RDY REF RER RGR RGV ROR RPA RPI RPL RPR RQA RQC RQI RQP RQQ RRA RRD RRE RRG RRI RSP RTB SCN SDN SDR SIU SLN ' +
    'SLR SMD SPQ SQM SQR SRM SRR SSR SSU STC STI STR SUR TBR TCR TCU UDM VQQ VXQ VXR VXU VXX'
  ).split(' '),
);

/** HL7 table 0003. */
const EVENT = /^(?:[A-Z]\d\d|PC[1-9A-L])$/;

/** MSH-9: the message code, which is '' where it is none of HL7's. */
function messageType(field: string, component: string, record: HealthRecord): string {
  const [code = '', event = ''] = field.split(component, 2);
  if (!MESSAGES.has(code)) return '';
  record.type(EVENT.test(event) ? `${code}^${event}` : code);
  return code;
}

/** One for all messages of a batch: with their event, or without it where that differs. */
function typeOf(types: ReadonlySet<string>): string {
  const [first, ...others] = types;
  if (first === undefined) return 'unknown';
  if (others.length === 0) return first;
  const codes = new Set([...types].map((type) => type.slice(0, 3)));
  return codes.size === 1 ? first.slice(0, 3) : 'unknown';
}

const CONTENTS: Readonly<Record<string, HealthContent>> = {
  DG1: 'diagnosis',
  PRB: 'diagnosis',
  DRG: 'diagnosis',
  RXE: 'medication',
  RXO: 'medication',
  RXD: 'medication',
  RXG: 'medication',
  RXC: 'medication',
  PR1: 'procedure',
  AL1: 'allergy',
  IAM: 'allergy',
  SCH: 'appointment',
  ARQ: 'appointment',
  AIS: 'appointment',
  AIG: 'appointment',
  AIL: 'appointment',
  AIP: 'appointment',
  ORC: 'order',
  OBR: 'order',
  ODS: 'order',
  TXA: 'note',
  NTE: 'note',
  FT1: 'claim',
  IN1: 'coverage',
  PV1: 'encounter',
};

function contentsOf({ name, separators }: Segment, fields: readonly string[], message: string): readonly HealthContent[] {
  if (name === 'RXA') return [message.startsWith('VX') ? 'immunization' : 'medication'];
  if (name === 'OBX') {
    const [code = '', , , alternate = ''] = (fields[3] ?? '').split(separators.component, 4);
    return [isVitalSign(code) || isVitalSign(alternate) ? 'vital-sign' : 'result'];
  }
  const content = CONTENTS[name];
  return content === undefined ? [] : [content];
}

/** Fields whose repetitions are lines of a text. */
const LINES: ReadonlySet<string> = new Set(['OBX-5', 'NTE-3']);

function putOut({ name, row, separators }: Segment, fields: readonly string[], spans: RowSpans, encapsulated: Inner[]): void {
  const line = new MarkedRow();
  const header = name === 'MSH' || name === 'BHS' || name === 'FHS';
  for (let number = header ? 3 : 1; number < fields.length; number++) {
    const field = fields[number] ?? '';
    if (field === '') continue;
    const mark = name === '' ? null : `${name}-${number}`;
    const dataType = name === 'OBX' && number === 5 ? (fields[2] ?? '') : '';
    const rest = dataType === 'ED' || field.length >= 200 ? takeEncapsulated(field, dataType, separators, encapsulated) : field;
    line.cell(mark, fieldText(rest, separators, mark !== null && LINES.has(mark) ? '\n' : '; '));
  }
  spans.row(name === '' ? { area: 'text', row } : { area: 'text', row, field: name }, line.marked());
}
