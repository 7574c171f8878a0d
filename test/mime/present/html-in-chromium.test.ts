// What was made safe, in a real browser with scripts allowed: so that it is the sanitiser that is proved and not the frame around it. Nothing runs,
// nothing is asked for, and the browser's own tree holds nothing but what a letter may have.
import { readFileSync } from 'node:fs';
import { parse, serialize } from 'parse5';
import type { Page } from 'playwright-core';
import t from 'tap';
import { attributesOf, isKept } from '../../../src/mime/present/html/kept-elements.ts';
import { safeHtml } from '../../../src/mime/present/html/safe-html.ts';
import { watchedPage } from '../../support/chromium.ts';
import { type Attack, HTML_ATTACKS } from '../../support/html-attacks.ts';

const OWN = new Map([['logo@clinic.example', '2']]);
const BATCH = 20;

/** Run by the browser, so that it is text here: each page in a frame of its own. */
const OPEN_FRAMES = `(all) => {
  const frames = all.map((html) => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts allow-modals allow-popups allow-forms allow-top-navigation');
    // All of them within sight: what is out of it may not be drawn.
    frame.style = 'width: 90px; height: 60px; float: left';
    frame.srcdoc = '<!DOCTYPE html><html><head></head><body>' + html + '</body></html>';
    return frame;
  });
  const loaded = frames.map((frame) => new Promise((resolve) => frame.addEventListener('load', resolve, { once: true })));
  document.body.append(...frames);
  return Promise.all(loaded).then(() => undefined);
}`;

/** What would run when the mouse goes over it or the like does so now; what waits for the next frame has its turn. */
const STIR = `(async () => {
  for (const element of document.body.querySelectorAll('*')) {
    for (const kind of ['mouseover', 'focus', 'pointerenter', 'load', 'error', 'toggle']) element.dispatchEvent(new Event(kind));
  }
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return document.body.innerHTML;
})()`;

const LOOK = `Array.from(document.body.querySelectorAll('*')).flatMap((element) => [
  '<' + (element.namespaceURI === 'http://www.w3.org/1999/xhtml' ? element.localName : 'foreign') + '>',
  ...Array.from(element.attributes, ({ name }) => element.localName + ' ' + name),
  ...(element.localName === 'a' && element.href !== '' ? ['to ' + element.protocol] : []),
  ...(element.localName === 'img' && element.src !== '' ? ['picture ' + element.src.slice(0, 11)] : []),
])`;

/** Gives the tree that the browser made of each page. */
async function show(page: Page, pages: readonly string[]): Promise<readonly string[]> {
  await page.goto('about:blank');
  await page.evaluate(`(${OPEN_FRAMES})(${JSON.stringify(pages)})`);
  const trees: string[] = [];
  for (const frame of page.frames().slice(1)) trees.push(String(await frame.evaluate(STIR).catch(() => 'gone')));
  return trees;
}

/** Elements, attributes and addresses as the browser has them. */
async function told(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const frame of page.frames().slice(1)) {
    const list: unknown = await frame.evaluate(LOOK);
    if (Array.isArray(list)) found.push(...list.map(String));
  }
  return [...new Set(found)];
}

/** The tree, however characters were written. */
function treeOf(html: string): string {
  return serialize(parse(`<!DOCTYPE html><body>${html}`));
}

function batches(attacks: readonly Attack[]): readonly (readonly Attack[])[] {
  return Array.from({ length: Math.ceil(attacks.length / BATCH) }, (_, i) => attacks.slice(i * BATCH, (i + 1) * BATCH));
}

t.test('a browser that is watched: without a sanitiser the attacks do what they say', async (t) => {
  const { page, done, asked } = await watchedPage(t);
  await show(page, ['<script>alert(1)</script>', '<a onmouseover=alert(2)>x</a>']);
  t.same(done.toSorted(), ['dialog 1', 'dialog 2']);
  await show(page, ['<img src="http://evil.example/1">', '<p style="background:url(http://evil.example/2)">x</p>']);
  await asked('GET /1 ');
  await asked('GET /2 ');
  await show(page, ['<img src="https://evil.example/3">']);
  await asked('tls');
  t.pass('all was heard');
});

t.test('nothing runs and nothing is asked for', async (t) => {
  const { page, done, heard, asked } = await watchedPage(t);
  const seen: string[] = [];
  for (const batch of batches(HTML_ATTACKS)) {
    const safe = batch.map(([, html]) => safeHtml(html, OWN).html);
    const trees = await show(page, safe);
    t.equal(trees.length, batch.length);
    for (const [i, [name]] of batch.entries()) {
      // What the browser made of it is what was written: the page that was looked at is the page that is shown.
      t.equal(treeOf(trees[i] ?? ''), treeOf(safe[i] ?? ''), name);
    }
    seen.push(...(await told(page)));
    // One picture that is asked for, after all that is not.
    const last = `batch-${seen.length}`;
    await page.evaluate(`{ new Image().src = 'http://us.example/${last}'; undefined }`);
    await asked(`GET /${last} `);
  }
  t.same(done, []);
  t.same(
    heard.filter((line) => !line.startsWith('GET /batch-')),
    [],
  );
  const elements = seen.flatMap((one) => /^<(.*)>$/.exec(one)?.[1] ?? []);
  t.same(
    elements.filter((name) => !isKept(name)),
    [],
    'elements',
  );
  t.same(
    seen.filter((one) => one.startsWith('to ') && !/^to (?:https?|mailto|tel):$/.test(one)),
    [],
    'links',
  );
  t.same(
    seen.filter((one) => one.startsWith('picture ') && !/^picture (?:part:|data:image\/)/.test(one)),
    [],
    'pictures',
  );
  const attributes = seen.flatMap((one) => (/^[a-z0-9]+ [a-z-]+$/.test(one) && !one.startsWith('to ') ? [one.split(' ')] : []));
  const strange = attributes.filter(([element = '', name = '']) => {
    const allowed = attributesOf(element).map((one) => (one === 'dataRemote' ? 'data-remote' : one.toLowerCase()));
    return !allowed.includes(name);
  });
  t.same(strange, [], 'attributes');
});

t.test('letters that harm nobody stay as they are, and a browser reads them so', async (t) => {
  const { page, done, heard } = await watchedPage(t);
  const pages = ['groff.html', 'markdown.html'].map((name) =>
    readFileSync(new URL(`../../data/extract/html/${name}`, import.meta.url), 'utf8'),
  );
  const safe = pages.map((html) => safeHtml(html, OWN).html);
  t.same((await show(page, safe)).map(treeOf), safe.map(treeOf));
  t.same([...done, ...heard], []);
  t.same(
    safe.filter((html) => !/<(?:p|h1|table|ul)\b/.test(html)),
    [],
    'and there is something in them',
  );
});
