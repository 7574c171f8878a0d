// Words of medicine that everyday English uses too. A list of illnesses does not know that a memory leaks, a party is healthy and a stroke
// may be of luck; these words count for little, or for nothing, until other words of medicine stand near them.
import { wordsAsValue } from './near.ts';
import { ODD, SAYS_HALF, SAYS_NOTHING } from './word-traits.ts';
import { lowerAt, type Words } from './words.ts';

/** Say nothing about health by themselves. */
export const EVERYDAY: ReadonlySet<string> = new Set(
  (
    'acute addition administration agent air analysis anchor aid arm arms assessment assessments attack attacks back balance ball band bands bank ' +
    'bar base bay bed beds bite block blocks blocked blood bodies body bond bone bones brace brain brains breaks breath bridge bridges bridging brush bug bugs bump burn ' +
    'burning burns cable canal cap capsule capsules care case cases cast cell cells channel charge check chest chronic chip claim claims client clients clip code coding ' +
    'coil cold colds collapse color colour complaint complex compound compression condition conditions cord core count counts cover crash cream crown ' +
    'cultural culture cultures current cut cuts cycle dark dead death deficiency deficit delivery dependence dependency depressed device devices diet ' +
    'discharge disc disk disorder displacement disruption diversion drain drainage drill drink drinking driver drop drops drug drugs dry ear ears echo ejection ' +
    'element enlarged eruption estate evaluation exam examination exams expansion explosion exposure extension extract eye eyes face failure failures fall ' +
    'falls family fat fatal fatigue fault feedback feeling feet fiber field file film filling fingers finger fire fit fitness fits fixation flash flat floaters flow ' +
    'fluid flush follow foot foreign form formula frame freeze function fusion gas gel gene general gland glass glue gold graft grafts grip growth guard gum gut hand ' +
    'hands hang hanging head heading heads healing health healthy hearing heart hearts heat heel hip hips hives hot host hunger hunt hyperactive immersion immune impact ' +
    'implant implants impulse incident infected inhibitor injection injections injured injuries injury insert inserts insurance intake interruption ' +
    'intervention iron irregular irritable isolation itch joint joints journal key kick kit knee knees lab labs label lag lead leads leak leaks leg legs lens lenses lesson ' +
    'level levels lid lift light lip lips liquid loop loss losses lot lump lung malignant malformed manifestation mass massive matter med medical medicine ' +
    'membrane memory mental mesh message mineral mobility mobile model mole moles monitor monitors monitoring mood motion mount mouth movement muscle muscles mutation nail nails ' +
    'nasal neck nerve nerves nerd network nervous neutral node nodes nose note notes numb nursing observation occlusion oil open operation operations operate order orders organ organs ' +
    'outbreak output oxygen pack pad pain painful pains panel panels paste patch patches patching pathology patient patients patience pen pens perforation performance phantom pill pills ' +
    'pin pins plan plans plasma plaster plate plates play plug poison poisoned poisoning polish pool pop port ports positive potassium powder practice press pressure pressing prevention probe procedure ' +
    'procedures process profile progress prolapse protein pulse pump pumps puncture pure radiation rash rate rating reaction reactions recall recession recovery red reduction referral reflex ' +
    'regression regular rejection relapse release relief removal repair repairs replacement reset resistance resolution respiratory response rest results result retention review ring rings ' +
    'ripple root roots roof rose rotation rupture salt sample samples scale scales scan scans scanning scar scars scope scratch screen screening screens seal section sections sensitive sensitivity separation series ' +
    'serum service severe shaking shield shock shocked shocks shot shots shortness shoulder shunt sick sickness side sight silver sign skin sleep sleeping sling smoke smoker smoking snap solution solid sole ' +
    'sore sound sounds spasm speech spine spinal spike split spots spotting spray spread spring stain stem steps sticks stiff still stings stitch stomach stone stones stool stools stopped straight strain ' +
    'strains stress stressed strip strips structure studies study suction sugar suit supplement supplements supply support suspension suspended swab swallow swallowing sweat sweats switch symptom symptoms ' +
    'syndrome system tablet tablets tail tank tap tear tears temp temperature temperatures tenderness tension test tests testing tested throat thumb tissue toe toes tongue tooth torsion touch tow trace tracks traction transfer ' +
    'transition transmission transplant trap trauma treatment treatments tremor trial trigger triggers tube tubes twitch unit units urgency urgent vein veins version vessel vessels viral virus viruses vision visit voice voices ' +
    'volume vulnerable walk walking wake wart warts waste wasting water weak weakness weight wheel wing withdrawal womb wood work wrist yeast zinc ' +
    'abuse abused adoption aging aggression alcohol ambulance anger animal bleed blind blindness blister blurred bruise bruised ' +
    'chill chills choke choking complication complications confused confusion contact contraction contractions cramp cramps deaf deformity ' +
    'discomfort doctor dose doses drowning embedded emergency exhausted exhaustion frostbite hangover hospital hurt hurts hysterical ' +
    'laser lazy lime mania manic mute nurse obsessive obsession panic parasite parasites pharmacy physical plague ' +
    'prognosis quarantine radio resuscitation scanner sedentary shivers snoring specimen splinter stiffness ' +
    'sunburn therapies thirst tired tiredness tic toxic toxicity twins worm worms wheeze x ray it or us who as is no on hit mr ms mrs ' +
    'lice surgical alt bun pap pci std stds psa tia cmp foley vanderbilt congestion congested cavities unresponsive hopelessness drooling bunion cavity crisis crush catch craving deviation fixed hiccups itching numbness phobia redness ' +
    'crack ecstasy grass speed weed pot caffeine nicotine tobacco coffee tea alcoholic wine beer ' +
    'sodium calcium magnesium chloride glucose urea iodine lithium nitrogen mercury arsenic lead copper helium hydrogen carbon ammonia ether acetone glycerin menthol camphor lanolin paraffin talc ' +
    'honey garlic ginger ginseng soy wheat milk egg eggs peanut nuts rice corn oats apple banana cherry almond orange lemon mint pepper peppermint vanilla chocolate sunflower sesame cinnamon clove cotton rubber nickel gelatin ' +
    'optimal advance android apache aspire balance bond boost caduet delta element enable ensure essential evolution focus force harmony impact intuition java liberty maximum micro multi natural next one option orbit origin ' +
    'platform prime pro python renew reliance secure select sentinel simplicity spectrum spirit standard star summit support total trust ultra unity unison vista vital zoom ' +
    'act add aids als ann asa asp atm bat bit bmp bp bus cad cap cat cbt cc cfs chip cms cop copy cpr cpu cut dash dec dev dl dns ecm ed eft er esp est flu gad gi gp gt hr hrs icd icp ids ips ir ' +
    'ion iv kid lad lap lc ll lp mac mar mci md mi min mix mmr mom ms mt nad nb nd ng nst ob od old op or os otc pat pb pc pcp pd pe pet pf pga phi pi pm pms po pos pr pro ps pt pvc qa qi ra ram rna dna ' +
    'ro rom rr rt sa sad sc sd sids sob som sos sp spa st sum tab tabs tb tee tens tic tv ua uri va vin vs wt'
  ).split(' '),
);

/** Of health in the first place, and often in a figure of speech: half as much by themselves. */
export const FIGURATIVE: ReadonlySet<string> = new Set(
  (
    'kleptomania pyromania megalomania nymphomania addict addicted addiction anxiety anxious autism autistic cancer cancers coma cough coughing depression diabetes diagnosis diagnosed ' +
    'epidemic hysteria insomnia leprosy narcissism nightmare obesity paranoia paranoid psychosis relapse schizophrenia ' +
    'schizophrenic sclerosis senile sneezing sober sterile tumour vaccination vaccinated fatigue allergies measles smallpox ebola sars influenza polio cholera anthrax ' +
    'aspirin steroid steroids viagra prozac valium morphine botox abortion contraception contraceptive menopause infertility ivf therapist psychiatrist psychologist counseling counselling rehab ' +
    'surgical autopsy surgery surgeries ' +
    'insulin fever seizure seizures nausea pregnant pregnancy tumor suicide suicidal transfusion vaccine vaccines dosage prescription prescriptions therapy heroin cocaine opium vertigo embolism ulcer rabies psychotic fainting vomit wheelchair cyst allergic allergy infusion infection infections stroke strokes headache headaches wound wounds paralysis paralyzed remission bleeding bruises dizzy unconscious medication medications x-ray syringe swelling gangrene sprain obese ventilator inflammation clot'
  ).split(' '),
);

/** Figures of speech, history, stars and weather around such a word. */
const FIGURES =
  /strokes? of (?:luck|genius|the|a|midnight)|(?:back|breast|key|brush|pen)stroke|two[- ]stroke|four[- ]stroke|great depression|depression[- ]era|depression of the|economic depression|tropical depression|(?:gold|election|cabin|world cup|spring|dance|pok.mon) fever|fever pitch|headaches? for|cancers? (?:of|on) (?:society|democracy)|horoscope|zodiac|tropic of cancer|retail therapy|separation anxiety of|rehab of the|infection of (?:the )?(?:computer|file|pc|system|disk|network)|(?:virus|malware|worm|trojan) infections?|infected (?:files?|pc|computer|machine)|allergic to (?:work|meetings|change)|autopsy of the|seizure of|addicted to/;

/** Is a word that stands in such a stretch (in lower case) meant otherwise? */
export function isFigure(around: string): boolean {
  return FIGURES.test(around);
}

/** Phrases of the lists that everybody writes. */
const EVERYDAY_PHRASES: ReadonlySet<string> = new Set(
  (
    'exposure to,vital signs,vital sign,side effects,side effect,side-effects,primary insurance,heart attack,heart attacks,stress test,stress tests,weight loss,power failure,system failure,hair loss,' +
    'hearing loss,blind spot,blind spots,dark spots,black eye,cold feet,hot flash,hot flashes,burn out,red eye,growth spurt,in the hospital,follow up,followed up,due date,the doctor,the hospital,medical history'
  ).split(','),
);

/** Short words that mean illness, test or drug and nothing else. */
const SHORT_AND_SURE: ReadonlySet<string> = new Set(
  'hiv htn chf mri cbc ekg ecg eeg emg dvt tsh ldl hdl uti ibs tbi ckd copd gerd adhd ptsd cabg a1c bph dm2 t2dm dka gout acne'.split(' '),
);

/** How much a word or phrase says by itself: 0 nothing, 0.5 perhaps, 1 that it is of medicine. */
export function plainness(words: Words, at: number, count: number): number {
  if (count === 1) {
    const trait = isPlain(words, at) ? (words.traits[at] ?? 0) : plainTrait(bare(lowerAt(words, at)));
    return (trait & SAYS_NOTHING) !== 0 ? 0 : (trait & SAYS_HALF) !== 0 ? 0.5 : 1;
  }
  // A phrase of everyday words is more than each of them; one word of medicine makes it one.
  let best = 0.7;
  for (let i = at; i < at + count; i++) {
    if ((words.ends[i] ?? 0) - (words.starts[i] ?? 0) <= 3) continue;
    const trait = isPlain(words, i) ? (words.traits[i] ?? 0) : plainTrait(lowerAt(words, i));
    if ((trait & SAYS_NOTHING) === 0) best = Math.max(best, (trait & SAYS_HALF) !== 0 ? 0.85 : 1);
  }
  return EVERYDAY_PHRASES.has(wordsAsValue(words, at, count)) ? 0.15 : best;
}

/** Known, without 's or an accent: its traits tell all of it. */
function isPlain({ known, traits }: Words, at: number): boolean {
  return (known[at] ?? 0) > 0 && ((traits[at] ?? 0) & ODD) === 0;
}

function bare(word: string): string {
  return word.endsWith("'s") ? word.slice(0, -2) : word;
}

/** What a word says by itself, as a trait: SAYS_NOTHING, SAYS_HALF or 0. */
export function plainTrait(word: string): number {
  if (word.length < 3 || EVERYDAY.has(word)) return SAYS_NOTHING;
  return FIGURATIVE.has(word) || (word.length === 3 && !SHORT_AND_SURE.has(word)) ? SAYS_HALF : 0;
}
