// Text as it is seen: every way to hide a word from a machine and not from its reader, and genuine text of many languages left as it is.
import fc from 'fast-check';
import t from 'tap';
import { asSeen } from '../../src/mime/as-seen.ts';
import { fuzz } from '../support/fuzz.ts';

/** What stands in the text, and whether it counts as a trick. */
const TRICKS: readonly (readonly [name: string, text: string, seen: string, disguised: 'yes' | 'no'])[] = [
  ['soft hyphen where none would hyphenate', 'J\xadohn Smith', 'John Smith', 'yes'],
  ['soft hyphen of a hyphenation', 'Ver\xadsiche\xadrung', 'Versicherung', 'no'],
  ['zero-width space', 'Jo\u200bhn', 'John', 'yes'],
  ['zero-width non-joiner', 'Jo\u200chn', 'John', 'yes'],
  ['zero-width joiner', 'Jo\u200dhn', 'John', 'yes'],
  ['word joiner', 'Jo\u2060hn', 'John', 'yes'],
  ['invisible times', 'Jo\u2062hn', 'John', 'yes'],
  ['no-break space without width', 'Jo\ufeffhn', 'John', 'yes'],
  ['combining grapheme joiner', 'Jo\u034fhn', 'John', 'yes'],
  ['Arabic letter mark', 'Jo\u061chn', 'John', 'yes'],
  ['Hangul fillers', 'J\u115fo\u3164h\uffa0n', 'John', 'yes'],
  ['Khmer inherent vowel', 'Jo\u17b4hn', 'John', 'yes'],
  ['Mongolian vowel separator', 'Jo\u180ehn', 'John', 'yes'],
  ['variation selector', 'Jo\ufe00hn', 'John', 'yes'],
  ['variation selector of the supplement', 'Jo\u{e0100}hn', 'John', 'yes'],
  ['tag characters', 'Jo\u{e0041}\u{e0042}hn', 'John', 'yes'],
  ['musical format controls', 'Jo\u{1d173}hn', 'John', 'yes'],
  ['directional mark', 'Jo\u200ehn', 'John', 'yes'],
  ['NUL', 'Jo\0hn', 'John', 'yes'],
  ['in a number', '123-4\u200b5-6789', '123-45-6789', 'yes'],
  ['right-to-left override', '\u202ehtimS nhoJ\u202c called', 'John Smith called', 'yes'],
  ['override to the end of the line', 'a \u202enhoJ\nb', 'a John\nb', 'yes'],
  ['override with a straight piece in it', '\u202ehtimS \u202dJohn\u202c\u202c', 'John Smith', 'yes'],
  ['override of a number', 'SSN \u202e9876-54-321\u202c', 'SSN 123-45-6789', 'yes'],
  ['isolates in another order', '\u2067\u2066hn\u2069\u2066Jo\u2069\u2069', 'John', 'yes'],
  ['full width in a word', 'Jｏhn', 'John', 'yes'],
  ['full width', 'Ｊｏｈｎ １２３', 'John 123', 'no'],
  ['mathematical bold in a word', 'J𝐨𝐡n', 'John', 'yes'],
  ['mathematical script, all of it', '𝓙𝓸𝓱𝓷', 'John', 'no'],
  ['circled', 'Ⓙⓞⓗⓝ', 'John', 'no'],
  ['white on black', '🅹🅾🅷🅽', 'JOHN', 'no'],
  ['ligature', 'ﬁrst oﬀer', 'first offer', 'no'],
  ['superscript digits as a number', '¹²³-⁴⁵-⁶⁷⁸⁹', '123-45-6789', 'no'],
  ['exponents', 'm² and 10⁵', 'm² and 10⁵', 'no'],
  ['small capitals', 'ᴊᴏʜɴ', 'JOHN'.toLowerCase(), 'no'],
  ['struck through', 'J\u0336o\u0336h\u0336n\u0336', 'John', 'yes'],
  ['overlaid', 'J\u20d2ohn', 'John', 'yes'],
  ['enclosed', 'J\u20ddo\u20ddhn', 'John', 'yes'],
  ['piled marks', 'Jo\u0301\u0302\u0303\u0304\u0305hn', 'John', 'yes'],
  ['Cyrillic letter in a word', 'Sаrаh', 'Sarah', 'yes'],
  ['Cyrillic with diaeresis', 'Jёrg', 'Jërg', 'yes'],
  ['Greek letters in a word', 'Jοhn Smιth', 'John Smith', 'yes'],
  ['Armenian letter in a word', 'Jօhn', 'John', 'yes'],
  ['Cherokee letters in a word', 'ᎪᎷY', 'AMY', 'yes'],
  ['a whole word of look-alikes', 'Dear Роре, hello', 'Dear Pope, hello', 'yes'],
  ['a whole text of look-alikes', 'ЅАМ СООРЕR'.replace('R', ''), 'SAM COOPE', 'yes'],
  ['a letter for a digit', 'SSN 123-45-67О9', 'SSN 123-45-6709', 'yes'],
  ['Latin letters in a Russian word', 'Ивaнoв пришёл', 'Иванов пришёл', 'yes'],
  ['no-break and thin spaces', 'John\xa0Smith\u2009Jr', 'John Smith Jr', 'no'],
  ['ideographic space', '山田\u3000太郎', '山田 太郎', 'no'],
  ['letters and marks apart', 'Mu\u0308ller', 'Müller', 'no'],
  ['Kelvin and Angstrom', '\u212a \u212b', 'K Å', 'no'],
  ['line separators', 'a\u2028b\u2029c\x85d', 'a\nb\nc\nd', 'no'],
];

await t.test('tricks are taken off', async (t) => {
  for (const [name, text, seen, disguised] of TRICKS) t.strictSame(asSeen(text, []), { text: seen, marks: [], disguised }, name);
});

/** Nothing in these is a trick; what is behind the arrow may have changed, and reads the same. */
const GENUINE: readonly (readonly [name: string, text: string, seen?: string])[] = [
  ['English', 'The patient – “Mrs. O’Neil” – paid 5 € for 3½ pills…'],
  ['German', 'Größere Überraschungen für Jürgen Weiß'],
  ['Turkish', 'Işık İstanbul’da doğdu'],
  ['Vietnamese', 'Bệnh nhân Nguyễn Thị Ánh'],
  ['Russian', 'Пациент Сорока, МРТ с контрастом, роса, сор и ток'],
  ['Russian with Latin words', 'Открыл Photoshop с MRI и Wi-Fi, IT-специалист'],
  ['Serbian', 'Љубав и мир у Београду'],
  ['Ukrainian', 'Її подруга з’їла м’ясо'],
  ['Greek', 'Ασθενής Γιώργος Παπαδόπουλος, ΝΟΤΟΡ'],
  ['Hebrew with marks of direction', 'שלום\u200f עולם', 'שלום עולם'],
  ['Arabic', 'المريض محمد علي ١٢٣'],
  ['Persian with non-joiners', 'می\u200cخواهم کتاب\u200cها'],
  ['Hindi', 'रोगी क्\u200dष राम शर्मा'],
  ['Thai with word breaks', 'ผู้ป่วย\u200bสมชาย'],
  ['Chinese', '患者张三，三天前入院。', '患者张三,三天前入院。'],
  ['Japanese', '患者の山田太郎さん、カルテＡ', '患者の山田太郎さん、カルテA'],
  ['Japanese in half width', 'ｶﾙﾃ ｶﾞﾝ', 'カルテ ガン'],
  ['Korean', '환자 김철수 씨'],
  ['Armenian', 'Հիվանդ Արամ'],
  ['formulas', 'TNFα, IFNγ, γGT, NFκB, 5 μg, χ2 = 3, Δt, α-Fetoprotein'],
  ['emoji', '👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3 👍🏽 🇩🇪', '👨👩👧 ❤ 1 👍🏽 🇩🇪'],
  ['byte order mark', '\ufeffHello', 'Hello'],
  ['padding of a preheader', 'Sale! \u200c\xa0\u200c\xa0\u034f \u200c', 'Sale!    '],
  ['zero-width space behind a sign', 'https://\u200bexample.com/\u200bpath', 'https://example.com/path'],
  ['mathematics', 'x ≠ y =\u0338 z ≤ ∑', 'x ≠ y ≠ z ≤ ∑'],
  ['a Russian word in an English line', 'The word Привет means hello'],
];

await t.test('genuine text stays', async (t) => {
  for (const [name, text, seen = text] of GENUINE)
    t.strictSame(asSeen(text, []), { text: seen.normalize('NFC'), marks: [], disguised: 'no' }, name);
});

await t.test('marks keep their places', async (t) => {
  const seen = asSeen('J\u200bohn\tSm\xadith\t\u202e07-10-9791\u202c\tx', [
    { at: 0, field: 'A1' },
    { at: 6, field: 'B1' },
    { at: 13, field: 'C1' },
    { at: 26, field: 'D1' },
  ]);
  const ends = seen.marks.map(({ at, field }, i) => [field, seen.text.slice(at, seen.marks[i + 1]?.at).trim()]);
  t.strictSame(ends, [
    ['A1', 'John'],
    ['B1', 'Smith'],
    ['C1', '1979-01-70'],
    ['D1', 'x'],
  ]);
  const plain = [{ at: 1, field: 'A1' }];
  t.equal(asSeen('plain', plain).marks, plain, 'as they were where nothing changes');
});

await t.test('any text: once is enough, marks stay in order, nothing grows', async (t) => {
  const characters = fc.oneof(
    fc.constantFrom(...'Jn аο\u200b\u202e\u202c\u2067\u2069\u0336\xadＡ\n\u0301\u{1d400}\ufb01', '\ud800', '\udc00'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  );
  const text = fc.array(characters, { maxLength: 60 }).map((all) => all.join(''));
  fuzz(
    t,
    3_000,
    fc.property(text, fc.array(fc.nat(60), { maxLength: 4 }), (input, places) => {
      const marks = places
        .filter((at) => at <= input.length)
        .toSorted((a, b) => a - b)
        .map((at) => ({ at, field: 'A1' }));
      const seen = asSeen(input, marks);
      const places2 = seen.marks.map(({ at }) => at);
      if (seen.marks.length !== marks.length || places2.some((at, i) => at < (places2[i - 1] ?? 0) || at > seen.text.length)) return false;
      return seen.text.length <= input.length * 4 && asSeen(seen.text, []).text.length <= seen.text.length;
    }),
  );
});

await t.test('hostile text stays linear', async (t) => {
  const size = 300_000;
  const texts = [
    '\u202e',
    '\u202ea\u202c',
    '\u2067\u2066',
    'а',
    'аa',
    '\u0336',
    'a\u0301\u0302\u0303',
    'Ａ',
    '\u200b',
    'a\u200b',
    '\u2075',
    '\u202e\u2067a',
    'а\n',
  ];
  for (const unit of texts) {
    const { text } = asSeen(unit.repeat(size), []);
    t.ok(text.length <= size * unit.length, encodeURIComponent(unit));
  }
});
