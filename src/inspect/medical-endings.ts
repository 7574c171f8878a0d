// Endings that make a word one of medicine: Greek and Latin names of illnesses and operations, and the stems of drug names.
import { endingsOf } from './word-endings.ts';

/** Greek and Latin endings of illnesses. */
const CONDITION_ENDINGS = (
  'itis osis emia aemia opathy carcinoma sarcoma lymphoma melanoma myeloma blastoma adenoma fibroma angioma glioma hematoma neuroma lipoma algia plegia paresis phasia ' +
  'hematuria dysuria polyuria nocturia anuria proteinuria albuminuria penia ectasis ectasia megaly lithiasis rrhea rrhoea sclerosis stenosis dystrophy dysplasia ' +
  'hyperplasia hypoplasia metaplasia neoplasia iasis dyspnea apnea orthopnea dysphagia odynophagia rrhage rrhagia polydipsia ' +
  'tachycardia bradycardia arrhythmia ischemia infarction encephaly cephalus aneurysm neoplasm thyroidism'
).split(' ');

/** What surgeons call what they do. */
const PROCEDURE_ENDINGS = (
  'ectomy otomy ostomy plasty oscopy centesis pexy desis tripsy rrhaphy mammography angiography cardiography sonography radiography venography myelography urography ' +
  'arthrography somnography encephalography myography arteriography pancreatography cholangiography cardiogram mammogram sonogram angiogram venogram ' +
  'myelogram arthrogram encephalogram arteriogram'
).split(' ');

/** Stems of the USAN council and of INN; only those that ordinary words do not end with. */
const DRUG_STEMS = (
  'pril sartan vastatin olol mab tinib rafenib ciclib parib zomib gliptin gliflozin glitazone glutide natide tirzepatide parin xaban gatran grel ticagrelor ' +
  'conazole prazole idazole azosin mycin micin cillin floxacin cycline penem bactam triptan setron dipine zepam zolam azolam oxetine traline citalopram faxine ' +
  'triptyline ipramine peridone piprazole apine azepine barbital profen oxicam coxib codone morphone fentanil caine terol tropium phylline lukast tadine tidine ' +
  'thiazide semide dronate fibrate curium stigmine giline dopa platin rubicin taxel trexate poetin grastim tropin relin ovir avir ivir uvir vudine buvir ' +
  'ercept kinra formin glinide olone asone onide estradiol progesterone warfarin afil sulfa nidazole gabalin racetam toin'
).split(' ');

/** Words that only look so. */
const EXCEPT: ReadonlySet<string> = new Set(
  (
    'osmosis hypnosis metamorphosis symbiosis apotheosis mitosis meiosis apoptosis phagocytosis endocytosis exocytosis anastomosis diagnosis prognosis ' +
    'misdiagnosis academia bohemia nostalgia euphemia polysemia telepathy sympathy empathy apathy antipathy homeopathy allopathy osteopathy naturopathy ' +
    'enosis kenosis gnosis metempsychosis autosis sorosis neurosis dichotomy trichotomy polychotomy spectroscopy microscopy radioscopy stroboscopy ' +
    'horoscopy telescopy ultramicroscopy cryoscopy autoradiography radiography mesoscopy april cholesterol pantene ukraine cocaine migraine elvir souvenir ' +
    'avoir reservoir revoir memoir noir devoir savoir loir boudoir sapin rapine alpine pine supine opine porcupine sterol brimstone curtain ergosterol ' +
    'phytosterol anole cyclone parcel trapine gazpacho bromoil filipine philippine mongrel performin sparin premia epidemia sociopathy jeremia nehemia'
  ).split(' '),
);

export type Ending = 'condition-ending' | 'procedure-ending' | 'drug-ending';

/** What a word is by its ending. */
export const MEDICAL_ENDINGS = endingsOf<Ending>(
  [
    ['condition-ending', CONDITION_ENDINGS],
    ['procedure-ending', PROCEDURE_ENDINGS],
    ['drug-ending', DRUG_STEMS],
  ],
  EXCEPT,
);
