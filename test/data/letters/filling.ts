// Fills `{variables}` and `[[one|of|these]]` of a template with people, dates and numbers that a seed decides.
import { createHash } from 'node:crypto';

const WOMEN = 'Maria Linda Aisha Priya Hannah Svetlana Thuy Guadalupe Dorothy Keisha Mei Ingrid Fatima Carol Zoë Tamika Rosa Beth Noor Joan Kimberly Anneliese Brooke Yolanda'.split(' ');
const MEN = 'John Luis Kwame Dmitri Arjun Robert Minh Terrence Björn Omar Walter Jesús Patrick Hiroshi Samuel Tyrone Gary Mateusz Will Dale Ahmed Curtis Leon Ezekiel'.split(' ');
const LASTS = "Smith Nguyen Okafor Kowalczyk Ramírez O'Brien Patel Johansson Washington Delgado Kim Petrov Haddad Schneider Begaye Thompson Fitzgerald Yamamoto Castillo Mbeki Green Lopez-Ortiz Baker Abernathy Rossi Chowdhury Young Vandermeer de~la~Cruz McAllister Ito Farrow".split(' ');
const WORDS = 'sunnydays bluegate nightowl42 tworivers oldcamper kitesurf7 redbarn quietpine mapleleaf88 fastpitch gardener5 hightide coffeebean jazzcat'.split(' ');
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const STREETS = 'Cedar Lane|Harbor Street|West 14th Street|County Road 12|Juniper Court|Lincoln Ave Apt 3B|Sycamore Dr.|Old Mill Road'.split('|');
const PLACES = 'Dayton, OH 45402|Tucson, AZ 85705|Macon, GA 31201|Duluth, MN 55802|Salem, OR 97301|Erie, PA 16501|El Paso, TX 79901|Reno, NV 89501'.split('|');
const DRUGS = 'lisinopril 10 mg|levothyroxine 75 mcg|sertraline 50 mg|Eliquis 5 mg|gabapentin 300 mg|albuterol HFA|Ozempic 0.5 mg|amlodipine 5 mg|buprenorphine-naloxone 8-2 mg|prednisone 20 mg'.split('|');

export interface Drawer {
  /** From 0 up to, not with, `below`. */
  number(below: number): number;
  pick(from: readonly string[]): string;
}

/** Draws by SHA-256 of the seed and a count: the same on every machine. */
export function drawer(seed: string): Drawer {
  let count = 0;
  const number = (below: number): number => createHash('sha256').update(`${seed} ${count++}`).digest().readUInt32BE() % below;
  return { number, pick: (from) => from[number(from.length)] ?? '' };
}

interface Person {
  readonly first: string;
  readonly last: string;
  readonly woman: boolean;
}

function personOf({ number, pick }: Drawer): Person {
  const woman = number(2) === 0;
  return { first: pick(woman ? WOMEN : MEN), last: pick(LASTS).replaceAll('~', ' '), woman };
}

const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();

function mailOf({ first, last }: Person, draw: Drawer, domain: string): string {
  const [f, l] = [plain(first), plain(last)];
  return `${draw.pick([`${f}.${l}`, `${f[0] ?? ''}${l}${10 + draw.number(80)}`, `${f}${l[0] ?? ''}`, `${l}.${f}`])}@${domain}`;
}

function digits(draw: Drawer, count: number): string {
  return Array.from({ length: count }, (_, i) => String(i === 0 ? 1 + draw.number(9) : draw.number(10))).join('');
}

function dateOf(draw: Drawer, from: number, years: number): string {
  const [year, month, day] = [from + draw.number(years), draw.number(12), 1 + draw.number(28)];
  const two = (value: number): string => String(value).padStart(2, '0');
  const name = MONTHS[month] ?? '';
  return draw.pick([
    `${two(month + 1)}/${two(day)}/${year}`,
    `${month + 1}/${day}/${String(year).slice(2)}`,
    `${name} ${day}, ${year}`,
    `${year}-${two(month + 1)}-${two(day)}`,
    `${day} ${name.slice(0, 3)} ${year}`,
  ]);
}

function whenOf(draw: Drawer): string {
  const day = draw.pick(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']);
  const [month, number] = [MONTHS[draw.number(12)] ?? '', 1 + draw.number(28)];
  return draw.pick([`${day}, ${month} ${number}`, `${month} ${number}`, `${day} ${1 + draw.number(12)}/${number}`, `${day} the ${number + 4}th`]);
}

const amountOf = (draw: Drawer): string => `$${draw.pick(['', '1,', '2,'])}${100 + draw.number(900)}.${10 + draw.number(90)}`;
const timeOf = (draw: Drawer): string => draw.pick(['8:15 am', '9:30 AM', '10:45', '1 pm', '14:20', '3:40 PM', 'half past two']);
const idOf = (draw: Drawer): string => draw.pick([digits(draw, 8), `MRN-${digits(draw, 7)}`, `00${digits(draw, 6)}`, `H${digits(draw, 7)}`]);

function peopleOf(draw: Drawer): Readonly<Record<string, string>> {
  const [patient, second, doctor, other, staff] = [personOf(draw), personOf(draw), personOf(draw), personOf(draw), personOf(draw)];
  const kin = personOf(draw);
  const clinic = draw.pick(['lakesideclinic.example', 'partnerhospital.example', 'northsidefamily.example', 'valleymed.example']);
  return {
    first: patient.first,
    last: patient.last,
    full: `${patient.first} ${draw.pick(['', '', '', 'J. ', 'M. '])}${patient.last}`,
    FIRST: patient.first.toUpperCase(),
    LAST: patient.last.toUpperCase(),
    Ms: patient.woman ? draw.pick(['Ms.', 'Mrs.', 'Ms']) : draw.pick(['Mr.', 'Mr']),
    Mr: patient.woman ? draw.pick(['Ms.', 'Mrs.']) : 'Mr.',
    man: patient.woman ? 'woman' : 'man',
    sex: patient.woman ? 'F' : 'M',
    he: patient.woman ? 'she' : 'he',
    him: patient.woman ? 'her' : 'him',
    pmail: mailOf(patient, draw, draw.pick(['example.net', 'mail.example', 'example.com'])),
    omail: `${draw.pick(WORDS)}@${draw.pick(['example.net', 'mail.example'])}`,
    first2: second.first,
    last2: second.last,
    mother: draw.pick(WOMEN),
    kidfirst: draw.pick([...WOMEN, ...MEN]),
    kin: draw.pick([kin.last, `${kin.woman ? 'Mrs.' : 'Mr.'} ${patient.last}`, kin.first]),
    kinmail: mailOf({ ...kin, last: patient.last }, draw, 'mail.example'),
    doc: doctor.last,
    docfirst: doctor.first,
    docfull: draw.pick([`Dr. ${doctor.first} ${doctor.last}`, `${doctor.first} ${doctor.last}, MD`, `${doctor.first} ${doctor.last}, NP`]),
    docmail: mailOf(doctor, draw, clinic),
    he2: doctor.woman ? 'she' : 'he',
    doc2: other.last,
    doc2first: other.first,
    doc2mail: mailOf(other, draw, draw.pick(['uptownspecialists.example', clinic])),
    staff: staff.first,
    staffmail: mailOf(staff, draw, clinic),
  };
}

function valuesOf(draw: Drawer): Readonly<Record<string, string>> {
  return {
    ...peopleOf(draw),
    dob: dateOf(draw, 1931, 80),
    dob2: dateOf(draw, 1931, 80),
    date: dateOf(draw, 2026, 1),
    date2: dateOf(draw, 2025, 2),
    when: whenOf(draw),
    time: timeOf(draw),
    month: MONTHS[draw.number(12)] ?? '',
    age: String(19 + draw.number(75)),
    mrn: idOf(draw),
    mrn2: idOf(draw),
    acct: draw.pick([digits(draw, 7), `${digits(draw, 4)}-${digits(draw, 5)}`]),
    member: draw.pick([`W${digits(draw, 9)}`, `GPH${digits(draw, 8)}01`, digits(draw, 11)]),
    claim: draw.pick([`C${digits(draw, 9)}`, `20${digits(draw, 8)}`]),
    inv: draw.pick([digits(draw, 6), `INV-${digits(draw, 5)}`]),
    rx: digits(draw, 7),
    ssn: `${100 + draw.number(560)}-${10 + draw.number(90)}-${1000 + draw.number(9000)}`,
    phone: draw.pick([`(${digits(draw, 3)}) 555-01${10 + draw.number(90)}`, `${digits(draw, 3)}-555-01${10 + draw.number(90)}`, `${digits(draw, 3)}.555.01${10 + draw.number(90)}`]),
    street: `${1 + draw.number(4000)} ${draw.pick(STREETS)}, ${draw.pick(PLACES)}`,
    amount: amountOf(draw),
    amount2: amountOf(draw),
    copay: draw.pick(['$10.00', '$25', '$0.00', '$40.00']),
    drug: draw.pick(DRUGS),
  };
}

/** The same letter keeps its people and numbers: one filling for all its texts. @throws at a variable that is not known */
export function filling(draw: Drawer): (template: string) => string {
  const values = valuesOf(draw);
  return (template) =>
    template
      .replace(/\[\[([^\]]+)\]\]/g, (_, choices: string) => draw.pick(choices.split('|')))
      .replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = values[name];
        if (value === undefined) throw new Error(`no variable ${name}`);
        return value;
      });
}
