// HTML: words come out as they are seen, whatever splits them; what is hidden comes out apart; odd and hostile pages cost no more than others.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import type { Area, Message } from '../../../src/mail/message.ts';
import { htmlExtractor } from '../../../src/mime/extract/html.ts';
import { textExtractor } from '../../../src/mime/extract/text.ts';
import { CHARSETS } from '../../support/charsets.ts';
import { readPart, textOf } from '../../support/read.ts';

const DATA = new URL('../../data/extract/html/', import.meta.url);

function read(html: string | Uint8Array, charset: string | null = 'utf-8'): Promise<Message> {
  const parameters = new Map(charset === null ? [] : [['charset', charset] as const]);
  return readPart(htmlExtractor, 'html', html, { parameters }, [htmlExtractor, textExtractor]);
}

function inArea({ spans }: Message, area: Area): string {
  return spans
    .filter(({ place }) => place.area === area)
    .map(({ text }) => text)
    .join('\n');
}

/** Each shows `John`. */
const SPLIT: readonly (readonly [by: string, html: string])[] = [
  ['inline markup', 'J<b>oh</b>n'],
  ['neighbouring spans', '<span>Jo</span><span>hn</span>'],
  ['an unknown element', 'J<x-y>oh</x-y>n'],
  ['a line break in a tag', 'Jo<b\n>hn</b\n>'],
  ['a place to break', 'Jo<wbr>hn'],
  ['a soft hyphen', 'Jo&shy;hn'],
  ['zero-width references', 'J&#8203;o&zwnj;h&zwj;n'],
  ['references', '&#74;&#x6f;&#0104;n'],
  ['references without semicolon', '&#74o&#104n'],
  ['a comment', 'J<!-- x -->ohn'],
  ['an empty comment', 'J<!-->o<!--->hn'],
  ['a comment that ends oddly', 'J<!-- x --!>ohn'],
  ['a bogus comment', 'J<!x>o<?y?>h</ z>n'],
  ['an empty end tag', 'Jo</>hn'],
  ['CDATA', 'J<![CDATA[x]]>ohn'],
  ['a picture', 'Jo<img src="cid:1">hn'],
  ['display:none', 'J<span style="display:none">xx</span>ohn'],
  ['display: none in capitals', 'J<span STYLE="DISPLAY : NONE !important">xx</span>ohn'],
  ['display:none with escapes', 'J<span style="display:n\\6f ne">xx</span>ohn'],
  ['display:none with a comment', 'J<span style="display:/**/none">xx</span>ohn'],
  ['display:none with references', 'J<span style="display&#58;none">xx</span>ohn'],
  ['a hidden block', 'J<div style="display:none">xx<p>y</p></div>ohn'],
  ['visibility', 'J<span style="visibility:hidden">xx</span>ohn'],
  ['size', 'J<span style="font-size:0">xx</span>o<span style="font-size:1px">y</span>h<font style="font:0/0 a">z</font>n'],
  ['opacity', 'J<span style="opacity:0">xx</span>o<span style="opacity:.01">y</span>hn'],
  ['colour', 'J<span style="color:#fff">xx</span>o<font color=white>y</font>hn'],
  ['colour on colour', '<div style="background:#123456">J<span style="color:rgb(18,52,87)">xx</span>ohn</div>'],
  ['no colour', 'J<span style="color:transparent">xx</span>o<span style="color:rgba(1,2,3,0)">y</span>hn'],
  ['the hidden attribute', 'J<span hidden>xx</span>ohn'],
  ['out of the screen', 'J<span style="position:absolute;left:-9999px">xx</span>o<span style="text-indent:-999em">y</span>hn'],
  ['clipping', 'J<span style="max-height:0;overflow:hidden">xx</span>o<i style="clip:rect(0 0 0 0)">y</i>hn'],
  ['mso-hide', 'J<span style="mso-hide:all">xx</span>ohn'],
  ['a class', '<style>.x{display:none}</style>J<i class="a x">zz</i>ohn'],
  ['a class at the end of the page', 'J<i class="x">zz</i>ohn<style>.x{display:none}</style>'],
  ['an id', '<style>@media screen { #x , p#y { font-size : 0px } }</style>J<i id=x>zz</i>ohn'],
  ['a class below another', '<style>/* } */ div .x{display:none}</style><div>J<i class=x>zz</i>ohn</div>'],
  ['a template', 'J<template>xx</template>ohn'],
  ['a script', 'J<script>document.write("<b>xx</b>")</script>ohn'],
  ['a style sheet', 'J<style>b{color:red}</style>ohn'],
  ['direction', '<bdo dir=rtl>nhoJ</bdo>'],
  ['direction over markup and lines', '<bdo dir="rtl">x<br>nh<b>oJ</b></bdo>'],
  ['direction by style', '<span style="direction:rtl;unicode-bidi:bidi-override">nhoJ</span>'],
  ['direction by class', '<style>.r{unicode-bidi:bidi-override;direction:rtl}</style><p class=r>nhoJ</p>'],
  ['isolates', '<span dir=rtl><span dir=ltr>hn</span><span dir=ltr>Jo</span></span>'],
  ['blocks in a line', '<div style="display:inline">Jo</div><div style="display:inline-block">hn</div>'],
  ['floating blocks', '<div style="float:left">Jo</div><div style="float:left">hn</div>'],
  ['look-alikes', 'J&#1086;hn'],
  ['SVG', '<svg><text>J<tspan>ohn</tspan></text></svg>'],
  ['XHTML', '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body><p>J<b/>ohn</p></body></html>'],
  ['attributes without end', '<p a=">" b=\'>\' c=d/e>John'],
  ['a slash', '<b/x>Jo</b/y>hn'],
];

await t.test('a word split is found', async (t) => {
  for (const [by, html] of SPLIT) t.match(inArea(await read(html), 'text'), /\bJohn$/m, by);
});

const SHOWN: readonly (readonly [name: string, html: string, text: string])[] = [
  ['blocks and lines', 'a<br>b<p>c<p>d</p><div>e<div>f</div></div>g<hr>h', 'a\nb\nc\nd\ne\nf\ng\nh'],
  ['white space', '  a \n\t b <b> c </b>d ', 'a b c d'],
  ['no-break spaces', 'a&nbsp;&nbsp;b', 'a  b'],
  ['lists', '<ul><li>a<li>b<ul><li>c</ul></ul><dl><dt>d<dd>e</dl>', 'a\nb\nc\nd\ne'],
  [
    'tables',
    '<table><tr><th>Name<th>MRN<tr><td><p>John</p><td>12<tr><td>x</td><td></td><td>y</td></tr></table>z',
    'Name\tMRN\nJohn\t12\nx\t\ty\nz',
  ],
  ['preformatted', '<pre>a\n  b</pre>c  d', 'a\n  b\nc d'],
  ['preformatted by style', '<p style="white-space:pre-wrap">a\n  b</p>', 'a\n  b'],
  ['headings and quotes', '<h1>a</h1>b<blockquote>c</blockquote>', 'a\nb\nc'],
  [
    'references',
    '&lt;b&gt; &amp &notit; &copy=1 &bogus; &#0; &#x110000; &#150; &CounterClockwiseContourIntegral;',
    '<b> & ¬it; ©=1 &bogus; \ufffd \ufffd – ∳',
  ],
  ['signs that are no tags', '5 < 6 <<b>x</b> <3 </', '5 < 6 <x <3 </'],
  ['an end that hides no more', '<p hidden>x<p>a<table><tr style="display:none"><td>y<tr><td>b</table>', 'a\nb'],
  ['sizes set back', '<div style="font-size:0">x<span style="font-size:12px">a</span></div>', 'a'],
  ['visibility set back', '<div style="visibility:hidden">x<b style="visibility:visible">a</b></div>', 'a'],
  [
    'white on a dark ground',
    '<td bgcolor="#000"><a style="color:#fff">a</a></td><td style="background:url(x) #fff"><a style="color:#fff">b</a>',
    'a\tb',
  ],
  ['what only small screens hide', '<style>@media (max-width:600px){.m{display:none}}</style><p class=m>a</p>', 'a'],
  ['for all but Outlook', '<!--[if !mso]><!-->a<!--<![endif]--> <![if !mso]>b<![endif]>', 'a b'],
  ['for Outlook', '<!--[if gte mso 9]><p>J<b>oh</b>n</p><![endif]-->', 'John'],
  ['bold in a direction that is usual', '<div dir="ltr">a <b dir="ltr">b</b></div><div dir="rtl">שלום</div>', 'a b\nשלום'],
];

await t.test('text as it is laid out', async (t) => {
  for (const [name, html, text] of SHOWN) {
    const message = await read(html);
    t.equal(inArea(message, 'text'), text, name);
    t.strictSame(message.blindSpots, [], name);
  }
});

const APART: readonly (readonly [name: string, html: string, area: Area, text: string | RegExp])[] = [
  ['comments', 'a<!-- note -->b<!---->', 'comment', 'note'],
  ['alternatives', '<img alt="scan" title="tip"><a aria-label="label">x</a>', 'alternative', 'scan\ntip\nlabel'],
  ['a word across a picture', 'J<img alt="oh">n', 'hidden', 'John'],
  ['a word across what is hidden', 'J<i style="display:none">oh</i>n', 'hidden', /^John$/m],
  ['a word across what Outlook shows', 'J<!--[if mso]>oh<![endif]-->n', 'hidden', /^John$/m],
  ['boxes of a form', '<table><tr><td>1<td>2<td>3<td>4</table>', 'hidden', '1234'],
  [
    'forms',
    '<input value="John" placeholder="name"><textarea>T &amp; <b></textarea><button value=v>',
    'form-field',
    'John\nname\nv\nT & <b>'.split('\n').toSorted().join('\n'),
  ],
  ['properties', '<title>Referral &amp; more</title><meta name=description content="of John">', 'property', 'Referral & more\nof John'],
  [
    'links',
    '<a href="?a=1&copy=2&amp;b">x</a><img src=cid:1><form action="/f"><a href=cid:1>y</a><img srcset="a.png 1x, b.png 2x">',
    'link',
    '?a=1&copy=2&b\ncid:1\n/f\na.png 1x\nb.png 2x',
  ],
  ['links with percents', '<a href="mailto:j@x?subject=J%6Fhn">x</a>', 'link', 'mailto:j@x?subject=J%6Fhn\nmailto:j@x?subject=John'],
  ['scripts', '<script>var a = "John"</script>', 'hidden', 'var a = "John"'],
  ['style sheets', '<style>p::before{content:"John"}</style>', 'hidden', 'p::before{content:"John"}'],
  ['what scripts replace', '<noscript>John</noscript>', 'hidden', 'John'],
  ['attributes of no use', '<p data-x="John Smith" class="John" onclick="say(1)">', 'hidden', 'John Smith\nsay(1)'],
  ['a comment without end', '<!-- x J<b>oh</b>n', 'hidden', 'x John'],
  ['a tag without end', '<a href="x>J<b>oh</b>n', 'hidden', 'John'],
  ['a title without end', '<title>J<b>oh</b>n', 'hidden', 'John'],
  ['frames', '<iframe>J<b>oh</b>n</iframe>', 'hidden', 'John'],
];

await t.test('what is no text comes out apart', async (t) => {
  for (const [name, html, area, text] of APART) {
    const found = inArea(await read(html), area);
    if (typeof text !== 'string') t.match(found, text, name);
    else t.equal(area === 'form-field' ? found.split('\n').toSorted().join('\n') : found, text, name);
  }
});

await t.test('files in links', async (t) => {
  const message = await read(
    `<img src="data:text/plain;base64,Sm9obg=="><a href="data:,J%6fhn%20S">x</a><p style="background:url('data:text/html,<p>J<b>im</b>')">
     <style>a{background:url(data:text/plain;charset=iso-8859-1,J%F6rg)}</style><img src="data:text/plain;base64,Sm9obg==">
     <iframe srcdoc="&lt;p&gt;J&lt;b&gt;oe&lt;/b&gt;"></iframe><img src="data:nothing">`,
  );
  t.strictSame(
    message.parts
      .slice(1)
      .map(({ path, kind, role }) => [path, kind, role, textOf({ ...message, spans: message.spans.filter(({ part }) => part === path) })]),
    [
      ['1', 'text', 'inline', 'John'],
      ['2', 'text', 'inline', 'John S'],
      ['3', 'html', 'inline', 'Jim'],
      ['4', 'text', 'inline', 'Jörg'],
      ['5', 'html', 'inline', 'Joe'],
    ],
  );
});

await t.test('charsets', async (t) => {
  for (const { made, declared, sentence } of CHARSETS.filter(({ made }) => made !== 'iso-2022-cn')) {
    const html = `<p>${[...sentence].map((character, i) => (i === 3 ? `<b>${character}</b>` : character)).join('')}</p>`;
    const bytes = execFileSync('iconv', ['-f', 'utf-8', '-t', made], { input: html });
    const read1 = await read(bytes, declared);
    t.strictSame(
      [inArea(read1, 'text').normalize('NFC'), read1.defects],
      [sentence.replace('，', ',').normalize('NFC'), []],
      `${made} as ${declared}`,
    );
    if (/^(?:utf-|ucs)/.test(made)) continue;
    const within = Buffer.concat([Buffer.from(`<meta http-equiv=Content-Type content="text/html; charset=${declared}">`), bytes]);
    t.equal(inArea(await read(within, null), 'text'), sentence, `${declared} in the page`);
  }
  const two = await read('<meta charset=iso-8859-1><p>Jörg</p><p>plain</p>');
  t.strictSame([inArea(two, 'text'), inArea(two, 'hidden')], ['Jörg\nplain', 'JÃ¶rg'], 'two that differ');
  t.strictSame(two.defects, [{ part: '', code: 'charset-wrong' }]);
  t.strictSame((await read('<meta charset=iso-8859-1>plain')).defects, [], 'two that make no difference');
  t.strictSame(
    (await read('<meta charset=utf-16>Jörg', null)).spans.map(({ text }) => text),
    ['Jörg'],
    'one that cannot be',
  );
  const utf7 = await read('<meta charset=utf-7>+ADw-b+AD4-J+ADw-/b+AD4-ohn', 'us-ascii');
  t.match(textOf(utf7), /^John$/m, 'markup in UTF-7');
});

await t.test('pages by real programs', async (t) => {
  for (const file of ['groff.html', 'markdown.html']) {
    const message = await read(readFileSync(new URL(file, DATA)));
    t.match(inArea(message, 'text'), /John Smith, born 1970-01-31/, file);
    t.strictSame([message.defects, message.blindSpots], [[], []], file);
  }
});

/** Each would be slow or deep for a reader that is not linear, does not count, or calls itself. */
const HOSTILE: readonly (readonly [name: string, unit: string, head?: string])[] = [
  ['blocks', '<div>'],
  ['inline elements', '<b>'],
  ['end tags', '</b>'],
  ['end tags beyond a block', '</x>', `<x><div>${'<i>'.repeat(50_000)}`],
  ['cells', '<td>', '<table>'],
  ['paragraphs', '<p>'],
  ['items', '<li>'],
  ['comments', '<!--'],
  ['odd comments', '<!-->'],
  ['signs', '<'],
  ['references', '&'],
  ['a long reference', 'a', '&'],
  ['unfinished references', '&#'],
  ['quotes', '<p a="'],
  ['attributes', ' a', '<p'],
  ['attributes of one name', ' a=b', '<p'],
  ['a long value', 'x', '<p title="'],
  ['style sheets', '<style>.a{'],
  ['rules', '.a{color:red}', '<style>'],
  ['blocks of rules', '@x{', '<style>'],
  ['scripts', '<script>'],
  ['titles', '<title>x</title>'],
  ['asides', '<!--[if mso]>x<![endif]-->'],
  ['asides without end', '<!--[if mso]>x'],
  ['overrides', '<bdo dir=rtl>a<br>'],
  ['pictures', '<img alt=x>'],
  ['hidden pieces', '<p>a<i hidden>b</i>'],
  ['links', '<a href="data:,x">'],
  ['options', '<option>x'],
  ['declarations', ';color:red', '<p style="'],
  ['files in styles', 'data:', '<p style="'],
];

await t.test('hostile pages', async (t) => {
  for (const [name, unit, head = ''] of HOSTILE) {
    const html = head + unit.repeat(200_000);
    const message = await read(html);
    t.strictSame(
      message.blindSpots.filter(({ kind }) => kind !== 'too-large'),
      [],
      name,
    );
    const length = message.spans.reduce((sum, { text }) => sum + text.length, 0);
    t.ok(
      length <= html.length * 4 + 1_000 && message.spans.length < 3_000,
      `${name}: ${length} of ${html.length} in ${message.spans.length} spans`,
    );
  }
  const attributes = `<p ${Array.from({ length: 300_000 }, (_, i) => `a${i}=x`).join(' ')}>John`;
  t.equal(inArea(await read(attributes), 'text'), 'John', 'many attributes');
  const references = Array.from({ length: 50_000 }, (_, i) => `&b${i};`).join('');
  t.equal(inArea(await read(references), 'text').replaceAll('\n', '').length, references.length, 'many unknown references');
  const inner = await read(Array.from({ length: 5_000 }, (_, i) => `<img src="data:,x${i}">`).join(''));
  t.ok(inner.parts.length < 1_000, `${inner.parts.length} parts`);
});

await t.test('limits go through', async (t) => {
  const message = await readPart(htmlExtractor, 'html', '<p>word</p>'.repeat(100_000), {}, [], { limits: { textLength: 100_000 } });
  t.strictSame(message.blindSpots, [{ part: '', kind: 'too-large' }]);
  t.ok(message.spans.length > 0, 'what came before stays');
});

await t.test('any page', async (t) => {
  const pieces = fc.constantFrom(
    ...[
      '<',
      '>',
      '"',
      "'",
      '/',
      '=',
      '!',
      '--',
      '&',
      '#',
      ';',
      ' ',
      '\n',
      '\0',
      'a',
      'é',
      '{',
      '}',
      '<p',
      '<b>',
      '</b>',
      '<td>',
      '<tr>',
      '<!--',
      '-->',
    ],
    ...[
      '<style>',
      '</style>',
      '.a{display:none}',
      ' class=a',
      ' style="',
      'display:none',
      'font-size:0',
      '<script>',
      '<title>',
      '<bdo dir=rtl>',
    ],
    ...[
      '<!--[if mso]>',
      '<![endif]-->',
      ' hidden',
      '<svg>',
      '/>',
      '<![CDATA[',
      ']]>',
      '&amp',
      '&#x41;',
      'data:,x',
      ' src=',
      '\u202e',
      '<pre>',
      '<plaintext>',
    ],
  );
  const fixture = readFileSync(new URL('markdown.html', DATA), 'utf8');
  const page = fc.oneof(
    fc.array(pieces, { maxLength: 80 }).map((all) => all.join('')),
    fc
      .tuple(fc.nat(fixture.length), fc.nat(40), fc.array(pieces, { maxLength: 5 }))
      .map(([at, cut, put]) => fixture.slice(0, at) + put.join('') + fixture.slice(at + cut)),
  );
  const pages = fc.sample(page, { seed: 20261122, numRuns: 1_500 });
  const broken: string[] = [];
  for (const html of pages) {
    const message = await read(html);
    const length = message.spans.reduce((sum, { text }) => sum + text.length, 0);
    if (message.blindSpots.some(({ kind, part }) => part === '' && kind === 'broken') || length > html.length * 20 + 200) broken.push(html);
  }
  t.strictSame(broken, []);
});
