// Names of MAPI properties (MS-OXPROPS) that hold what people write and read: which area of a message each is, and what to call it.
import type { Place } from '../../mail/message.ts';

export const PID = {
  messageClass: 0x001a,
  transportHeaders: 0x007d,
  recipientType: 0x0c15,
  body: 0x1000,
  rtfCompressed: 0x1009,
  html: 0x1013,
  displayName: 0x3001,
  emailAddress: 0x3003,
  smtpAddress: 0x39fe,
  attachData: 0x3701,
  attachExtension: 0x3703,
  attachFileName: 0x3704,
  attachMethod: 0x3705,
  attachLongFileName: 0x3707,
  attachLongPathName: 0x370d,
  attachPathName: 0x3708,
  attachMimeTag: 0x370e,
  attachFlags: 0x3714,
  attachmentHidden: 0x7ffe,
  internetCodePage: 0x3fde,
  messageCodePage: 0x3ffd,
} as const;

export const MAPI_TYPE = {
  short: 0x02,
  long: 0x03,
  float: 0x04,
  double: 0x05,
  currency: 0x06,
  applicationTime: 0x07,
  error: 0x0a,
  boolean: 0x0b,
  object: 0x0d,
  longLong: 0x14,
  string8: 0x1e,
  unicode: 0x1f,
  time: 0x40,
  classId: 0x48,
  binary: 0x102,
} as const;

const header = (field: string): Place => ({ area: 'header', field });
const property = (field: string): Place => ({ area: 'property', field });

/** Where the value of a property of the fixed range belongs. */
export const PLACES: ReadonlyMap<number, Place> = new Map([
  [0x0037, header('subject')],
  [0x0e1d, header('subject')],
  [0x0070, header('thread-topic')],
  [0x0042, header('from')],
  [0x0064, header('from')],
  [0x0065, header('from')],
  [0x5d02, header('from')],
  [0x0c1a, header('sender')],
  [0x0c1f, header('sender')],
  [0x5d01, header('sender')],
  [0x0e02, header('bcc')],
  [0x0e03, header('cc')],
  [0x0e04, header('to')],
  [0x0050, header('reply-to')],
  [0x1035, header('message-id')],
  [0x1039, header('references')],
  [0x1042, header('in-reply-to')],
  [PID.body, { area: 'text' }],
  [PID.messageClass, property('PidTagMessageClass')],
  [0x3a05, property('PidTagGeneration')],
  [0x3a06, property('PidTagGivenName')],
  [0x3a08, property('PidTagBusinessTelephoneNumber')],
  [0x3a09, property('PidTagHomeTelephoneNumber')],
  [0x3a0a, property('PidTagInitials')],
  [0x3a0b, property('PidTagKeyword')],
  [0x3a11, property('PidTagSurname')],
  [0x3a15, property('PidTagPostalAddress')],
  [0x3a16, property('PidTagCompanyName')],
  [0x3a17, property('PidTagTitle')],
  [0x3a18, property('PidTagDepartmentName')],
  [0x3a1c, property('PidTagMobileTelephoneNumber')],
  [0x3a24, property('PidTagBusinessFaxNumber')],
  [0x3a26, property('PidTagCountry')],
  [0x3a27, property('PidTagLocality')],
  [0x3a28, property('PidTagStateOrProvince')],
  [0x3a29, property('PidTagStreetAddress')],
  [0x3a2a, property('PidTagPostalCode')],
  [0x3a44, property('PidTagMiddleName')],
  [0x3a45, property('PidTagDisplayNamePrefix')],
  [0x3a48, property('PidTagSpouseName')],
  [0x3a58, property('PidTagChildrensNames')],
  [0x3a07, property('PidTagGovernmentIdNumber')],
  [0x3a0f, property('PidTagMessageHandlingSystemCommonName')],
]);

/** Times that people know by sight; the rest only tell when a program touched something. */
export const TIMES: ReadonlyMap<number, Place> = new Map([
  [0x0039, header('date')],
  [0x0060, property('PidTagStartDate')],
  [0x0061, property('PidTagEndDate')],
  [0x3a41, property('PidTagWeddingAnniversary')],
  [0x3a42, property('PidTagBirthday')],
]);

/** PSETID_ property sets (MS-OXPROPS 1.3.2). */
const APPOINTMENT = '00062002-0000-0000-c000-000000000046';
const TASK = '00062003-0000-0000-c000-000000000046';
const ADDRESS = '00062004-0000-0000-c000-000000000046';
const COMMON = '00062008-0000-0000-c000-000000000046';
export const INTERNET_HEADERS = '00020386-0000-0000-c000-000000000046';

/** PidLid names by property set and number. */
export const NAMED: ReadonlyMap<string, string> = new Map([
  [`${APPOINTMENT}:${0x8208}`, 'PidLidLocation'],
  [`${APPOINTMENT}:${0x820d}`, 'PidLidAppointmentStartWhole'],
  [`${APPOINTMENT}:${0x820e}`, 'PidLidAppointmentEndWhole'],
  [`${APPOINTMENT}:${0x8216}`, 'PidLidAppointmentRecur'],
  [`${APPOINTMENT}:${0x8232}`, 'PidLidRecurrencePattern'],
  [`${APPOINTMENT}:${0x8238}`, 'PidLidAllAttendeesString'],
  [`${TASK}:${0x8104}`, 'PidLidTaskStartDate'],
  [`${TASK}:${0x8105}`, 'PidLidTaskDueDate'],
  [`${TASK}:${0x811f}`, 'PidLidTaskOwner'],
  [`${ADDRESS}:${0x8005}`, 'PidLidFileUnder'],
  [`${ADDRESS}:${0x801a}`, 'PidLidHomeAddress'],
  [`${ADDRESS}:${0x801b}`, 'PidLidWorkAddress'],
  [`${ADDRESS}:${0x801c}`, 'PidLidOtherAddress'],
  [`${ADDRESS}:${0x8083}`, 'PidLidEmail1EmailAddress'],
  [`${COMMON}:${0x8516}`, 'PidLidCommonStart'],
  [`${COMMON}:${0x8517}`, 'PidLidCommonEnd'],
]);
