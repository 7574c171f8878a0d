// The files of a message: name, kind, size, and what can be done with each.
import type { ShownAttachment } from '../../mime/present/presented.ts';
import { filled, html, type Html, isolated } from '../html.ts';
import type { SignedVisit } from '../visit.ts';

export function fileList(visit: SignedVisit, path: string, attachments: readonly ShownAttachment[]): Html | null {
  const { words, formats } = visit;
  if (attachments.length === 0) return null;
  return html`<h2>${formats.count(words.message.files, attachments.length)}</h2>
    <ul class="list">
      ${attachments.map((one) => row(visit, path, one))}
    </ul>
    ${attachments.length < 2 ? null : html`<p class="act"><a class="button" href="${path}/all" download>${words.message.downloadAll}</a></p>`}`;
}

function row({ words, formats }: SignedVisit, path: string, { part, name, sizeBytes, preview }: ShownAttachment): Html {
  const of = (text: string): string => text.replace('{name}', () => name);
  return html`<li>
    <p>${isolated(name)} <span class="soft">${formats.size(sizeBytes)}</span></p>
    <p class="act">
      ${
        preview === 'none'
          ? null
          : html`<a class="button" href="${path}/parts/${part}" aria-label="${of(words.message.lookAt)}">${words.message.look}</a>`
      }<a class="button" href="${path}/parts/${part}/download" download aria-label="${of(words.message.downloadOf)}"
        >${words.message.download}</a
      >
    </p>
  </li>`;
}

/** A file's name as the title of its page. */
export function fileTitle({ words }: SignedVisit, name: string): Html {
  return filled(words.look.title, { name: isolated(name) });
}
