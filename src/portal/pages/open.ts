// The page that the link of a notice leads to: who wrote, until when, and how to get in. It shows nothing of the message and spends nothing:
// machines follow every link.
import type { PickupFace } from '../../gateway/pickup/desk.ts';
import { filled, html, type Html } from '../html.ts';
import type { Visit } from '../visit.ts';
import { codeForm } from './code-form.ts';
import { form, layout, names, note } from './layout.ts';
import { passkeyButton } from './passkey-button.ts';
import { phoneButtons } from './phone-buttons.ts';

/** The ways in that make sense for a pickup: the first is what the page offers first. */
export function wayIn({ wants, mailedCode }: Pick<PickupFace, 'wants' | 'mailedCode'>): 'mail' | 'clinic' {
  return wants === 'address' && mailedCode === 'may-travel' ? 'mail' : 'clinic';
}

export function openPage(visit: Visit, link: string, face: PickupFace): Html {
  const { words, formats } = visit;
  const title = words.open.title.replace('{organisation}', visit.brand.organisation);
  const day = formats.day(face.sentAt);
  const wrote =
    face.from === null
      ? filled(words.open.fromSomebody, { ...names(visit), day })
      : filled(words.open.from, { from: html`<bdi>${face.from}</bdi>`, day });
  const main = html`<h1>${title}</h1>
    <p>${wrote} ${filled(words.open.until, { day: formats.day(face.expiresAt) })}</p>
    <p>${words.open.why}</p>
    ${wayIn(face) === 'mail' ? byMail(visit, link) : byClinic(visit, link, face)}
    ${phoneButtons(visit, link, face.phone, filled(words.open.phoneHow, names(visit)))} ${otherWays(visit, link)}
    <p class="soft">${filled(words.open.genuine, names(visit))}</p>`;
  return layout(visit, { title, main });
}

function byMail(visit: Visit, link: string): Html {
  const { words } = visit;
  return html`<p id="send-how">${words.open.sendHow}</p>
    ${form(visit, `/m/${link}/send`, html`<button class="first" name="by" value="mail" aria-describedby="send-how">${words.open.send}</button>`)}
    <p class="act"><a class="button wide" href="/m/${link}/code">${words.open.haveCode}</a></p>`;
}

function byClinic(visit: Visit, link: string, face: PickupFace): Html {
  const { words } = visit;
  return html`<h2>${filled(words.open.clinicTitle, names(visit))}</h2>
    ${face.wants === 'address' ? note('plain', words.open.notSafe) : null}
    <p>${filled(words.open.clinicHow, names(visit))}</p>
    ${codeForm(visit, link, { wrong: null, submit: words.code.submit, from: 'clinic' })}`;
}

function otherWays(visit: Visit, link: string): Html {
  const { words } = visit;
  return html`<details>
    <summary>${words.open.other}</summary>
    <p class="soft">${words.open.otherHow}</p>
    <p class="act"><a class="button wide" href="/m/${link}/password">${words.open.password}</a></p>
    ${passkeyButton(visit, '')}
  </details>`;
}
