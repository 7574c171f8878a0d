// The form for an answer: whom it goes to, the limits before one tries, and whatever was typed before.
import type { OpenedPickup } from '../../gateway/pickup/desk.ts';
import type { Presented } from '../../mime/present/presented.ts';
import { filled, html, type Html } from '../html.ts';
import type { UploadLimits } from '../settings.ts';
import { messagePath } from '../paths.ts';
import type { SignedVisit } from '../visit.ts';
import { field, form, layout, names, note } from './layout.ts';
import { mailboxes } from './message.ts';

export type WritingProblem = 'empty' | 'tooLarge' | 'tooMany' | 'tooLong' | 'busy' | 'refused' | 'old';

export interface AnswerPage {
  readonly opened: OpenedPickup;
  readonly shown: Presented;
  readonly to: 'originator' | 'all';
  readonly others: Presented['to'];
  /** Token of this form. */
  readonly formId: string;
  readonly typed: string;
  readonly problem: WritingProblem | null;
  readonly restored: 'yes' | 'no';
  readonly limits: UploadLimits;
}

export function answerPage(visit: SignedVisit, page: AnswerPage): Html {
  const { words } = visit;
  const { opened, shown, to, others, formId, typed, problem, restored, limits } = page;
  const path = messagePath(opened.line.deliveryId);
  const title = to === 'all' ? words.answer.titleAll : words.answer.title;
  const people = [...shown.from, ...(to === 'all' ? others : [])];
  const main = html`<h1>${title}</h1>
    ${restored === 'yes' ? note('plain', words.answer.restored) : null}
    ${problem === null || problem === 'empty' ? null : note('bad', problemText(visit, problem, limits))}
    <p>${words.answer.to}<br />${people.length === 0 ? words.answer.toOne : mailboxes(people)}</p>
    ${note('plain', words.answer.notUrgent)}
    ${form(visit, `${path}/answer`, fields(visit, { to, formId, typed, problem, limits, submit: words.answer.submit }), uploadAttributes(visit, limits))}
    <p class="act"><a href="${path}">${words.answer.cancel}</a></p>`;
  return layout(visit, { title, main, place: 'messages' });
}

interface Fields {
  readonly to: string;
  readonly formId: string;
  readonly typed: string;
  readonly problem: WritingProblem | null;
  readonly limits: UploadLimits;
  readonly submit: string;
}

function fields(visit: SignedVisit, { to, formId, typed, problem, limits, submit }: Fields): Html {
  return html`<input type="hidden" name="to" value="${to}" /><input type="hidden" name="form" value="${formId}" />
    ${nameField(visit)} ${textField(visit, typed, problem === 'empty' ? visit.words.answer.empty : null)} ${fileField(visit, limits)}
    <button class="first">${submit}</button>`;
}

/** Asked only of somebody whose name is not known. */
export function nameField({ words, session, brand }: SignedVisit): Html | null {
  if (session.view.person?.name != null) return null;
  const hint = filled(words.answer.nameHint, { organisation: brand.organisation });
  const input = (described: Html): Html => html`<input id="name" name="name" autocomplete="name" maxlength="100" ${described} />`;
  return field({ id: 'name', label: html`${words.answer.name} (${words.general.optional})`, hint }, input);
}

export function textField({ words }: SignedVisit, typed: string, wrong: string | null): Html {
  // The line end behind the tag is taken out by browsers, so a text that begins with one keeps it.
  const area = (described: Html): Html => html`<textarea id="text" name="text" required${described}>${typed}</textarea>`;
  return field({ id: 'text', label: words.answer.text, ...(wrong === null ? {} : { wrong }) }, area);
}

export function fileField(visit: SignedVisit, limits: UploadLimits): Html {
  const { words } = visit;
  const hint = filled(words.answer.filesHint, limitValues(visit, limits));
  const input = (described: Html): Html => html`<input id="files" name="files" type="file" multiple${described} />`;
  return html`${field({ id: 'files', label: html`${words.answer.files} (${words.general.optional})`, hint }, input)}
    <p class="wrong" data-problem tabindex="-1" role="alert" hidden></p>
    <div data-progress hidden>
      <p data-progress-text role="status">${words.answer.sendingText}</p>
      <progress max="100" value="0" aria-label="${words.answer.sendingText}"></progress>
    </div>`;
}

/** What the script needs to say the limits before it sends. */
export function uploadAttributes(visit: SignedVisit, limits: UploadLimits): Html {
  const { words } = visit;
  const said = (text: string): string =>
    Object.entries(limitValues(visit, limits)).reduce((sum, [place, value]) => sum.replace(`{${place}}`, value), text);
  return html` enctype="multipart/form-data" data-upload data-keep data-bytes="${limits.bytes}" data-files="${limits.files}"
  data-too-large="${said(words.answer.tooLarge)}" data-too-many="${said(words.answer.tooMany)}" data-sending="${words.answer.sending}"
  data-failed="${words.answer.failed}"`;
}

export function problemText(visit: SignedVisit, problem: WritingProblem, limits: UploadLimits): Html {
  return filled(visit.words.answer[problem], { ...names(visit), ...limitValues(visit, limits) });
}

function limitValues({ formats }: SignedVisit, { bytes, files }: UploadLimits): { readonly size: string; readonly count: string } {
  return { size: formats.size(bytes), count: String(files) };
}
