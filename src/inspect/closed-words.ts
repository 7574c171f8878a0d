// The closed lists of those who read passages, gathered: which of them has something to ask of a word.
import { FOOTER_WORDS } from './blocks.ts';
import { MONTH_NAMES } from './calendar-date.ts';
import { CODE_LABELS } from './detectors/code.ts';
import { BUSINESS_WORDS, SERVICE_WORDS } from './detectors/date.ts';
import { SHOWN_WORDS } from './detectors/face.ts';
import { SIGN_WORDS } from './generality-signs.ts';
import { TOPIC_WORDS } from './health-view.ts';
import { LABELS_BY_LAST_WORD, LINKING_WORDS, NUMBER_WORDS } from './id-labels.ts';
import { COLUMN_HEADS } from './name-table.ts';
import { NAME_USES } from './name-words.ts';
import { PREFIX_WORDS } from './tagged.ts';
import { OWNER_WORDS } from './whose.ts';
import {
  CODE_LABEL,
  COLUMN_HEAD,
  ENDS_LABEL,
  FOOTER_WORD,
  LABEL_WORD,
  MONTH_NAME,
  NAME_USE,
  OF_BUSINESS,
  OF_SERVICE,
  OWNER,
  SHOWN,
  SIGN,
  type TraitTable,
  traitTable,
} from './word-traits.ts';

export const CLOSED_WORDS: TraitTable = traitTable([
  [SIGN, SIGN_WORDS],
  [NAME_USE, NAME_USES.keys()],
  [COLUMN_HEAD, COLUMN_HEADS],
  ...TOPIC_WORDS,
  [FOOTER_WORD, FOOTER_WORDS],
  [OWNER, OWNER_WORDS],
  [OF_SERVICE, SERVICE_WORDS],
  [OF_BUSINESS, BUSINESS_WORDS],
  [ENDS_LABEL, LABELS_BY_LAST_WORD.keys()],
  [LABEL_WORD, [...NUMBER_WORDS, ...LINKING_WORDS, ...PREFIX_WORDS]],
  [SHOWN, SHOWN_WORDS],
  [MONTH_NAME, MONTH_NAMES],
  [CODE_LABEL, CODE_LABELS],
]);
