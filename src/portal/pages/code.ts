// Where a code is typed: what became of the one that was sent, and how to get another.
import type { PickupFace } from '../../gateway/pickup/desk.ts';
import { filled, html, type Html } from '../html.ts';
import type { Visit } from '../visit.ts';
import { codeForm } from './code-form.ts';
import { form, layout, names, note } from './layout.ts';
import { wayIn } from './open.ts';

/** What the page before has to say. */
export const CODE_NEWS = ['mailed', 'texted', 'called', 'wait', 'notSafe', 'noPhone', 'noMore'] as const;
export type CodeNews = (typeof CODE_NEWS)[number];

export interface CodePage {
  readonly link: string;
  readonly face: PickupFace;
  readonly news: CodeNews | null;
  readonly wrong: string | null;
}

export function codePage(visit: Visit, { link, face, news, wrong }: CodePage): Html {
  const { words } = visit;
  const said = newsOf(visit, face, news);
  const from = news === 'texted' || news === 'called' ? 'phone' : wayIn(face) === 'clinic' ? 'clinic' : null;
  const main = html`<h1>${words.code.title}</h1>
    ${said} ${codeForm(visit, link, { wrong, submit: words.code.submit, ...(from === null ? {} : { from }) })}
    ${
      wayIn(face) === 'mail'
        ? html`<p>${filled(words.code.noCode, names(visit))}</p>
            ${form(visit, `/m/${link}/send`, html`<button name="by" value="mail">${words.code.again}</button>`)}`
        : html`<p>${filled(words.open.clinicHow, names(visit))}</p>`
    }
    <p class="act"><a href="/m/${link}">${words.general.back}</a></p>`;
  return layout(visit, { title: words.code.title, main });
}

/** How the code fares is truer than what was said when it was asked for. */
function newsOf(visit: Visit, { code }: PickupFace, news: CodeNews | null): Html | null {
  const { words } = visit;
  if (code === 'not-safe' || news === 'notSafe')
    return note('bad', html`${words.code.notSafe} ${filled(words.open.clinicHow, names(visit))}`);
  if (news === 'noPhone' || news === 'noMore') return note('bad', filled(words.code[news], names(visit)));
  if (news === 'wait') return note('plain', words.code.wait);
  if (news === 'texted' || news === 'called') return note('good', filled(words.code[news], names(visit)));
  if (code === 'handed-over') return note('good', words.code.handedOver);
  if (news === 'mailed') return note('good', words.code.mailed);
  return code === 'on-its-way' ? note('plain', words.code.onItsWay) : null;
}
