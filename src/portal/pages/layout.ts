// The frame of every page: where one is, who runs this, the way out, whom to call, the language, and when the session ends.
import { LANGUAGES } from '../../mail/language.ts';
import { filled, html, type Html, type Puttable } from '../html.ts';
import { SEAL_FIELD } from '../form-seal.ts';
import { assetPaths } from '../assets.ts';
import type { Visit } from '../visit.ts';
import { WORDS } from '../words/languages.ts';

export interface PageParts {
  readonly title: string;
  readonly main: Html;
  /** Where one is in the menu. */
  readonly place?: 'messages' | 'security' | 'begin';
}

/** Time before the end of a session at which a script asks whether anybody is there. */
export const WARNING_MS = 120_000;

export function layout(visit: Visit, { title, main, place }: PageParts): Html {
  const { words, brand, language } = visit;
  const assets = assetPaths(brand);
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="format-detection" content="telephone=no" />
        <title>${title} - ${brand.organisation}</title>
        <link rel="stylesheet" href="${assets.style}" />
        <script src="${assets.script}" defer></script>
      </head>
      <body>
        <div class="page">
          <a class="skip" href="#main">${words.general.skip}</a>
          <header class="top">
            <p class="who">${assets.logo === null ? null : html`<img src="${assets.logo}" alt="" />`}<span>${brand.organisation}</span></p>
            ${visit.session === null ? null : signOut(visit)}
          </header>
          ${visit.session === null ? null : menu(visit, place)}
          <main id="main" tabindex="-1">${main}</main>
          ${footer(visit)}
        </div>
        ${visit.session === null ? null : warning(visit)}
      </body>
    </html> `;
}

/** A form that only our pages can send. */
export function form(visit: Visit, action: string, inside: Html, attributes: Html = html``): Html {
  return html`<form method="post" action="${action}" ${attributes}>
    <input type="hidden" name="${SEAL_FIELD}" value="${visit.seal}" />
    ${inside}
  </form>`;
}

function signOut(visit: Visit): Html {
  return form(visit, '/leave', html`<button class="quiet">${visit.words.general.signOut}</button>`, html` class="leave"`);
}

function menu({ words, brand, session }: Visit, place: PageParts['place']): Html {
  const to = (name: PageParts['place'], path: string, text: string): Html =>
    html`<li><a href="${path}" ${name === place ? html` aria-current="page"` : null}>${text}</a></li>`;
  return html`<nav aria-label="${words.general.menu}">
    <ul class="bar">
      ${to('messages', '/messages', words.general.messages)}
      ${session !== null && brand.start.length > 0 ? to('begin', '/begin', words.general.begin) : null}
      ${to('security', '/security', words.general.security)}
    </ul>
  </nav>`;
}

function footer(visit: Visit): Html {
  const { words, brand, language, session, path } = visit;
  return html`<footer>
    <p>${filled(words.general.help, names(visit))}</p>
    ${brand.texts.page === null ? null : html`<p>${brand.texts.page}</p>`} ${session === null ? null : ends(visit)}
    <div class="lang">
      <span class="unseen">${words.general.language}:</span>
      ${LANGUAGES.map((one) =>
        one === language
          ? html`<span class="now" lang="${one}">${WORDS[one].name}</span>`
          : html`<a href="${path}?language=${one}" lang="${one}" hreflang="${one}">${WORDS[one].name}</a>`,
      )}
    </div>
  </footer>`;
}

/** Said without a script too; with one a dialog asks before. */
function ends({ words, formats, session }: Visit): Html | null {
  if (session === null) return null;
  const { idleUntil, endsAt } = session.view;
  const text = idleUntil < endsAt ? words.general.ends : words.general.endsLatest;
  return html`<p class="ends">${filled(text, { time: formats.clock(Math.min(idleUntil, endsAt)) })}</p>`;
}

function warning(visit: Visit): Html | null {
  const { words, formats, session, seal } = visit;
  if (session === null) return null;
  const { idleUntil, endsAt } = session.view;
  const end = Math.min(idleUntil, endsAt);
  const facts = html` data-ends="${end}" data-now="${visit.now}" data-warning="${WARNING_MS}" data-seal="${seal}"`;
  return html`<dialog id="warning" role="alertdialog" aria-labelledby="warning-title" aria-describedby="warning-text" ${facts}>
    <h2 id="warning-title">${words.warning.title}</h2>
    <p id="warning-text">${filled(words.warning.text, { time: formats.clock(end) })}</p>
    <div class="act"><button type="button" class="first wide" id="stay">${words.warning.stay}</button></div>
  </dialog>`;
}

/** What every sentence may name. */
export function names({ brand }: Visit): Readonly<Record<string, Puttable>> {
  return { organisation: brand.organisation, help: helpOf(brand.help) };
}

/** A telephone number can be tapped; words stand as they are. */
function helpOf(help: string): Html {
  return /^\+?[\d ().-]{6,20}$/.test(help)
    ? html`<a class="tel" href="tel:${help.replace(/[^+\d]/g, '')}">${help}</a>`
    : html`<strong>${help}</strong>`;
}

/** What is wrong with a field, beside it, and what a screen reader is told with it. */
export interface FieldText {
  readonly id: string;
  readonly label: Puttable;
  readonly hint?: Puttable;
  readonly wrong?: Puttable;
}

export function field({ id, label, hint = null, wrong = null }: FieldText, input: (described: Html) => Html): Html {
  const described = [...(hint === null ? [] : [`${id}-hint`]), ...(wrong === null ? [] : [`${id}-wrong`])].join(' ');
  const attributes = html`${described === '' ? null : html` aria-describedby="${described}"`}${wrong === null ? null : html` aria-invalid="true"`}`;
  return html`<label for="${id}">${label}</label> ${hint === null ? null : html`<p class="hint" id="${id}-hint">${hint}</p>`}
    ${wrong === null ? null : html`<p class="wrong" id="${id}-wrong">${wrong}</p>`} ${input(attributes)}`;
}

/** A note that a screen reader says at once. */
export function note(kind: 'plain' | 'good' | 'bad', text: Puttable): Html {
  return html`<div class="note ${kind}" role="${kind === 'bad' ? 'alert' : 'status'}"><p>${text}</p></div>`;
}
