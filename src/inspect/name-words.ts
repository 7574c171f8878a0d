// Words that stand around names and say whose they are, and words that are never one: titles, credentials, labels, greetings, weekdays,
// heads of eponyms and of companies. Closed classes of English; the open ones (names, illnesses, drugs) are lexicons.

/** What a word does beside a name. A word can do several things. */
export const COURTESY = 1 << 0;
export const PROVIDER_TITLE = 1 << 1;
export const PUBLIC_TITLE = 1 << 2;
export const CREDENTIAL = 1 << 3;
export const GENERATION = 1 << 4;
export const PARTICLE = 1 << 5;
export const ORGANISATION = 1 << 6;
export const STOP = 1 << 7;
export const EPONYM_HEAD = 1 << 8;
export const GREETING = 1 << 9;
export const PATIENT_LABEL = 1 << 10;
export const PROVIDER_LABEL = 1 << 11;
export const STAFF_LABEL = 1 << 12;
export const RELATIVE_LABEL = 1 << 13;
export const PERSON_LABEL = 1 << 14;
export const CLOSING = 1 << 15;
export const CARE_DEED = 1 << 16;
export const PLACE_BEFORE = 1 << 17;
export const NAMING = 1 << 18;
export const EPONYM = 1 << 19;
export const ADDRESSED = 1 << 20;
/** Titles, heads and everyday words that are family names too: behind a first name they are. */
export const FAMILY_TOO = 1 << 21;
/** So often a name that the other sense hardly counts: John, Lee, Johnson. */
export const MOSTLY_NAME = 1 << 22;
/** Leads to the name of whom something is told: "case of", "results for", "the name is". */
export const LEADS_IN = 1 << 23;
/** Says that it is told of a patient: "a 54-year-old female". */
export const OF_PATIENT = 1 << 24;
/** May begin what follows a name and speaks for a person (name-evidence.ts): a record's label, an age, what is done or had, where, whose. */
export const RECORD_NEXT = 1 << 25;
export const AGE_NEXT = 1 << 26;
export const DEED_NEXT = 1 << 27;
export const PLACE_NEXT = 1 << 28;
export const OWN_NEXT = 1 << 29;
/** Stands before the number of a room or a bed. */
export const BED = 1 << 30;
export const ANY_NEXT = RECORD_NEXT | AGE_NEXT | DEED_NEXT | PLACE_NEXT | OWN_NEXT;

/** Labels of any role. */
export const ANY_LABEL = PATIENT_LABEL | PROVIDER_LABEL | STAFF_LABEL | RELATIVE_LABEL | PERSON_LABEL | ADDRESSED;
export const ANY_TITLE = COURTESY | PROVIDER_TITLE | PUBLIC_TITLE;
/** May announce a name that follows. */
export const ANNOUNCING = ANY_TITLE | ANY_LABEL | GREETING | NAMING;
/** No word of a name, unless it stands where only a name can. */
export const NO_NAME = STOP | GREETING | ANY_LABEL | ANY_TITLE | CLOSING | CARE_DEED | ORGANISATION | EPONYM_HEAD | NAMING | PLACE_BEFORE;

const WORDS: readonly (readonly [number, string])[] = [
  [COURTESY, 'mr mrs ms miss mx mister madam sr sra señor señora mme'],
  [PROVIDER_TITLE, 'dr drs doctor dra nurse rn lpn midwife'],
  [PUBLIC_TITLE, 'president senator governor mayor congressman congresswoman judge justice honorable hon attorney'],
  [PUBLIC_TITLE, 'officer detective sheriff sergeant rev reverend pastor rabbi professor prof sir'],
  [
    CREDENTIAL,
    'md do rn np pa lpn dds dmd od dpm dc crna cnm aprn fnp dnp lcsw lmft lpc pharmd psyd dpt pt ot slp mbbs facp facs bsn msn cna',
  ],
  [CREDENTIAL, 'pa-c m.d d.o r.n n.p ma rd rdn cns lmsw lmhc bcba arnp agnp pmhnp frcs frcp frcpc'],
  [GENERATION, 'jr ii iii iv phd esq mph mba'],
  [PARTICLE, 'de la del las los di da dos das du le van von der den ter ten bin ibn al el bint abu san st ben mac y e zu af'],
  [ORGANISATION, 'hospital clinic center centre medical medicine health healthcare university college school institute foundation group'],
  [
    ORGANISATION,
    'inc llc ltd corp corporation company co plc gmbh lp llp associates partners bank financial insurance pharmacy laboratory',
  ],
  [ORGANISATION, 'laboratories labs memorial general regional methodist presbyterian baptist lutheran catholic church temple county city'],
  [
    ORGANISATION,
    'township village island islands river lake creek mountain mount valley beach bay harbor ridge heights springs park plaza',
  ],
  [ORGANISATION, 'building tower hall hotel inn airport station museum library theatre theater stadium department division office bureau'],
  [ORGANISATION, 'agency committee commission council association society union federation conference journal press times post news'],
  [ORGANISATION, 'magazine award prize act bill report trust fund capital holdings industries technologies technology systems solutions'],
  [ORGANISATION, 'software services enterprises international research sciences science studios records radio campus wing unit ward floor'],
  [ORGANISATION, 'state states street avenue boulevard highway freeway tunnel bridge terrace blvd ave rd pkwy hwy suite trail circle'],
  [ORGANISATION, 'dam square district region province territory republic kingdom ocean sea desert forest canyon falls point cove manor'],
  [ORGANISATION, 'hospice rehab rehabilitation nursing orthopedics orthopedic oncology cardiology pediatrics surgery dental wellness care'],
  [ORGANISATION, 'motors foods stores airlines pharmaceuticals therapeutics biosciences mills farms brothers bros sons consulting'],
  [EPONYM_HEAD, 'disease syndrome score scores sign criteria test tests scale index classification fracture reflex maneuver manoeuvre'],
  [EPONYM_HEAD, 'method law staging palsy cyst lymphoma sarcoma tumor tumour esophagus oesophagus catheter stain phenomenon thyroiditis'],
  [EPONYM_HEAD, 'chorea ataxia disorder grade grading procedure operation position tube drain node nodes formula equation regression'],
  [EPONYM_HEAD, 'correlation coefficient curve curves model models estimate estimates estimator plot algorithm distribution theorem'],
  [EPONYM_HEAD, 'principle effect paradox hypothesis inventory questionnaire scan contracture anemia anaemia dystrophy nephropathy'],
  [EPONYM_HEAD, 'hernia ulcer ulcers triad triangle ligament duct cells cell bodies body virus fever ring block aphasia encephalopathy'],
  [EPONYM_HEAD, 'arteritis vasculitis cardiomyopathy neuropathy diet protocol rules rule incision approach technique solution agar'],
  [STOP, 'monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun jul'],
  [STOP, 'aug sep sept oct nov dec january february march july september october november december am pm est edt cst pst pdt mst'],
  [STOP, 'the a an and or but if then than this that these those it its he she they we you i my your his her their our me him them us'],
  [STOP, 'is are was were be been being has have had did does will would can could should might must shall not no yes ok okay'],
  // What is said before an answer, as transcripts have it: "Patient: Yeah".
  [STOP, 'yeah yep yup nope nah um umm uh uhm oh ooh hm hmm mm mhm huh hey wow sure okey alright'],
  [STOP, 'of on to for with without as so such when where who whom whose which what why how because while after before since until'],
  [STOP, 'please thanks thank also just only all any some each every both many most more other another new old first last next'],
  [STOP, 'here there now today tomorrow yesterday tonight once again still yet never always often per via etc re fw fwd id ids'],
  [STOP, 'date time phone fax email mail address subject sent reply page total note notes number order invoice account payment'],
  [STOP, 'american english french german spanish chinese japanese indian british canadian mexican asian african european italian'],
  [STOP, 'hispanic caucasian white-collar latino latina christian jewish muslim catholic medicare medicaid internet web windows'],
  [STOP, 'linux unix microsoft google apple amazon yahoo facebook outlook adobe oracle perl python java america usa uk us eu'],
  [STOP, 'christmas easter thanksgiving january god jesus lord congress house senate pentagon nasdaq dow'],
  [STOP, 'dob mrn ssn npi dea hx dx rx tx cc hpi pmh ros assessment plan impression findings results diagnosis medication'],
  [STOP, 'medications allergies vitals history exam female male woman man boy girl see call contact visit follow-up followup'],
  [STOP, 'yours best kind warm very truly love much many dear ones let get got go going come came make made take took do don'],
  [STOP, 'good great well day morning evening afternoon night week month year weeks months years days hours'],
  [STOP, 'child children men women people person persons adults adult baby babies kids student students worker workers family parents'],
  [STOP, 'king queen pope saint risk profile record records file survey sample sampling ltd via self others others overall'],
  [STOP, 'sixty seventy eighty ninety twenty thirty forty fifty one two three four five six seven eight nine ten eleven twelve hundred'],
  [GREETING, 'dear hi hello hey hiya greetings morning afternoon evening'],
  [PATIENT_LABEL, 'patient pt patients client resident member subscriber insured beneficiary enrollee decedent deceased re regarding'],
  [PATIENT_LABEL, 'infant newborn baby inpatient outpatient paciente nombre workup'],
  [PROVIDER_LABEL, 'provider physician doctor attending prescriber surgeon pathologist radiologist pcp gp clinician therapist referring'],
  [PROVIDER_LABEL, 'ordering requesting consultant consulting hospitalist anesthesiologist anaesthetist dentist pharmacist technologist'],
  [
    PROVIDER_LABEL,
    'technician nurse practitioner psychiatrist psychologist counselor counsellor dietitian optometrist podiatrist resident-physician',
  ],
  [STAFF_LABEL, 'scheduler receptionist coordinator secretary assistant manager administrator biller coder transcriptionist interpreter'],
  [STAFF_LABEL, 'supervisor director chief operator'],
  [RELATIVE_LABEL, 'nok kin guardian guarantor caregiver carer caretaker'],
  [
    PERSON_LABEL,
    'name names fullname employee contact plaintiff defendant petitioner respondent appellant witness deponent author authors',
  ],
  [
    PERSON_LABEL,
    'user customer owner applicant claimant holder student candidate participant attendee signed signature by from for cc bcc',
  ],
  [ADDRESSED, 'attn attention to recipient'],
  [CLOSING, 'sincerely regards cheers respectfully cordially thanks thx truly faithfully best love'],
  [CARE_DEED, 'seen referred prescribed treated examined evaluated dictated operated managed ordered interpreted attended diagnosed'],
  [CARE_DEED, 'assessed consulted administered performed supervised counselled counseled admitted discharged cared'],
  [PLACE_BEFORE, 'in at near from around outside across'],
  [NAMING, 'named called like referencing about regarding concerning involving similar'],
  [FAMILY_TOO, 'king queen hall day bell love best lake church temple major judge justice bishop pope page price park parks knight mayor'],
  [FAMILY_TOO, 'young good house rivers brooks bridges banks post news care moore wing city fields forest valley mills case wells'],
  [
    MOSTLY_NAME,
    'john johnson martin lee maria peter tom bob jack jackson jim jimmy mike nick ken rick roger harry jerry larry terry henry',
  ],
  [
    MOSTLY_NAME,
    'sally patty peggy jenny tony tommy bobby billy danny johnny eddy ed matt max ted andrew anthony carol colleen bonnie brad',
  ],
  [
    MOSTLY_NAME,
    'barney homer hector jasmine kitty mickey noel phoebe waldo terri john juan jose jesus carlos luis nelson wilson mark frank',
  ],
  [MOSTLY_NAME, 'smith taylor thomas james adams harris carter cooper parker turner walker miller mason tyler morgan jordan jean julia'],
  [MOSTLY_NAME, 'campbell mitchell murphy scott ross russell simpson thompson warner webster wright nicholas simon oliver oscar patrick'],
  [MOSTLY_NAME, 'alexander christian charlotte victoria elizabeth george gordon graham adrian alexa bryan ryan kelly sandy wendy vernon'],
  [EPONYM, 'parkinson alzheimer crohn graves addison cushing hodgkin huntington hashimoto raynaud sjogren sjögren bell meniere ménière'],
  [EPONYM, 'apgar babinski glasgow wells ranson likert kaplan meier mann whitney cox wilcoxon kruskal wallis fisher pearson spearman'],
  [EPONYM, 'bonferroni bayes bayesian cronbach cohen tukey gleason barrett baker tourette asperger down turner marfan ehlers danlos'],
  [EPONYM, 'guillain barre barré charcot tooth wilson paget peyronie dupuytren colles moro romberg murphy kernig brudzinski foley'],
  [LEADS_IN, 'of for name is to with case on'],
  [OF_PATIENT, 'patient patients pt pts male female man woman boy girl gentleman lady infant child m f'],
  [RECORD_NEXT, 'npi dea lic license dob d date born mrn medical record patient member ssn chart acct'],
  [AGE_NEXT, 'is was a an age aged m f'],
  [DEED_NEXT, 'has had have is was will who also then recently currently again been being last need needs take takes took get gets'],
  [DEED_NEXT, 'present presents presented complains complained complaining c report reports reported denies denied underwent undergoing'],
  [
    DEED_NEXT,
    'tested admitted readmitted diagnosed hospitalised hospitalized discharged suffers suffered suffering tolerated seen followed',
  ],
  [DEED_NEXT, 'evaluated treated prescribed referred scheduled experiences experienced experiencing taking allergic passed died fell hurt'],
  [DEED_NEXT, 'injured collapsed relapsed visited came'],
  [PLACE_NEXT, 'at of from in'],
  [BED, 'rm bed bay'],
  [OWN_NEXT, 'for and in with about on regarding his her et baby'],
  [EPONYM, 'hopkins mayo kaiser permanente sinai langone kettering sloan scripps geisinger emory duke stanford harvard yale'],
];

function usesOf(): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const [bit, words] of WORDS) for (const word of words.split(' ')) uses.set(word, (uses.get(word) ?? 0) | bit);
  return uses;
}

/** By word in lower case: what it does beside a name. */
export const NAME_USES: ReadonlyMap<string, number> = usesOf();

/** Professions by their endings: cardiologist, psychiatrist, pediatrician. */
export function isProfession(word: string): boolean {
  return word.length > 7 && (word.endsWith('ologist') || word.endsWith('iatrist') || word.endsWith('trician') || word.endsWith('surgeon'));
}
