// Which identifier of a person a code, a system or a root names: HL7 table 0203 and the OIDs and URIs of well-known registers.
import type { IdentifierKind } from './health-record.ts';

/** HL7 table 0203, Identifier Type (v2.9; FHIR's v2-0203). */
const BY_CODE: ReadonlyMap<string, IdentifierKind> = new Map([
  ...kinds('mrn', 'MR MRT PI PT PE EPI MCN U VN'),
  ...kinds('ssn', 'SS SSN SB'),
  ...kinds('member-id', 'MB MA MC MI SN WC HC HPID JHN NH NHI PHC INS MS'),
  ...kinds('account-number', 'AN ANC AND ANT BC CAAI BA AM'),
  ...kinds('licence', 'DL'),
  ...kinds('device', 'SNO UDI'),
]);

const SYSTEMS: readonly (readonly [system: RegExp, kind: IdentifierKind])[] = [
  [/us-ssn$|2\.16\.840\.1\.113883\.4\.1$/, 'ssn'],
  [/us-(?:mbi|medicare|hicn)$|2\.16\.840\.1\.113883\.4\.(?:572|927|338\.\d+)$|nhs-number$/, 'member-id'],
  // One arc for each state.
  [/2\.16\.840\.1\.113883\.4\.3\.\d+$|driver-?license|drivers-license/i, 'licence'],
  [/passport|2\.16\.840\.1\.113883\.4\.330/i, 'other-id'],
];

/**
 * @param code of table 0203, or ''
 * @param system URI or OID of the register, or ''
 * @returns 'mrn' where neither says: what a hospital gives its patients
 */
export function identifierType(code: string, system: string): IdentifierKind {
  for (const [known, kind] of SYSTEMS) if (system.length < 500 && known.test(system)) return kind;
  if (code === '') return 'mrn';
  return BY_CODE.get(code.toUpperCase()) ?? 'other-id';
}

function kinds(kind: IdentifierKind, codes: string): [string, IdentifierKind][] {
  return codes.split(' ').map((code) => [code, kind]);
}
