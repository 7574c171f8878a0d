// DICOM tags that identify a patient or say of what an object tells (PS3.6), and the modalities that a type may be (PS3.3 C.7.3.1.1.1).
import type { HealthContent, IdentifierKind } from './health-record.ts';

export const IDENTIFIERS: ReadonlyMap<string, IdentifierKind> = new Map<string, IdentifierKind>([
  ['(0010,0010)', 'name'],
  ['(0010,0020)', 'mrn'],
  ['(0010,0030)', 'birth-date'],
  ['(0010,1000)', 'other-id'],
  ['(0010,1001)', 'name'],
  ['(0010,1005)', 'name'],
  ['(0010,1040)', 'address'],
  ['(0010,1060)', 'name'],
  ['(0010,1090)', 'mrn'],
  ['(0010,2154)', 'phone'],
  ['(0010,2155)', 'phone'],
  ['(0010,2297)', 'name'],
  ['(0008,0050)', 'other-id'],
  ['(0038,0010)', 'account-number'],
  ['(0038,0300)', 'address'],
  ['(0040,0031)', 'other-id'],
  ['(0018,1007)', 'device'],
]);

export const CONTENTS: ReadonlyMap<string, HealthContent> = new Map<string, HealthContent>([
  ['(0008,1080)', 'diagnosis'],
  ['(0008,1084)', 'diagnosis'],
  ['(0010,2000)', 'note'],
  ['(0010,2110)', 'allergy'],
  ['(0010,21B0)', 'note'],
  ['(0010,4000)', 'note'],
  ['(0018,0010)', 'medication'],
  ['(0032,1060)', 'order'],
  ['(0032,1064)', 'order'],
  ['(0032,4000)', 'note'],
  ['(0040,0100)', 'appointment'],
  ['(0040,0275)', 'order'],
  ['(0040,A730)', 'result'],
  ['(0040,A160)', 'note'],
  ['(0042,0011)', 'note'],
  ['(5400,0100)', 'result'],
  ['(7FE0,0008)', 'image'],
  ['(7FE0,0009)', 'image'],
  ['(7FE0,0010)', 'image'],
]);

/** VRs of elements that are looked at, for transfer syntaxes that do not say them, where the value alone would not tell. */
export const SHORT_TEXT: ReadonlySet<string> = new Set([
  '(0008,0060)',
  '(0010,0040)',
  '(0010,0020)',
  '(0010,0010)',
  '(0028,0301)',
  '(0008,0050)',
]);

const MODALITIES: ReadonlySet<string> = new Set(
  (
    'ANN AR ASMT AU BDUS BI BMD CD CF CFM CP CR CS CT CTPROTOCOL DD DF DG DM DMS DOC DS DSS DX EC ECG EEG EMG EOG EPS ES FA FID FS GM HC HD IO ' +
    'IOL IVOCT IVUS KER KO LEN LP LS M3D MA MG MR MS NM OAM OCT OP OPM OPR OPT OPTBSV OPTENF OPV OSS OT PA PLAN POS PR PT PX REG RESP RF RG ' +
    'RTDOSE RTIMAGE RTINTENT RTPLAN RTRAD RTRECORD RTSEGANN RTSTRUCT RWV SEG SM SMR SR SRF ST STAIN STMP TEXTUREMAP TG US VA VF XA XC XAPROTOCOL'
  ).split(' '),
);

export function isModality(code: string): boolean {
  return MODALITIES.has(code);
}

/** Media Storage Directory Storage: what a DICOMDIR is. */
export const DIRECTORY = '1.2.840.10008.1.3.10';
