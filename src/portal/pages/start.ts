// The first page, where somebody came without a link: the link is in the mail, or a passkey is at hand.
import { filled, html, type Html } from '../html.ts';
import type { Visit } from '../visit.ts';
import { layout, names } from './layout.ts';
import { passkeyButton } from './passkey-button.ts';

export function startPage(visit: Visit): Html {
  const { words } = visit;
  const title = filled(words.start.title, names(visit));
  const link = visit.cookie('link');
  const main = html`<h1>${title}</h1>
    <p>${words.start.text}</p>
    ${link === null ? null : html`<p class="act"><a class="button first wide" href="/m/${link}">${words.start.again}</a></p>`}
    ${passkeyButton(visit, words.start.passkey)}`;
  return layout(visit, { title: words.start.title.replace('{organisation}', visit.brand.organisation), main });
}
