// HTML of letters made safe: what attacks leave behind, what letters keep, and that nothing changes when it is looked at again.
import fc from 'fast-check';
import { type DefaultTreeAdapterMap, parseFragment } from 'parse5';
import t from 'tap';
import { LimitReached } from '../../../../src/mime/extract/extractor.ts';
import { HTML_LIMITS } from '../../../../src/mime/present/html/bounded-parse.ts';
import { safeHtml } from '../../../../src/mime/present/html/safe-html.ts';
import { fuzz } from '../../../support/fuzz.ts';
import { HTML_ATTACKS } from '../../../support/html-attacks.ts';
import { mutations } from '../../../support/mutations.ts';

const OWN = new Map([
  ['logo@clinic.example', '1.2'],
  ['a%b', '3'],
]);
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Elements, attributes and addresses, as a browser reads them: words may say anything. */
function toldOf(html: string): readonly string[] {
  const told: string[] = [];
  const waiting: DefaultTreeAdapterMap['node'][] = [parseFragment(html)];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ('childNodes' in node) waiting.push(...node.childNodes);
    if (node.nodeName === '#comment' || node.nodeName === '#documentType') told.push(node.nodeName);
    if (!('attrs' in node)) continue;
    told.push(String(node.namespaceURI) === 'http://www.w3.org/1999/xhtml' ? `<${node.tagName}>` : '<foreign>');
    for (const { name, value } of node.attrs) told.push(ADDRESSES.has(name) ? `${name}=${value}` : `${name}=`);
  }
  return told;
}

const ADDRESSES: ReadonlySet<string> = new Set(['href', 'src', 'data-remote', 'style']);

const ELEMENT =
  /^<(?:a|abbr|address|b|big|blockquote|br|caption|center|code|col|colgroup|dd|div|dt|em|font|h[1-6]|hr|i|img|li|ol|p|pre|q|s|span|strong|table|tbody|td|tfoot|th|thead|tr|u|ul)>$/;
const ATTRIBUTE =
  /^(?:(?:align|alt|bgcolor|border|cellpadding|cellspacing|color|colspan|dir|face|height|lang|nowrap|rel|rowspan|size|span|start|target|title|type|valign|width)=$|href=(?:https?:\/\/[^@]*$|mailto:|tel:)|src=(?:part:(?:1\.2|3)$|data:image\/(?:png|jpeg|gif|webp);base64,)|data-remote=https?:\/\/|style=(?!.*(?:url|expression|position|[\\@{}<]|\/\*)))/;

/** What no letter may have. */
function dangerIn(html: string): readonly string[] {
  return toldOf(html).filter((one) => !ELEMENT.test(one) && !ATTRIBUTE.test(one));
}

t.test('attacks leave nothing behind', (t) => {
  for (const [name, html] of HTML_ATTACKS) {
    const { html: safe } = safeHtml(html, OWN);
    t.same(dangerIn(safe), [], name);
    t.equal(safeHtml(safe, OWN).html, safe, `${name}: looked at again`);
  }
  t.end();
});

const CASES: readonly (readonly [name: string, html: string, safe: string])[] = [
  ['nothing', '', ''],
  ['words', 'Good morning', 'Good morning'],
  ['references', '&lt;b&gt; &amp; &copy;', '&#x3C;b> &#x26; ©'],
  ['paragraphs', '<p>One<p>Two', '<p>One</p><p>Two</p>'],
  ['a page', '<!doctype html><html><head><title>t</title><style>p{color:red}</style></head><body><p>x</p></body></html>', '<p>x</p>'],
  ['the look of a page', '<body bgcolor="#EEE" text=black><p>x</p></body>', '<div style="background-color: #eee"><p>x</p></div>'],
  [
    'the style of a page',
    '<body style="margin:0;font-family:Arial" dir=rtl>x</body>',
    '<div dir="rtl" style="margin: 0; font-family: Arial">x</div>',
  ],
  [
    'a table',
    '<table width=600 border=0 cellpadding=4><tr><td valign=top colspan=2>x</table>',
    '<table border="0" cellpadding="4" width="600"><tbody><tr><td colspan="2" valign="top">x</td></tr></tbody></table>',
  ],
  ['cells without a table', '<td>x</td><tr>y', 'xy'],
  [
    'widths in shares',
    '<table width="100%"><tr><td width=" 50% ">x</table>',
    '<table width="100%"><tbody><tr><td width="50%">x</td></tr></tbody></table>',
  ],
  [
    'too many columns',
    '<table><tr><td colspan=1000 rowspan=0>x</table>',
    '<table><tbody><tr><td colspan="100" rowspan="1">x</td></tr></tbody></table>',
  ],
  ['an old font', '<font color=red face="Segoe UI, Arial" size=+1>x</font>', '<font color="red" face="Segoe UI, Arial" size="4">x</font>'],
  ['a list', '<ol start=3 type=a><li>x</ol>', '<ol start="3" type="a"><li>x</li></ol>'],
  ['what Outlook adds', '<p class=MsoNormal><o:p>&nbsp;x</o:p></p>', '<p>\u00a0x</p>'],
  ['what Outlook says to Outlook', '<!--[if mso]><p>a</p><![endif]--><![if !mso]><p>b</p><![endif]>', '<p>b</p>'],
  ['what is not displayed', '<div style="display:none;max-height:0">preview</div><p hidden>x</p><p>y</p>', '<p>y</p>'],
  ['elements that are not kept', '<x-card><p>x</p></x-card><form><p>y</p></form>', '<p>x</p><p>y</p>'],
  [
    'a link',
    '<a href="https://clinic.example/a?b=1&amp;c=2" title=t>x</a>',
    '<a title="t" href="https://clinic.example/a?b=1&#x26;c=2" rel="noopener noreferrer nofollow" target="_blank">x</a>',
  ],
  [
    'a link to write',
    '<a href="mailto:a@b.example?subject=x">x</a>',
    '<a href="mailto:a@b.example?subject=x" rel="noopener noreferrer nofollow" target="_blank">x</a>',
  ],
  [
    'a link to call',
    '<a href="tel:+1-555-0100">x</a>',
    '<a href="tel:+1-555-0100" rel="noopener noreferrer nofollow" target="_blank">x</a>',
  ],
  ['a link inside the page', '<a href="#top">x</a><a name=top>y</a>', '<a>x</a><a>y</a>'],
  [
    'a name before the host',
    '<a href="https://clinic.example@evil.example/">x</a>',
    '<a href="https://evil.example/" rel="noopener noreferrer nofollow" target="_blank">x</a>',
  ],
  ['a picture of the message', '<img src="cid:logo@clinic.example" alt=Logo width=10>', '<img alt="Logo" width="10" src="part:1.2">'],
  [
    'a picture of the message, encoded',
    '<img src="CID:logo%40clinic.example"><img src="cid:a%b">',
    '<img src="part:1.2"><img src="part:3">',
  ],
  ['a picture that the message has not', '<img src="cid:other" alt="What was here"><img src="cid:other">', '<img alt="What was here">'],
  ['a place that is not ours', '<img src="part:9"><img src="part:../x">', ''],
  ['a picture from elsewhere', '<img src="http://a.example/b c.png" srcset="x 2x">', '<img data-remote="http://a.example/b%20c.png">'],
  ['one that only counts readers', '<img src="https://a.example/t" width=1 height=1>x', 'x'],
  ['a picture in the page', `<img src="data:image/PNG;base64, ${PNG}">`, `<img src="data:image/png;base64,${PNG}">`],
  ['a picture that says it is another', `<img src="data:image/gif;base64,${PNG}">`, `<img src="data:image/png;base64,${PNG}">`],
  ['a picture that is none', '<img src="data:image/png;base64,PHN2Zz4=">', ''],
  [
    'a picture that is too large',
    `<img src="data:image/png;base64,${Buffer.concat([Buffer.from(PNG, 'base64'), Buffer.alloc(70_000)]).toString('base64')}">`,
    '',
  ],
  ['preformatted text', '<pre>\n\n a\n  b</pre>', '<pre> a\n  b</pre>'],
  ['direction and language', '<p dir=RTL lang=ar>x</p>', '<p dir="RTL" lang="ar">x</p>'],
  ['a word turned around in a title', '<p title="a\u202eb\nc">x</p>', '<p title="a b c">x</p>'],
  ['noscript', '<p>a</p><noscript>x</noscript>y', '<p>a</p>y'],
  ['what follows a broken tag', '<p <b>x</b>', '<p>x</p>'],
];

t.test('letters', (t) => {
  for (const [name, html, safe] of CASES) {
    t.equal(safeHtml(html, OWN).html, safe, name);
    t.equal(safeHtml(safe, OWN).html, safe, `${name}: looked at again`);
  }
  t.end();
});

t.test('what is counted', (t) => {
  const remote = '<img src="https://a.example/1"><img src="//a.example/2"><p><img src="http://a.example/3" height=20></p>';
  t.match(safeHtml(remote, OWN), { remotePictures: 2, shown: [] });
  t.same(safeHtml('<img src="cid:logo@clinic.example"><img src="cid:logo@clinic.example"><img src=cid:a%b>', OWN).shown, ['1.2', '3']);
  t.same(safeHtml('<div style="display:none"><img src="cid:a%b"></div>', OWN).shown, [], 'not what is not displayed');
  t.end();
});

t.test('limits', (t) => {
  const cases: readonly (readonly [name: string, html: string])[] = [
    ['length', 'x'.repeat(HTML_LIMITS.length + 1)],
    ['depth', '<div>'.repeat(HTML_LIMITS.depth + 1)],
    ['depth without bound', '<div>'.repeat(200_000)],
    ['elements', '<br>'.repeat(HTML_LIMITS.elements + 1)],
    ['attributes', `<p ${Array.from({ length: HTML_LIMITS.attributes + 1 }, (_, i) => `a${i}`).join(' ')}>`],
    // Each paragraph opens all the open formatting again (HTML 13.2.4.3).
    ['formatting that multiplies', `<p>${Array.from({ length: 250 }, (_, i) => `<b a=${i}>`).join('')}${'</p><p>x'.repeat(5_000)}`],
    ['tables in tables', '<table><tr><td>'.repeat(2_000)],
  ];
  for (const [name, html] of cases) t.throws(() => safeHtml(html, OWN), LimitReached, name);
  t.doesNotThrow(() => safeHtml('<div>'.repeat(HTML_LIMITS.depth - 5), OWN), 'what is just within');
  t.end();
});

const PIECES = [
  ...[
    '<p>',
    '</p>',
    '<div>',
    '</div>',
    '<b>',
    '</b>',
    '<i>',
    '</i>',
    '<a href="https://a.example/">',
    '</a>',
    '<table>',
    '</table>',
    '<tr>',
    '<td>',
  ],
  ...[
    '</td>',
    '<caption>',
    '<col>',
    '<thead>',
    '<li>',
    '<ul>',
    '</ul>',
    '<pre>',
    '\n',
    '</pre>',
    '<h1>',
    '</h2>',
    '<center>',
    '<font size=3>',
  ],
  ...[
    '<nobr>',
    '<button>',
    '</button>',
    '<form>',
    '<select>',
    '<option>',
    '<svg>',
    '</svg>',
    '<math>',
    '<mtext>',
    '<mglyph>',
    '<style>',
    '</style>',
  ],
  ...[
    '<title>',
    '</title>',
    '<template>',
    '</template>',
    '<noscript>',
    '</noscript>',
    '<script>',
    '</script>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
  ],
  ...[
    '<img src=x onerror=alert(1)>',
    '<img src="https://a.example/x">',
    '&lt;',
    '&amp;',
    '&#13;',
    '&#0;',
    '"',
    "'",
    '>',
    '<',
    'x',
    ' ',
    '\0',
    '\r',
  ],
  ...[
    '<br>',
    '<hr>',
    '<body style="color:red">',
    '<html dir=rtl>',
    '<frameset>',
    '<dd>',
    '<dt>',
    '<address>',
    '<marquee>',
    '<object>',
    '<rb>',
    '<rt>',
  ],
  ...[
    '<p style="color:red;position:fixed">',
    '<q>',
    '</q>',
    '<plaintext>',
    '<xmp>',
    '<textarea>',
    '<isindex>',
    '<foreignObject>',
    '<desc>',
    '\ufeff',
  ],
] as const;

t.test('whatever is put together, nothing dangerous is left and nothing changes any more', (t) => {
  const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(''));
  fuzz(
    t,
    4_000,
    fc.property(soup, (html) => {
      const { html: safe } = safeHtml(html, OWN);
      return safeHtml(safe, OWN).html === safe && dangerIn(safe).length === 0;
    }),
  );
  t.end();
});

t.test('damaged attacks', (t) => {
  const all = Buffer.from(
    HTML_ATTACKS.slice(0, -1)
      .map(([, html]) => html)
      .join('\n'),
  );
  const odd: string[] = [];
  for (const copy of mutations(all, 120)) {
    const { html: safe } = safeHtml(copy.toString('latin1').slice(0, 40_000), OWN);
    odd.push(...dangerIn(safe));
    if (safeHtml(safe, OWN).html !== safe) odd.push('changes');
  }
  t.same(odd, []);
  t.end();
});
