// Styles of letters: what a declaration may say, value by value, and what none may.
import fc from 'fast-check';
import t from 'tap';
import { isColour, isFontFamily, safeStyle } from '../../../../src/mime/present/html/safe-style.ts';
import { fuzz } from '../../../support/fuzz.ts';

const KEPT: readonly (readonly [style: string, css: string])[] = [
  ['color:red', 'color: red'],
  ['COLOR : #FF0000 ;', 'color: #ff0000'],
  ['color:rgb(1, 2, 3)', 'color: rgb(1, 2, 3)'],
  ['color:rgba(1 2 3 / 50%)', 'color: rgba(1 2 3 / 50%)'],
  ['background:#fff', 'background-color: #fff'],
  ['background-color:transparent !important', 'background-color: transparent'],
  ['color:red;color:blue', 'color: blue'],
  ['color:red;width:10px;color:blue', 'width: 10px; color: blue'],
  ['/* a */color:/* b */red', 'color: red'],
  ['font-weight:700;font-style:italic', 'font-weight: 700; font-style: italic'],
  ['font-family:"Segoe UI", Arial,sans-serif', "font-family: 'Segoe UI', Arial,sans-serif"],
  ['font-size:11.0pt;line-height:1.5', 'font-size: 11.0pt; line-height: 1.5'],
  ['font-size:120%;line-height:140%', 'font-size: 120%; line-height: 140%'],
  ['text-decoration:underline;text-align:CENTER', 'text-decoration: underline; text-align: center'],
  ['padding:0 5.4pt 0 5.4pt', 'padding: 0 5.4pt 0 5.4pt'],
  ['margin:0 auto', 'margin: 0 auto'],
  ['margin-left:.5in', 'margin-left: .5in'],
  ['border:1px solid #ccc', 'border: 1px solid #ccc'],
  ['border-bottom:solid windowtext 1.0pt', 'border-bottom: solid windowtext 1.0pt'],
  ['border-collapse:collapse;border-radius:4px', 'border-collapse: collapse; border-radius: 4px'],
  ['width:100%;max-width:600px;height:auto', 'width: 100%; max-width: 600px; height: auto'],
  ['white-space:pre-wrap;vertical-align:top', 'white-space: pre-wrap; vertical-align: top'],
];

t.test('kept', (t) => {
  for (const [style, css] of KEPT) {
    t.equal(safeStyle(style).css, css, style);
    t.equal(safeStyle(css).css, css, `${style}: looked at again`);
  }
  t.end();
});

const DROPPED: readonly string[] = [
  'position:fixed',
  'position:absolute;top:0;left:0',
  'z-index:99',
  'float:left',
  'transform:scale(9)',
  'opacity:0',
  'visibility:hidden',
  'overflow:hidden',
  'content:"x"',
  'cursor:pointer',
  'animation:x 1s',
  'background:url(https://evil.example/x)',
  'background:red url(x)',
  'background-image:url(x)',
  'list-style:url(x)',
  'list-style-type:url(x)',
  'border-image:url(x)',
  'color:url(x)',
  'color:expression(alert(1))',
  'color:r\\65 d',
  'width:calc(100% + 9999px)',
  'width:expression(alert(1))',
  'width:-1px',
  'width:99999px',
  'width:101%',
  'width:3000px',
  'width:10',
  'width:10vw',
  'height:1e9px',
  'margin:-5px',
  'margin-left:-9999px',
  'margin:1px 2px 3px 4px 5px',
  'padding:500px',
  'border:100px solid red',
  'border-width:1px 2px 99px',
  'font-size:0',
  'font-size:1px',
  'font-size:500px',
  'font-size:5%',
  'line-height:0',
  'line-height:99',
  'text-align:url(x)',
  'font-family:url(x)',
  "font-family:'a",
  'font-family:a}',
  'font-family:expression(x)',
  'font:12px/0 Arial',
  '--x:red',
  'color:var(--x)',
  'color:attr(title)',
  'behavior:url(#x)',
  '-moz-binding:url(x)',
  'filter:blur(1px)',
  'mso-style-name:x',
  'display:block',
  '@import "x"',
  'color:red}*{color:blue',
  'color:red</style>',
  'constructor:red',
  '__proto__:red',
  'toString:red',
  'color',
  ':red',
  ';;;',
  '',
];

t.test('dropped', (t) => {
  for (const style of DROPPED) t.equal(safeStyle(style).css, '', style);
  for (const style of DROPPED)
    t.equal(
      safeStyle(`color:red;${style};width:5px`).css.replace(/^color: red; width: 5px$|^width: 5px; color: .*$/, ''),
      '',
      `between others: ${style}`,
    );
  t.end();
});

t.test('what is not displayed', (t) => {
  for (const style of ['display:none', 'DISPLAY: None', 'color:red;display:none!important', 'display:block;display:none']) {
    t.equal(safeStyle(style).display, 'none', style);
  }
  for (const style of ['display:block', 'display:none;display:inline', 'displays:none', 'color:none']) {
    t.equal(safeStyle(style).display, 'shown', style);
  }
  t.end();
});

t.test('colours and fonts', (t) => {
  t.same(
    ['red', '#abc', '#aabbccdd', 'hsl(1, 2%, 3%)', 'HSLA(1,2%,3%,.5)'].filter((one) => !isColour(one)),
    [],
  );
  t.same(['', '#ab', '#abcde', 'url(x)', 'rgb(url(x))', 'red blue', 'expression(1)', 'rgb(1,2,3', 'x'.repeat(30)].filter(isColour), []);
  t.same(
    ['Arial', "'Segoe UI', Arial", '"ＭＳ Ｐゴシック"', 'Times New Roman,serif'].filter((one) => !isFontFamily(one)),
    [],
  );
  t.same(['', ',', "'a", 'a;b', 'a(b)', 'a/*', 'a\\62', 'url(x)', `${'a,'.repeat(200)}b`].filter(isFontFamily), []);
  t.end();
});

t.test('more than a letter says', (t) => {
  t.equal(safeStyle('color:red;'.repeat(100_000)).css, 'color: red');
  t.equal(safeStyle(`${' '.repeat(10_000)}color:red`).css, '');
  t.end();
});

t.test('any style: nothing that reaches out, and the same when looked at again', (t) => {
  const piece = fc.constantFrom(
    'color',
    'width',
    'border',
    'font-family',
    ':',
    ';',
    'red',
    '1px',
    '10%',
    'url(x)',
    '(',
    ')',
    '"',
    "'",
    '\\',
    '/*',
    '*/',
    '-',
    ' ',
    '@',
    '{',
    '}',
    'é',
    ',',
    '#fff',
    '!important',
    '\0',
    '\n',
    'expression',
  );
  fuzz(
    t,
    4_000,
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      const { css } = safeStyle(pieces.join(''));
      return safeStyle(css).css === css && !/[\\@{}<>"]|\/\*|url|\((?![\d., %/]*\))/.test(css);
    }),
  );
  t.end();
});
