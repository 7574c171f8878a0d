// An attachment, looked at without leaving the pages: a picture, a PDF in the browser's own viewer with its text below, or plain text.
import type { ShownAttachment } from '../../mime/present/presented.ts';
import { html, type Html } from '../html.ts';
import { messagePath } from '../paths.ts';
import type { SignedVisit } from '../visit.ts';
import { fileTitle } from './file-list.ts';
import { layout, note } from './layout.ts';

export interface LookPage {
  readonly deliveryId: string;
  readonly attachment: ShownAttachment;
  /** Of a PDF or a text; null where there is none. */
  readonly text: string | null;
}

export function lookPage(visit: SignedVisit, { deliveryId, attachment, text }: LookPage): Html {
  const { words, formats } = visit;
  const { name, part, sizeBytes } = attachment;
  const path = messagePath(deliveryId);
  const back = html`<a class="link" href="${path}">${words.look.back}</a>`;
  const main = html`<p class="noprint">${back}</p>
    <h1>${fileTitle(visit, name)}</h1>
    ${view(visit, `${path}/parts/${part}/view`, attachment, text)}
    <p class="act">
      <a class="button first" href="${path}/parts/${part}/download" download>${words.message.download} (${formats.size(sizeBytes)})</a>
    </p>
    <p class="soft">${words.message.downloadHow}</p>`;
  return layout(visit, { title: name, main, place: 'messages' });
}

function view({ words }: SignedVisit, source: string, { name, preview, mediaType }: ShownAttachment, text: string | null): Html {
  switch (preview) {
    case 'picture':
      return html`<p><img class="picture" src="${source}" alt="${words.look.picture.replace('{name}', () => name)}" /></p>`;
    case 'pdf':
      return html`<object data="${source}" type="${mediaType}" aria-label="${name}"><p>${words.look.noView}</p></object>
        <details>
          <summary>${words.look.text}</summary>
          ${text === null ? html`<p>${words.look.noText}</p>` : html`<pre dir="auto" tabindex="0">${text}</pre>`}
        </details>`;
    case 'text':
      return text === null ? note('plain', words.look.noText) : html`<pre dir="auto" tabindex="0">${text}</pre>`;
    case 'none':
      return note('plain', words.look.none);
  }
}
