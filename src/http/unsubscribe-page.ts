// The pages of one-click unsubscribe: one column, the system's fonts, no script, nothing from elsewhere, one button. Says nothing of the person.
import { createHash } from 'node:crypto';
import type { Language } from '../mail/language.ts';
import { UNSUBSCRIBE_WORDS, type UnsubscribePage } from './unsubscribe-words.ts';

/** Who runs this, as the pages say it. */
export interface PageOwner {
  /** The organisation, as people know it. */
  readonly name: string;
  /** Whom to write to. */
  readonly mailto: string;
}

const STYLE = `:root{color-scheme:light dark;--text:#1b1f24;--soft:#4d5761;--back:#fff;--accent:#0b5fa5;--on-accent:#fff;--line:#8a949e}
@media (prefers-color-scheme:dark){:root{--text:#e8ebee;--soft:#b3bcc5;--back:#14181c;--accent:#8cc4f5;--on-accent:#0d1216;--line:#6d7883}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:17px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:42rem;margin:0 auto;padding:24px 20px 32px}
.who{margin:0 0 24px;padding:0 0 12px;border-bottom:1px solid var(--line);color:var(--soft)}
h1{margin:0 0 16px;font-size:26px;line-height:1.25}
p{margin:0 0 16px}
button{display:block;width:100%;min-height:48px;margin:24px 0;padding:12px 20px;border:2px solid var(--accent);border-radius:6px;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;cursor:pointer}
@media (min-width:30rem){button{width:auto}}
a{display:inline-block;padding:10px 0;color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
.ask{margin:24px 0 0;color:var(--soft)}`;

const STYLE_DIGEST = createHash('sha256').update(STYLE).digest('base64');

/** Nothing is loaded, framed, kept or told on; the one form goes to where the page came from. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_DIGEST}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  vary: 'Accept-Language',
};

export function unsubscribePage(page: UnsubscribePage, language: Language, owner: PageOwner): string {
  const { pages, questions } = UNSUBSCRIBE_WORDS[language];
  const { title, text, button } = pages[page];
  const name = escaped(owner.name);
  const address = escaped(owner.mailto);
  const form =
    button === null
      ? ''
      : `<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${escaped(button)}</button></form>\n`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${escaped(title)} - ${name}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="who">${name}</p>
<h1>${escaped(title)}</h1>
${text.map((line) => `<p>${escaped(line).replace('{who}', () => name)}</p>`).join('\n')}
${form}<p class="ask">${escaped(questions)} <a href="mailto:${escaped(encodeURI(owner.mailto).replaceAll('?', '%3F').replaceAll('#', '%23').replaceAll('&', '%26'))}">${address}</a></p>
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
