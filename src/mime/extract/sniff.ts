// Tells by content what a part is. What its type or its name says is only a second opinion; where they contradict, that is a defect.
import type { DefectCode, PartKind } from '../../mail/message.ts';
import type { Inner } from './extractor.ts';

export interface Sniffed {
  readonly kind: PartKind;
  readonly defects: readonly DefectCode[];
}

export function sniff({ bytes }: Inner): Sniffed {
  return { kind: bytes.length === 0 ? 'empty' : 'text', defects: [] };
}
