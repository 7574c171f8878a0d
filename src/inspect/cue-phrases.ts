// Cues by what follows a word: "nothing by mouth", "bed 7", "light duty", "your mother" on one side, "pay statement", "credit card" on the other.

export interface CuePhrase {
  readonly follows: RegExp;
  readonly worth: number;
}

const ROWS: readonly (readonly [words: string, follows: RegExp, worth: number])[] = [
  // Orders and preparations.
  ['nothing', /^ (?:by mouth|to eat|after midnight)/i, 2],
  ['anything', /^ (?:by mouth|to eat or drink)/i, 1.5],
  ['without', /^ eating/i, 1.5],
  ['empty', /^ stomach/i, 1.5],
  ['after', /^ midnight/i, 1],
  ['come', /^ (?:in|back) (?:for|any|so|to|again|next|when|tomorrow|without)/i, 0.6],
  ['x', /^[- ]?rays?\b/i, 1],
  ['ct', /^ (?:scan|chest|head|abdomen|abd|of|neck|shows?)\b/i, 1.2],
  ['rx', /^ ?[:#]? ?\d{5,}/i, 2.2],
  ['script', /^ (?:for|to)/i, 0.7],
  ['go', /^ (?:up|down) to \d/i, 1.2],
  ['cut', /^ (?:it|the (?:dose|pill)) in half/i, 1],
  // What is asked and told of those who are ill.
  [
    'how',
    /^ (?:is|are|was) (?:the|your) (?:pain|anxiety|breathing|sleep|appetite|cough|fever|wound|mood|leg|arm|back|knee|foot|hand|eye)/i,
    1.5,
  ],
  ['feeling', /^ (?:better|worse|sick|dizzy|faint|ill|low|down|well)/i, 1.2],
  ['wants', /^ to go home/i, 0.8],
  ['stop', /^ (?:drinking|smoking|taking|using|eating)/i, 0.8],
  ['your', /^ (?:mother|father|mom|mum|dad|wife|husband|son|daughter|baby|child|parent|grandmother|grandfather)(?:'s)?\b/i, 0.6],
  ['dr', /^\.? [A-Z]\S+ (?:can|could|will|would|wants?|has|said|says|asked|looked|recommends?|reviewed|saw|ordered)\b/i, 1],
  ['see seeing with by', /^ dr\b/i, 0.7],
  [
    'my',
    /^ (?:chart|medical records?|doctor|nurse|surgery|surgeon|pills?|meds?|medicines?|prescription|refill|symptoms?|pain|labs?|blood|left|right|back|knees?|shoulder|stomach|head|throat|chest)\b/i,
    0.8,
  ],
  ['balance', /^ .{0,24}\b(?:from|for) (?:your|the) (?:visit|stay|surgery|procedure|ambulance)/i, 0.8],
  ['charity', /^ care/i, 1.5],
  ['urgent walk', /^(?: |-)(?:care|in clinic)/i, 1],
  ['prior', /^(?: |-)auth/i, 1.3],
  ['prior', /^ art/i, -1.5],
  ['delivered', /^ (?:a|her|by)\b/i, 0.9],
  ['passed', /^ (?:away|on)\b/i, 0.5],
  ['an', /^ hour\b/i, -0.3],
  ['first', /^ (?:day|shift)\b/i, -0.6],
  ['medical', /^ (?:assistant|technician|records clerk|director|sales)/i, -0.8],
  ['threw', /^ up/i, 1.4],
  ['sugar sugars', /^ (?:was |is |of |at )?\d{2,3}\b/i, 1.5],
  ['comfort', /^ (?:care|only)/i, 1.3],
  ['family', /^ meeting/i, 0.8],
  [
    'her his',
    /^ (?:tube|line|lines|counts?|mother|father|heel|pills?|meds|eyes?|ears?|leg|arm|hand|back|sugars?|pressures?|chart)\b/i,
    0.5,
  ],
  ['looked', /^ after (?:my|our)/i, 1],
  ['gave give', /^ (?:her|him|the other half|half)\b/i, 0.4],
  ['times once twice', /^ (?:a|per) day/i, 1],
  ['twice once', /^ daily/i, 1],
  ['cover covers covered', /^ (?:the|your) (?:second|surgery|visit|stay|drug|scan|test|treatment)/i, 1],
  ['second', /^ opinion/i, 1.3],
  ['on', /^ (?:the table|file for you)/i, 0.8],
  ['death', /^ certificate/i, 1.2],
  ['range', /^ of motion/i, 1.2],
  ['contact', /^ lens(?:es)?/i, 1],
  ['born', /^ (?:on |in )?\d/i, 0.8],
  // Where one lies.
  ['bed bay', /^s?\.? ?#?\d{1,3}\b/i, 1.6],
  ['rm', /^\.? ?#?\d{1,4}\b/i, 1.3],
  // What one may do.
  ['light', /^ duty/i, 1.6],
  ['full', /^ duty/i, 1],
  ['off', /^ work/i, 1],
  ['return', /^ to (?:work|school|duty)/i, 0.9],
  ['back', /^ to (?:work|school|duty)/i, 0.5],
  // Values.
  ['blood', /^ (?:pressure|sugar|work|test|tests|draw|thinner|type|count|counts)/i, 1.3],
  ['physical', /^ therap/i, 1.2],
  ['blood', /^ drive/i, -1.5],
  ['heart', /^ (?:rate|attack|failure|rhythm|murmur)/i, 1.3],
  ['water sleeping sleep', /^ (?:pills?|study|apnea)/i, 1.4],
  ['life home auto car homeowner flood', /^(?:owner)?'?s? insurance/i, -1.5],
  ['pain', /^ points?\b/i, -0.6],
  // Payment for care and for the rest.
  ['office emergency', /^ (?:visit|room|department)/i, 1],
  ['primary', /^ care/i, 1],
  ['plan', /^ (?:paid|discount|pays|wants|approved|denied)/i, 0.8],
  ['medical', /^ (?:coverage|record|records|bill|leave|history|necessity)/i, 0.8],
  ['medically', /^ necessary/i, 1.6],
  ['member subscriber', /^(?: id| number| no\b|:|, )/i, 0.7],
  ['services', /^ rendered/i, 0.6],
  ['care', /^ (?:team|plan|coordinator)/i, 1],
  ['proof', /^ of (?:the |a |your )?(?:vacc|immun|hep|flu|tb|covid|licen|insurance)/i, -2.2],
  ['flu tb immunization vaccine vaccination', /^ (?:shot |test )?(?:record|card|result|clinic|campaign)s?\b/i, -0.8],
  ['know', /^ (?:the signs|your numbers)/i, -1.8],
  ['vitamin', /^ [a-d]\b.{0,20}(?:assay|method|price)/i, -1],
  ['take takes taking', /^ (?:new|in new) (?:patients|families)/i, -2],
  ['taking', /^ your .{0,12}call\b/i, -1],
  ['your', /^ (?:sunday|saturday|weekend|friday) call/i, -1.5],
  ['free', /^ (?:blood|skin|screening|flu|shots?)/i, -1],
  ['health', /^ (?:fair|magazine|tips)/i, -1.8],
  ['test demo', /^ (?:environment|patient|drive)/i, -1.8],
  ['pay', /^ (?:statement|stub|stubs|slip|period|rise|raise|day)/i, -2],
  ['offer', /^ (?:you the (?:post|position|job|role)|letter)/i, -1.5],
  // What a practice sends to those who sell, meet and read its news.
  ['request', /^ for (?:proposals?|quotes?|quotations?|bids?)\b/i, -2],
  ['next', /^ (?:meeting|agenda|huddle|issue|newsletter)\b/i, -1],
  ['all', /^ (?:households|families|employees|staff|sites|members|providers|departments|nurses)\b/i, -1],
  ['new', /^ (?:clients?|members?|customers?) (?:get|receive|save|only|special|pay)\b/i, -1.5],
  ['forward', /^ (?:this |it )?to a (?:friend|coworker|colleague|neighbou?r)/i, -1.5],
  ['invoice', /^ (?:the (?:clinic|practice|hospital|office)|us)\b/i, -1.2],
  ['contact', /^ hours?\b/i, -1.2],
  ['heart', /^ month\b/i, -1.5],
  ['per', /^ (?:fte|seat|provider|user|bed)\b/i, -0.8],
  ['mon tue wed thu fri', /^:? (?:me|everybody|everyone|nobody)\b/i, -1],
  ['virus', /^ (?:scan|scanner|protection|definitions?)\b/i, -1.5],
  ['infected', /^ (?:file|machine|computer|laptop|attachment|link|device)s?\b/i, -1.5],
  ['excuse', /^ .{2,40} from (?:work|school|class|gym|practice)\b/i, 1.5],
  ['visit', /^ notes?\b/i, 1.2],
  ['no', /^ (?:appointments?|appt) (?:is |are )?(?:needed|necessary|required)/i, -1.5],
  ['bring', /^ (?:the|your) (?:family|kids|friends)/i, -1],
  ['two', /^ for (?:one|\d)/i, -1.5],
  ['walk', /^ in any/i, -1],
  ['most', /^ plans/i, -1],
  ['shots vaccines clinic clinics', /^ (?:are|is) (?:here|in|available|open|back)\b/i, -0.8],
  ['hospital', /^(?:'s)? (?:staff|board|gala|foundation|volunteers?)/i, -0.8],
  ['open', /^ enrollment/i, -1.5],
  ['direct', /^ deposit/i, -1.6],
  ['days', /^ off\b/i, -1.2],
  ['nursing medical residency', /^ (?:program|school|student|students)/i, -1],
  ['did', /^ you know/i, -1.5],
  ['sign', /^-?(?: |-)(?:up|on bonus)/i, -1],
  ['net', /^ (?:30|15|60|pay)/i, -1.2],
  ['credit', /^ (?:card|score|union)/i, -0.5],
  ['gift', /^ of/i, -1.2],
];

function phrasesOf(): ReadonlyMap<string, readonly CuePhrase[]> {
  const phrases = new Map<string, CuePhrase[]>();
  for (const [words, follows, worth] of ROWS)
    for (const word of words.split(' ')) phrases.set(word, [...(phrases.get(word) ?? []), { follows, worth }]);
  return phrases;
}

/** By the word that they follow. */
export const CUE_PHRASES: ReadonlyMap<string, readonly CuePhrase[]> = phrasesOf();
