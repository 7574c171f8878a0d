// Endings that make a word one of medicine: Greek and Latin names of illnesses and operations, and the stems of drug names.
import { endingsOf } from './word-endings.ts';

/** Greek and Latin endings of illnesses. */
export const CONDITION_ENDINGS = endingsOf(
  (
    'itis osis emia aemia opathy carcinoma sarcoma lymphoma melanoma myeloma blastoma adenoma fibroma angioma glioma hematoma neuroma lipoma algia plegia paresis phasia ' +
    'hematuria dysuria polyuria nocturia anuria proteinuria albuminuria penia ectasis ectasia megaly lithiasis rrhea rrhoea sclerosis stenosis dystrophy dysplasia ' +
    'hyperplasia hypoplasia metaplasia neoplasia iasis dyspnea apnea orthopnea dysphagia odynophagia rrhage rrhagia polydipsia ' +
    'tachycardia bradycardia arrhythmia ischemia infarction encephaly cephalus aneurysm neoplasm thyroidism'
  ).split(' '),
  new Set(
    (
      'osmosis hypnosis metamorphosis symbiosis apotheosis mitosis meiosis apoptosis phagocytosis endocytosis exocytosis anastomosis diagnosis prognosis misdiagnosis ' +
      'academia bohemia nostalgia euphemia polysemia telepathy sympathy empathy apathy antipathy homeopathy allopathy osteopathy naturopathy enosis kenosis gnosis ' +
      'metempsychosis autosis sorosis neurosis'
    ).split(' '),
  ),
  2,
);

/** What surgeons call what they do. */
export const PROCEDURE_ENDINGS = endingsOf(
  (
    'ectomy otomy ostomy plasty oscopy centesis pexy desis tripsy rrhaphy mammography angiography cardiography sonography radiography venography myelography urography ' +
    'arthrography somnography encephalography myography arteriography pancreatography cholangiography cardiogram mammogram sonogram angiogram venogram ' +
    'myelogram arthrogram encephalogram arteriogram'
  ).split(' '),
  new Set(
    'dichotomy trichotomy polychotomy spectroscopy microscopy radioscopy stroboscopy horoscopy fluoroscopy telescopy ultramicroscopy bronchotomy autoplasty cryoscopy autoradiography radiography mesoscopy'.split(
      ' ',
    ),
  ),
  3,
);

/** Stems of the USAN council and of INN; only those that ordinary words do not end with. */
export const DRUG_STEMS = endingsOf(
  (
    'pril sartan vastatin olol mab tinib rafenib ciclib parib zomib gliptin gliflozin glitazone glutide natide tirzepatide parin xaban gatran grel ticagrelor ' +
    'conazole prazole idazole azosin mycin micin cillin floxacin cycline penem bactam triptan setron dipine zepam zolam azolam oxetine traline citalopram faxine ' +
    'triptyline ipramine peridone piprazole apine azepine barbital profen oxicam coxib codone morphone fentanil caine terol tropium phylline lukast tadine tidine ' +
    'thiazide semide dronate fibrate curium stigmine giline dopa platin rubicin taxel trexate poetin grastim tropin relin ovir avir ivir uvir vudine buvir ' +
    'ercept kinra formin glinide olone asone onide estradiol progesterone warfarin afil sulfa nidazole gabalin racetam toin'
  ).split(' '),
  new Set(
    (
      'april cholesterol pantene chocaine ukraine cocaine migraine elvir souvenir avoir reservoir revoir memoir noir devoir savoir loir boudoir sapin rapine alpine pine supine ' +
      'opine porcupine sterol brimstone curtain ergosterol phytosterol anole cyclone atropine parcel trapine gazpacho bromoil filipine philippine'
    ).split(' '),
  ),
  2,
);
