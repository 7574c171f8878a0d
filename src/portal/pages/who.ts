// Which of several people at one address is reading.
import { filled, html, type Html } from '../html.ts';
import type { SignedVisit } from '../visit.ts';
import { field, form, layout, names } from './layout.ts';

/** Value of the choice for somebody who is not listed. */
export const SOMEBODY_ELSE = 'other';

export function whoPage(visit: SignedVisit, problem: 'empty' | 'factor' | null): Html {
  const { words, session } = visit;
  const choice = (value: string, text: Html | string): Html =>
    html`<label class="choice"><input type="radio" name="person" value="${value}" required />${html`<span>${text}</span>`}</label>`;
  const wrong = problem === null ? {} : { wrong: words.who[problem] };
  const input = (described: Html): Html => html`<input id="name" name="name" autocomplete="name" maxlength="100" ${described} />`;
  const fields = html`<fieldset>
      <legend>${words.who.label}</legend>
      ${session.view.people.map(({ id, name }) => choice(String(id), name === null ? words.who.unnamed : html`<bdi>${name}</bdi>`))}
      ${choice(SOMEBODY_ELSE, words.who.other)}
    </fieldset>
    ${field({ id: 'name', label: words.who.name, hint: words.who.nameHint, ...wrong }, input)}
    <button class="first">${words.who.submit}</button>`;
  const main = html`<h1>${words.who.title}</h1>
    <p>${filled(words.who.text, names(visit))}</p>
    ${form(visit, '/who', fields)}`;
  return layout(visit, { title: words.who.title, main });
}
