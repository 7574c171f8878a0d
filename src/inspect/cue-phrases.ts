// Cues by what follows a word: "nothing by mouth", "bed 7", "light duty", "your mother" on one side, "pay statement", "credit card" on the other.
import { SMALL } from './sign-codes.ts';

export interface CuePhrase {
  /** What the next word may begin with (beginningOf): most are told by it. */
  readonly begins: number;
  readonly follows: RegExp;
  readonly worth: number;
}

/** With the letters that the next word begins with, 0 for a digit; none where that is not known. */
const ROWS: readonly (readonly [words: string, begins: string, follows: RegExp, worth: number])[] = [
  // Orders and preparations.
  ['nothing', 'abt', /^ (?:by mouth|to eat|after midnight)/i, 2],
  ['anything', 'bt', /^ (?:by mouth|to eat or drink)/i, 1.5],
  ['without', 'e', /^ eating/i, 1.5],
  ['empty', 's', /^ stomach/i, 1.5],
  ['after', 'm', /^ midnight/i, 1],
  ['come', 'bi', /^ (?:in|back) (?:for|any|so|to|again|next|when|tomorrow|without)/i, 0.6],
  ['x', 'r', /^[- ]?rays?\b/i, 1],
  ['ct', 'achnos', /^ (?:scan|chest|head|abdomen|abd|of|neck|shows?)\b/i, 1.2],
  ['rx', '0', /^ ?[:#]? ?\d{5,}/i, 2.2],
  ['script', 'ft', /^ (?:for|to)/i, 0.7],
  ['go', 'du', /^ (?:up|down) to \d/i, 1.2],
  ['cut', 'it', /^ (?:it|the (?:dose|pill)) in half/i, 1],
  // What is asked and told of those who are ill.
  [
    'how',
    'aiw',
    /^ (?:is|are|was) (?:the|your) (?:pain|anxiety|breathing|sleep|appetite|cough|fever|wound|mood|leg|arm|back|knee|foot|hand|eye)/i,
    1.5,
  ],
  ['feeling', 'bdfilsw', /^ (?:better|worse|sick|dizzy|faint|ill|low|down|well)/i, 1.2],
  ['wants', 't', /^ to go home/i, 0.8],
  ['stop', 'destu', /^ (?:drinking|smoking|taking|using|eating)/i, 0.8],
  [
    'your',
    'bcdfghmpsw',
    /^ (?:mother|father|mom|mum|dad|wife|husband|son|daughter|baby|child|parent|grandmother|grandfather)(?:'s)?\b/i,
    0.6,
  ],
  ['dr', '', /^\.? [A-Z]\S+ (?:can|could|will|would|wants?|has|said|says|asked|looked|recommends?|reviewed|saw|ordered)\b/i, 1],
  ['see seeing with by', 'd', /^ dr\b/i, 0.7],
  [
    'my',
    'bcdhklmnprst',
    /^ (?:chart|medical records?|doctor|nurse|surgery|surgeon|pills?|meds?|medicines?|prescription|refill|symptoms?|pain|labs?|blood|left|right|back|knees?|shoulder|stomach|head|throat|chest)\b/i,
    0.8,
  ],
  ['balance', '', /^ .{0,24}\b(?:from|for) (?:your|the) (?:visit|stay|surgery|procedure|ambulance)/i, 0.8],
  ['charity', 'c', /^ care/i, 1.5],
  ['urgent walk', 'ci', /^(?: |-)(?:care|in clinic)/i, 1],
  ['prior', 'a', /^(?: |-)auth/i, 1.3],
  ['prior', 'a', /^ art/i, -1.5],
  ['delivered', 'abh', /^ (?:a|her|by)\b/i, 0.9],
  ['passed', 'ao', /^ (?:away|on)\b/i, 0.5],
  ['an', 'h', /^ hour\b/i, -0.3],
  ['first', 'ds', /^ (?:day|shift)\b/i, -0.6],
  ['medical', 'adrst', /^ (?:assistant|technician|records clerk|director|sales)/i, -0.8],
  ['threw', 'u', /^ up/i, 1.4],
  ['sugar sugars', '0aiow', /^ (?:was |is |of |at )?\d{2,3}\b/i, 1.5],
  ['comfort', 'co', /^ (?:care|only)/i, 1.3],
  ['family', 'm', /^ meeting/i, 0.8],
  [
    'her his',
    'abcefhlmpst',
    /^ (?:tube|line|lines|counts?|mother|father|heel|pills?|meds|eyes?|ears?|leg|arm|hand|back|sugars?|pressures?|chart)\b/i,
    0.5,
  ],
  ['looked', 'a', /^ after (?:my|our)/i, 1],
  ['gave give', 'ht', /^ (?:her|him|the other half|half)\b/i, 0.4],
  ['times once twice', 'ap', /^ (?:a|per) day/i, 1],
  ['twice once', 'd', /^ daily/i, 1],
  ['cover covers covered', 'ty', /^ (?:the|your) (?:second|surgery|visit|stay|drug|scan|test|treatment)/i, 1],
  ['second', 'o', /^ opinion/i, 1.3],
  ['on', 'ft', /^ (?:the table|file for you)/i, 0.8],
  ['death', 'c', /^ certificate/i, 1.2],
  ['range', 'o', /^ of motion/i, 1.2],
  ['contact', 'l', /^ lens(?:es)?/i, 1],
  ['born', '0io', /^ (?:on |in )?\d/i, 0.8],
  // Where one lies.
  ['bed bay', '0s', /^s?\.? ?#?\d{1,3}\b/i, 1.6],
  ['rm', '0', /^\.? ?#?\d{1,4}\b/i, 1.3],
  // What one may do.
  ['light', 'd', /^ duty/i, 1.6],
  ['full', 'd', /^ duty/i, 1],
  ['off', 'w', /^ work/i, 1],
  ['return', 't', /^ to (?:work|school|duty)/i, 0.9],
  ['back', 't', /^ to (?:work|school|duty)/i, 0.5],
  // Values.
  ['blood', 'cdpstw', /^ (?:pressure|sugar|work|test|tests|draw|thinner|type|count|counts)/i, 1.3],
  ['physical', 't', /^ therap/i, 1.2],
  ['blood', 'd', /^ drive/i, -1.5],
  ['heart', 'afmr', /^ (?:rate|attack|failure|rhythm|murmur)/i, 1.3],
  ['water sleeping sleep', 'aps', /^ (?:pills?|study|apnea)/i, 1.4],
  ['life home auto car homeowner flood', 'ios', /^(?:owner)?'?s? insurance/i, -1.5],
  ['pain', 'p', /^ points?\b/i, -0.6],
  // Payment for care and for the rest.
  ['office emergency', 'drv', /^ (?:visit|room|department)/i, 1],
  ['primary', 'c', /^ care/i, 1],
  ['plan', 'adpw', /^ (?:paid|discount|pays|wants|approved|denied)/i, 0.8],
  ['medical', 'bchlnr', /^ (?:coverage|record|records|bill|leave|history|necessity)/i, 0.8],
  ['medically', 'n', /^ necessary/i, 1.6],
  ['member subscriber', '', /^(?: id| number| no\b|:|, )/i, 0.7],
  ['services', 'r', /^ rendered/i, 0.6],
  ['care', 'cpt', /^ (?:team|plan|coordinator)/i, 1],
  ['proof', 'o', /^ of (?:the |a |your )?(?:vacc|immun|hep|flu|tb|covid|licen|insurance)/i, -2.2],
  ['flu tb immunization vaccine vaccination', 'crst', /^ (?:shot |test )?(?:record|card|result|clinic|campaign)s?\b/i, -0.8],
  ['know', 'ty', /^ (?:the signs|your numbers)/i, -1.8],
  ['vitamin', 'abcd', /^ [a-d]\b.{0,20}(?:assay|method|price)/i, -1],
  ['take takes taking', 'in', /^ (?:new|in new) (?:patients|families)/i, -2],
  ['taking', 'y', /^ your .{0,12}call\b/i, -1],
  ['your', 'fsw', /^ (?:sunday|saturday|weekend|friday) call/i, -1.5],
  ['free', 'bfs', /^ (?:blood|skin|screening|flu|shots?)/i, -1],
  ['health', 'fmt', /^ (?:fair|magazine|tips)/i, -1.8],
  ['test demo', 'dep', /^ (?:environment|patient|drive)/i, -1.8],
  ['pay', 'dprs', /^ (?:statement|stub|stubs|slip|period|rise|raise|day)/i, -2],
  ['offer', 'ly', /^ (?:you the (?:post|position|job|role)|letter)/i, -1.5],
  // What a practice sends to those who sell, meet and read its news.
  ['request', 'f', /^ for (?:proposals?|quotes?|quotations?|bids?)\b/i, -2],
  ['next', 'ahimn', /^ (?:meeting|agenda|huddle|issue|newsletter)\b/i, -1],
  ['all', 'defhmnps', /^ (?:households|families|employees|staff|sites|members|providers|departments|nurses)\b/i, -1],
  ['new', 'cm', /^ (?:clients?|members?|customers?) (?:get|receive|save|only|special|pay)\b/i, -1.5],
  ['forward', 'it', /^ (?:this |it )?to a (?:friend|coworker|colleague|neighbou?r)/i, -1.5],
  ['invoice', 'tu', /^ (?:the (?:clinic|practice|hospital|office)|us)\b/i, -1.2],
  ['contact', 'h', /^ hours?\b/i, -1.2],
  ['heart', 'm', /^ month\b/i, -1.5],
  ['per', 'bfpsu', /^ (?:fte|seat|provider|user|bed)\b/i, -0.8],
  ['mon tue wed thu fri', 'emn', /^:? (?:me|everybody|everyone|nobody)\b/i, -1],
  ['virus', 'dps', /^ (?:scan|scanner|protection|definitions?)\b/i, -1.5],
  ['infected', 'acdflm', /^ (?:file|machine|computer|laptop|attachment|link|device)s?\b/i, -1.5],
  ['excuse', '', /^ .{2,40} from (?:work|school|class|gym|practice)\b/i, 1.5],
  ['visit', 'n', /^ notes?\b/i, 1.2],
  ['no', 'a', /^ (?:appointments?|appt) (?:is |are )?(?:needed|necessary|required)/i, -1.5],
  ['bring', 'ty', /^ (?:the|your) (?:family|kids|friends)/i, -1],
  ['two', 'f', /^ for (?:one|\d)/i, -1.5],
  ['walk', 'i', /^ in any/i, -1],
  ['most', 'p', /^ plans/i, -1],
  ['shots vaccines clinic clinics', 'ai', /^ (?:are|is) (?:here|in|available|open|back)\b/i, -0.8],
  ['hospital', 'bfgsv', /^(?:'s)? (?:staff|board|gala|foundation|volunteers?)/i, -0.8],
  ['open', 'e', /^ enrollment/i, -1.5],
  ['direct', 'd', /^ deposit/i, -1.6],
  ['days', 'o', /^ off\b/i, -1.2],
  ['nursing medical residency', 'ps', /^ (?:program|school|student|students)/i, -1],
  ['did', 'y', /^ you know/i, -1.5],
  ['sign', 'ou', /^-?(?: |-)(?:up|on bonus)/i, -1],
  ['net', '0p', /^ (?:30|15|60|pay)/i, -1.2],
  ['credit', 'csu', /^ (?:card|score|union)/i, -0.5],
  ['gift', 'o', /^ of/i, -1.2],
];

const SMALL_A = 97;
const DIGIT = 1 << 26;
const NO_LETTER = 1 << 27;

/** What a word begins with, as a bit: a letter of US-ASCII, small or capital, or a digit. */
export function beginningOf(code: number): number {
  if (code >= 48 && code <= 57) return DIGIT;
  const letter = (code | SMALL) - SMALL_A;
  return letter >= 0 && letter < 26 ? 1 << letter : NO_LETTER;
}

function anyOf(letters: string): number {
  let set = 0;
  for (let i = 0; i < letters.length; i++) set |= beginningOf(letters.charCodeAt(i));
  return set === 0 ? -1 : set;
}

function phrasesOf(): ReadonlyMap<string, readonly CuePhrase[]> {
  const phrases = new Map<string, CuePhrase[]>();
  for (const [words, letters, follows, worth] of ROWS)
    for (const word of words.split(' ')) phrases.set(word, [...(phrases.get(word) ?? []), { begins: anyOf(letters), follows, worth }]);
  return phrases;
}

/** By the word that they follow. */
export const CUE_PHRASES: ReadonlyMap<string, readonly CuePhrase[]> = phrasesOf();

/** What the word behind it may begin with, for each that some phrase follows. */
export const CUE_BEGINNINGS: ReadonlyMap<string, number> = new Map(
  [...CUE_PHRASES].map(([word, phrases]) => [word, phrases.reduce((set, { begins }) => set | begins, 0)]),
);
