// Tags out of subjects: at either end, behind Re: and Fwd:, in encoded words; nothing else changes.
import fc from 'fast-check';
import t from 'tap';
import { readFieldText } from '../../src/mime/field-text.ts';
import { encodedWords } from '../../src/mime/field-writing.ts';
import { subjectWithoutTags } from '../../src/mime/subject-tags.ts';
import { fuzz } from '../support/fuzz.ts';

const TAGS = ['[secure]', '(secure)', '{secure}', '#secure', 'secure:'];

const strip = (value: string, tags: readonly string[] = TAGS): string | null => subjectWithoutTags(Buffer.from(` ${value}\r\n`), tags);
/** As a reader shows it. */
const shown = (value: string | null): string | undefined =>
  value === null ? undefined : readFieldText(Buffer.from(value, 'latin1')).readings[0];

await t.test('plain', async (t) => {
  const table: readonly (readonly [subject: string, left: string | null])[] = [
    ['[secure] Results', 'Results'],
    ['Results [secure]', 'Results'],
    ['[SECURE] Results', 'Results'],
    ['[sEcUrE]Results', 'Results'],
    ['(secure) Results', 'Results'],
    ['Results {Secure}', 'Results'],
    ['#secure Results', 'Results'],
    ['Results #SECURE', 'Results'],
    ['secure: Results', 'Results'],
    ['Secure:Results', 'Results'],
    ['Re: [secure] Results', 'Re: Results'],
    ['RE:FWD: [secure] Results', 'RE:FWD: Results'],
    ['[secure] Re: [secure] Aw: (secure) Results', 'Re: Aw: Results'],
    ['Fwd: secure: Results', 'Fwd: Results'],
    ['Re[2]: [secure] Results', 'Re[2]: Results'],
    ['RE[12]: Fwd[3]: [secure] Results', 'RE[12]: Fwd[3]: Results'],
    ['Re(2): (secure) Results', 'Re(2): Results'],
    ['Re^2: #secure Results', 'Re^2: Results'],
    ['Antw[2]: [secure] Results', 'Antw[2]: Results'],
    ['Re [2]: secure: Results', 'Re [2]: Results'],
    ['[secure] Re[2]: [secure] Results', 'Re[2]: Results'],
    ['Rep : [secure] Results', 'Rep : Results'],
    ['Re[2]: Results', null],
    ['#x[secure]y', '#x y'],
    ['[urgent] [secure] Results', '[urgent] Results'],
    ['Results [secure] [urgent]', 'Results [urgent]'],
    ['[secure] Results [secure] #secure', 'Results'],
    ['[secure]', ''],
    ['Re: [secure]', 'Re:'],
    ['[secure] [secure]', ''],
    ['Results', null],
    ['Our [secure] portal', null],
    ['Results [secured]', null],
    ['#secured Results', null],
    ['insecure: Results', null],
    ['Results secure:', null],
    ['Results (secure', null],
    ['secure Results', null],
    ['', null],
    ['[secure]  two  spaces  stay', 'two  spaces  stay'],
    ['[secure] Results =?', 'Results =?'],
  ];
  for (const [subject, left] of table) t.equal(strip(subject), left, subject);
  t.equal(strip('[secure] Results', []), null, 'no tags to strip');
  t.equal(strip('[secure] Results', ['[Secure]']), 'Results', 'however the policy spells it');
  t.equal(strip('(secure) Results', ['[secure]']), null, 'only what was asked');
  t.equal(strip('[geheim-ü] Grüße', ['[geheim-ü]']), Buffer.from('Grüße').toString('latin1'), 'raw UTF-8 stays raw');
  t.equal(strip('[secure]\r\n Results of\r\n\ttoday'), 'Results of\ttoday', 'unfolded');
});

await t.test('octets that are no UTF-8 stay', async (t) => {
  const latin = Buffer.from(' [secure] Gr\xfc\xdfe \xa0\r\n', 'latin1');
  t.equal(subjectWithoutTags(latin, TAGS), 'Gr\xfc\xdfe \xa0');
});

await t.test('encoded words', async (t) => {
  const q = (text: string): string => `=?utf-8?Q?${text}?=`;
  const table: readonly (readonly [name: string, subject: string, left: string | null])[] = [
    ['tag outside: the words stay as they were', `[secure] ${q('Gr=C3=BC=C3=9Fe')}`, q('Gr=C3=BC=C3=9Fe')],
    ['tag outside at the end', `${q('Gr=C3=BC=C3=9Fe')} [secure]`, q('Gr=C3=BC=C3=9Fe')],
    ['tag inside, rest is ASCII', q('[secure]_Results'), 'Results'],
    ['tag inside, rest is not', q('[secure]_Gr=C3=BC=C3=9Fe'), encodedWords('Grüße')],
    ['behind Re[2]:', `Re[2]: ${q('[secure]_Gr=C3=BC=C3=9Fe')}`, encodedWords('Re[2]: Grüße')],
    ['behind a wide colon', q('=E5=9B=9E=E5=A4=8D=EF=BC=9A[secure]_Results'), encodedWords('回复：Results')],
    ['behind Re:', `Re: ${q('=5BSecure=5D_Gr=C3=BC=C3=9Fe')}`, encodedWords('Re: Grüße')],
    ['over two words', `${q('[sec')} ${q('ure]_Results')}`, 'Results'],
    ['in base64', `=?UTF-8?B?${Buffer.from('Results #secure').toString('base64')}?=`, 'Results'],
    ['in another charset', '=?iso-8859-1?Q?[secure]_Gr=FC=DFe?=', encodedWords('Grüße')],
    ['inside and outside', `[secure] ${q('Results_[secure]')}`, 'Results'],
    ['nothing to strip', q('Gr=C3=BC=C3=9Fe'), null],
    ['a line end in a word stays in one', q('[secure]_a=0D=0ABcc:_x@y'), encodedWords('a\r\nBcc: x@y')],
    ['what looks like a word in a word', q('[secure]_=3D=3Futf-8=3FQ=3Fa=3F=3D'), encodedWords('=?utf-8?Q?a?=')],
    ['cut off: readers differ, it stays', '=?utf-8?Q?[secure]_Gr=C3=BC', null],
    ['white space in a word: readers differ', '=?utf-8?Q?[secure] Results?=', null],
  ];
  for (const [name, subject, left] of table) t.equal(strip(subject), left, name);
});

await t.test('any subject: what is left has no tag at an end and lost nothing else', async (t) => {
  const piece = fc.constantFrom(
    ...TAGS,
    '[SECURE]',
    '[other]',
    'Re: ',
    'Re[2]: ',
    'Fwd:',
    ' ',
    'word',
    'Grüße ',
    '#x',
    '(a)',
    '漢字',
    '  ',
    '[',
    ']',
    '=?',
  );
  const subject = fc.tuple(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    fc.constantFrom('raw', 'encoded', 'half'),
  );
  fuzz(
    t,
    3_000,
    fc.property(subject, ([text, how]) => {
      const half = Math.floor(text.length / 2);
      const given =
        how === 'raw' ? text : how === 'encoded' ? encodedWords(text) : `${text.slice(0, half)} ${encodedWords(text.slice(half))}`;
      const before = shown(Buffer.from(given).toString('latin1')) ?? '';
      const left = strip(given);
      if (left === null) return true;
      const after = shown(left) ?? '';
      const bare = (one: string): string => one.replace(/\[secure\]|\(secure\)|\{secure\}|#secure|secure:|\s/gi, '');
      return after.length < before.length && bare(after) === bare(before) && strip(Buffer.from(left, 'latin1').toString()) === null;
    }),
  );
});

await t.test('long ones', async (t) => {
  t.equal(strip('[secure] '.repeat(900)), '');
  t.equal(strip('[secure] '.repeat(2_000)), null, 'no subject that anybody reads');
});
