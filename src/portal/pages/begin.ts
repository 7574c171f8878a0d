// A message that somebody begins, to an address that the organisation has opened for it.
import { filled, html, type Html } from '../html.ts';
import type { UploadLimits } from '../settings.ts';
import type { SignedVisit } from '../visit.ts';
import { fileField, nameField, problemText, textField, uploadAttributes, type WritingProblem } from './answer.ts';
import { field, form, layout, names, note } from './layout.ts';

export interface BeginPage {
  /** Token of this form. */
  readonly formId: string;
  readonly to: string;
  readonly subject: string;
  readonly typed: string;
  readonly problem: WritingProblem | 'choose' | 'noSubject' | null;
  readonly limits: UploadLimits;
}

export function beginPage(visit: SignedVisit, { formId, to, subject, typed, problem, limits }: BeginPage): Html {
  const { words, brand } = visit;
  const title = words.begin.title.replace('{organisation}', brand.organisation);
  const chosen = brand.start.length === 1 ? (brand.start[0] ?? '') : to;
  const option = (address: string): Html =>
    html`<label class="choice"
      ><input type="radio" name="to" value="${address}" required${address === chosen ? html` checked` : null} /><span
        >${address}</span
      ></label
    >`;
  const subjectInput = (described: Html): Html =>
    html`<input id="subject" name="subject" maxlength="200" required value="${subject}" ${described} />`;
  const fields = html`<input type="hidden" name="form" value="${formId}" />
    <fieldset>
      <legend>${words.begin.to}</legend>
      ${problem === 'choose' ? html`<p class="wrong">${words.begin.choose}</p>` : null} ${brand.start.map(option)}
    </fieldset>
    ${nameField(visit)}
    ${field({ id: 'subject', label: words.begin.subject, hint: words.begin.subjectHint, ...(problem === 'noSubject' ? { wrong: words.begin.noSubject } : {}) }, subjectInput)}
    ${textField(visit, typed, problem === 'empty' ? words.answer.empty : null)} ${fileField(visit, limits)}
    <button class="first">${words.begin.submit}</button>`;
  const general = problem === null || problem === 'empty' || problem === 'choose' || problem === 'noSubject' ? null : problem;
  const main = html`<h1>${filled(words.begin.title, names(visit))}</h1>
    ${general === null ? null : note('bad', problemText(visit, general, limits))} ${note('plain', words.answer.notUrgent)}
    ${form(visit, '/begin', fields, uploadAttributes(visit, limits))}`;
  return layout(visit, { title, main, place: 'begin' });
}
