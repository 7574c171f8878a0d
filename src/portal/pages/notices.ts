// Pages that say how things stand when there is nothing to read: signed out, over, taken back, unknown, busy. Each says what to do next and whom to
// call, and nothing that helps anybody to guess.
import { filled, html, type Html, type Puttable } from '../html.ts';
import type { Visit } from '../visit.ts';
import { layout, names } from './layout.ts';

type PlainNotice = 'recalled' | 'gone' | 'unknownLink' | 'busy' | 'oldForm' | 'notFound';

export function noticePage(visit: Visit, which: PlainNotice): Html {
  const { title, text, next } = visit.words[which];
  const act =
    which === 'busy' || which === 'oldForm' ? again(visit) : which === 'gone' && visit.session !== null ? toMessages(visit) : null;
  return page(visit, title, [text, filled(next, names(visit))], act);
}

export function expiredPage(visit: Visit, expiresAt: number): Html {
  const { title, text, next } = visit.words.expired;
  return page(visit, title, [filled(text, { day: visit.formats.day(expiresAt) }), filled(next, names(visit))], null);
}

export function tooManyPage(visit: Visit, forMs: number): Html {
  const { title, text, next } = visit.words.tooMany;
  return page(visit, title, [visit.formats.count(text, Math.max(1, Math.ceil(forMs / 60_000))), filled(next, names(visit))], null);
}

export function faultPage(visit: Visit, id: string): Html {
  const { title, text, next } = visit.words.fault;
  return page(visit, title, [text, filled(next, { ...names(visit), id })], again(visit));
}

export function signedOutPage(visit: Visit): Html {
  const { title, text, again } = visit.words.signedOut;
  return page(visit, title, [text, again], null);
}

/** @param draft is something kept that was not sent? */
export function endedPage(visit: Visit, draft: 'kept' | 'none'): Html {
  const { title, text, kept, again, link } = visit.words.ended;
  const known = visit.cookie('link');
  return page(
    visit,
    title,
    [text, draft === 'kept' ? kept : null, known === null ? link : null],
    known === null ? null : html`<p class="act"><a class="button first wide" href="/m/${known}">${again}</a></p>`,
  );
}

/** The page itself; of a form the page that it stands on. */
function again({ words, path }: Visit): Html {
  return html`<p class="act"><a class="button first wide" href="${path}">${words.general.tryAgain}</a></p>`;
}

function toMessages({ words }: Visit): Html {
  return html`<p class="act"><a class="button first wide" href="/messages">${words.general.messages}</a></p>`;
}

function page(visit: Visit, title: string, texts: readonly Puttable[], act: Html | null): Html {
  const main = html`<h1>${title}</h1>
    ${texts.map((text) => (text === null ? null : html`<p>${text}</p>`))} ${act}`;
  return layout(visit, { title, main });
}
