// A message that wants more than a mailed code: whom to call for the other one, or to which phone it comes, and where to type it.
import type { MessageLine } from '../../gateway/pickup/desk.ts';
import { filled, html, type Html } from '../html.ts';
import type { SignedVisit } from '../visit.ts';
import { codeForm } from './code-form.ts';
import { layout, names } from './layout.ts';
import { phoneButtons } from './phone-buttons.ts';

export function stepUpPage(visit: SignedVisit, line: MessageLine, wrong: string | null): Html {
  const { words, session } = visit;
  const { phone } = session.view;
  const title = words.stepUp.title.replace('{organisation}', visit.brand.organisation);
  const main = html`<h1>${title}</h1>
    <p>${words.stepUp.text}</p>
    <p>${filled(words.stepUp.how, names(visit))}</p>
    ${codeForm(visit, line.link, { wrong, submit: words.stepUp.submit, from: 'clinic' })}
    ${phone === null ? null : phoneButtons(visit, line.link, phone.ways, filled(words.stepUp.phoneHow, { ends: phone.ends }))}
    <p class="act"><a href="/m/${line.link}/password">${words.open.password}</a> <a href="/messages">${words.general.messages}</a></p>`;
  return layout(visit, { title, main, place: 'messages' });
}
