// Words that say little alone and much together: what the mail of a practice is made of, and what the mail of a shop, a school or a payroll is
// made of. Each has a worth: how far it moves the odds (logarithm to base e) that a message is about somebody's care.
// Written by hand by what people do in such mail: care is arranged, told, asked, paid, refused, carried, translated.

type Rows = readonly (readonly [worth: number, words: string])[];

/** Speak for care. */
const OF_CARE: Rows = [
  // Who cares, and where.
  [
    1.2,
    'surgeon neurologist cardiologist dermatologist oncologist urologist psychiatrist pediatrician gynecologist orthodontist orthopedist podiatrist audiologist optometrist ophthalmologist anesthesiologist endocrinologist psychologist midwife hygienist hospice dialysis palliative',
  ],
  [
    1.0,
    'cardiology oncology neurology urology dermatology psychiatry radiology orthopedics pediatrics gynecology nephrology pathology endoscopy icu nicu ward clinic interpreter hospital caregiver rehab physio chiropractor psych ent obgyn gyn neuro onc derm',
  ],
  [0.8, 'nurse doctor physician therapist counselor dentist aide aides telehealth inpatient outpatient er pcp prescriber specialist'],
  // What is done.
  [
    1.8,
    'biopsy colonoscopy chemo ultrasound mammogram mri stitches sutures transfusion bloodwork hemolyzed catheter anesthesia ivf embryo follicles incision crutches stretcher gurney polyp polyps nodule lesion',
  ],
  [
    1.3,
    'surgery checkup scan swab vaccine vaccines vaccinated immunization immunizations fasting injection infusion braces dentures crown fillings cpap inhaler insulin epipen pacemaker prosthesis walker wheelchair oxygen stent ambulance nebulizer aligners formulary precert fmla a1c creatinine hemoglobin platelets ekg ecg tsh inr smear retina radiation hospitalized hospitalised hospitalization mrsa preop postop spirometry transplant',
  ],
  [
    0.9,
    'shot shots exam tested diagnosed diagnosis treatment treated therapy referral referred prescribe prescribed admitted discharge discharged sedation bandage wound brace sling implant cast dressing overdose injury injured impairment pathologist glucose cholesterol potassium sugars bmi bp dilated dilate',
  ],
  [
    0.6,
    'lab labs sample specimen procedure cleaning fitting retrieval evaluation followup donor screening recovery filling cavity cavities canal glasses lenses culture staph authorization denial pulse temperature percentile restrictions lifting',
  ],
  // What is taken.
  [
    1.3,
    'pill pills medicine medicines medication medications meds refill refills prescription antibiotic antibiotics steroid steroids tablets capsules dosage ointment antidepressant painkiller painkillers',
  ],
  [0.9, 'dose doses mg ml rx cream drops pharmacy pharmacist'],
  // What is felt and found.
  [
    1.4,
    'rash fever cough dizzy dizziness nausea nauseous vomit vomiting vomited diarrhea swollen swelling itchy bleeding lump tumor cyst fracture infection infected seizure seizures migraine migraines reflux asthma diabetes diabetic stroke dementia anxiety depression panic ptsd adhd autism cancer melanoma pregnant pregnancy arthritis pneumonia ulcer hernia concussion wheezing numbness constipated constipation strep clot clots clotted sciatica insomnia earache toothache backache stomachache apnea hallucinating suicidal drowsy cramping unwell puffy',
  ],
  [
    1.0,
    'pain painful ache aches hurts itch sore bruise bruises bleed symptoms faint fainted benign malignant relapse relapsed sober sobriety detox allergic allergies allergy headache headaches threw hives numb limping agitated stool urinating pee flu covid tb floaters thinners healed paramedics contagious cane wheeze spasm spasms cramps spotting colic depressed counseling counselling sulfa hurt',
  ],
  [
    0.5,
    'visit visits sleep slept sleeping tired confused confusion fell breath fluids breathing swallow appetite weak limp eating drinking tremor mood peaceful peacefully comfortable coughing cried weight reaction died worse ill sick illness disease healing heal stiff stiffness sleepy flare limps anxious crying cries trauma cravings withdrawal snoring suicide tablet capsule vitamin vitamins spray consent isolation',
  ],
  // Of the body.
  [
    0.8,
    'knee knees hip hips shoulder shoulders ankle ankles elbow wrist breast kidney kidneys liver bladder lung lungs stomach throat thyroid tooth teeth gums blood urine spine prostate uterus ovary bowel rectum molar cervix sinus toe toes thumb',
  ],
  [
    0.4,
    'ear ears eye eyes skin leg legs foot feet arm arms heart chest neck back jaw hearing vision bone nose tongue finger fingers scalp hand',
  ],
  // What is told of it.
  [0.6, 'normal positive negative undetectable elevated mild moderate severe chronic acute stable result results'],
  [0.9, 'newborn birth trimester marrow twins breastfeeding'],
  [0.3, 'appointment appt retainer condition thinner diapers mask machine bite sting op session sessions chart records follow'],
  // Who pays, and how one lies.
  [1.4, 'copay copays copayment coinsurance medicaid medicare eob superbill'],
  [
    0.5,
    'insurance insurer deductible coverage provider disability claim benefits appeal member denied enrollee uninsured cobra subscriber allowed adjustment',
  ],
  [0.9, 'bedside telemetry npo renal iv stepdown dnr dietary sepsis'],
  [
    0.9,
    'doc tested glides squeeze tilts grip rehab splinted physiotherapy parl rct clinda hop lenses retest db khz astigmatic wear wore worn leaks',
  ],
  [0.8, 'sodium pap scratchy contacts diaper diapers pressures comfort counts iud drowsiness consciousness warmth relapsing deaf blind'],
  // Short words of notes and of those who hand over.
  [
    1.3,
    'gfr egfr bun bnp moca mmse spo flexion rom abx vanc foley iud copd chf cabg pod ob pelvic bilateral lumbar buccal sinus fistula ostomy colostomy murmur melanocytic dysplasia estradiol follicle intubated extubated catheters lancets nephrostomy tracheostomy feverish queasy bleeds spiked voids phlegm rashes blister blisters scab pus ooze oozing',
  ],
  [
    0.9,
    'dos acl meniscus rotator splint splints tendon sciatic tingling limb aids puffer puff puffs inhalers pump basal bolus sensor tubing percussion bracket brackets aligner astigmatism audiogram deaf iron ferritin platelet hemoglobins lipids ldl hdl echo strip strips trach tube sitter walker commode prescriber deferral workup listing eval hx pt dx cremation autopsy certificate deceased bereaved',
  ],
  [
    0.6,
    'heel shin spot mole moles bump lows highs scored spells spell puffed bleedy patch bladder pregnancy thickener swallowing weigh ounces pounds lb lbs kg sit stand lying woke wake awake daze fainting collapsed passed warm chills sweats sweating gagging choking pads hurting sharp numbing drain drains packing edges stitch healed ache bandages warmth bloody',
  ],
  [
    0.4,
    'mom mum dad mother father wife husband aunt uncle grandma grandpa nephew niece sister brother baby daughter son twin nephews session sessions slot waitlist waiting charted charts release transport miles crew liters tank tanks spoon spoons salt puree eggs',
  ],
  // Other specialities, the same outside the United States, and what a plan asks.
  [
    1.3,
    'gastroenterologist gastroenterology rheumatologist rheumatology pulmonologist pulmonology nephrologist haematology hematology paediatrician paediatrics gynaecologist gynaecology orthopaedic orthopaedics periodontist periodontal phlebotomy phlebotomist anaesthetic anaesthetist anesthetic maternity antenatal prenatal postpartum dietitian dietician physiotherapist chiropodist optician outpatients gp jab jabs vaccination vaccinations vaccinate booster immunisation mammography cataract glaucoma bifocals progressives contraception contraceptive miscarriage iui sti std psychotherapy prognosis remission preauthorization reauthorization precertification polypectomy carer nhs paracetamol ibuprofen antihistamine denture extraction surgical periodontics orthodontics endodontics endocrine guarantor recuperate convalescent',
  ],
  [
    0.8,
    'redness soreness discomfort tenderness swell swells stinging nosebleed achy caregivers carers dressings needle needles cuff sugar carbs latch midwives checkups hormone hormones ovulation sperm embryos infant toddler quarantine isolate network formularies adjudicated pharmacies generic patient inhale vial vials trimesters fasted biopsies scans infusions injections operation operated bedridden bedrest',
  ],
  [
    0.8,
    'drug drugs taper tapers tapering films cita citas doctora medico medica vacuna vacunas sangre receta recetas ayunas enfermera paciente clinica dolor embarazo salud consulta medicina medicinas pastillas',
  ],
  [0.3, 'health medical clinical readings diary fast cycle guardian cleared clearance tier levels nurses scale'],
  [-0.4, 'recall chair lot lots'],
];

/** Speak for everything else. */
const OF_OTHERS: Rows = [
  // Trade.
  [
    -1.6,
    'reservation hotel vehicle car cars truck tire tires tyres brakes engine cylinder mortgage lease rent landlord flight airline homeowner auto escrow',
  ],
  [
    -1.0,
    'shipment shipped ship ships shipping warehouse pallet wholesale vendor vendors supplier distributor prices pricing quote purchase stock backorder backordered consignment loaner module catalog sku warranty product products firmware printer construction contractor menu reagent airbag workout squat gym yoga appraiser appraisal outage sales demo rewards loyalty irb career careers',
  ],
  [
    -0.7,
    'order orders ordered invoice boxes box units inventory buy save examiner patent renewal gowns gloves syringes sharps trays disposable autoclave sterilizer bulk rooms rates lunch rep books library shirt shirts survey miles manager technologist stethoscope enroll retail customer customers seats license licenses software website server deploy bug version install installed installation parts repair serial backup ticket dinner party wine store shop building paint parking property inspection market budget deadline project travel vacation',
  ],
  [
    -0.8,
    'guest guests breakfast massage spa salon booking itinerary passenger departure plumber roof furnace elevator technician tenant loan bank refund subscription investors shareholders revenue grant manuscript journal abstract editor authors',
  ],
  [-1.2, 'coolant alignment adjuster flooring drywall bidders bowling lectern'],
  [-0.7, 'leaflet leaflets brochure brochures proposals proposal boat cottage swap lanes class classes benchmark turnover households'],
  // Those who work there.
  [
    -1.6,
    'payroll pto salary gross onboarding residency credentialing privileges malpractice cme ceu withholding earnings wages wage recruiting paycheck rotation',
  ],
  [
    -1.0,
    'interview applying applicant applicants resume hire hiring hired shift shifts badge training orientation retires retire retirement volunteers volunteer locum overtime timesheet bonus skills inservice audit osha candidate certification password',
  ],
  [
    -0.5,
    'delivery delivered congratulations staff employees employee colleagues meeting agenda policy policies schedule supervisor position compliance committee board students college university research teacher trip book welcome',
  ],
  // Events, offers, news.
  [-1.5, 'unsubscribe newsletter webinar sponsors fundraiser raffle potluck conference symposium seminar enrollment election'],
  [
    -0.9,
    'join register registration speakers slides tickets gala donation donations donate gift offer offers sale discount coupon deals win winner tips celebrate subscribers awareness press workshop registered rewarding prize prizes',
  ],
  [-0.3, 'team starting job profile credit credits points doctors physicians practices hours'],
  [-0.6, 'free patients everyone folks families readers members community people adults'],
  [-1.2, 'closing cashier pipe hospitalist hospitalists encounters whitening passport visa paw'],
  [-0.8, 'border forms form bus represent template templates proof cafeteria studio draft recipe trial injector'],
  // What those who work there must have and do, and who asks for money.
  [
    -1.2,
    'rotation placement placements scrubs cafeteria acls bls huddle rota reviewers reviewer aims enrolment extension award awards funded picnic treasurer dues minutes deferred apologies economist economists bonds traders mayor budget lure clicked assay courier coolers cooler dock manifest linen sheets chiller coil phantom uniformity runners bib bibs upgrade upgrades lounge referees',
  ],
  [
    -0.6,
    'decline licence upload phones cover goals ratings raise rating hygiene reference references references samples lunch territory magazine recipes neighbors neighbours evening coffee cake mug quiz badge umbrella lost returns kitchen ramp couch walk paw paws chew treats leash cat dog kitten puppy cats dogs litter',
  ],
  // School and law.
  [
    -0.7,
    'tuition semester homework math grade band coach tryouts deposition affidavit sworn testimony defendant attorney attorneys plaintiff court courtroom judge witness contract clause deed taxes tax game season',
  ],
];

export const CUE_WORTHS: ReadonlyMap<string, number> = new Map(
  [...OF_CARE, ...OF_OTHERS].flatMap(([worth, words]) => words.split(' ').map((word) => [word, worth] as const)),
);
