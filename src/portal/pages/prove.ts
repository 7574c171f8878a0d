// Before somebody changes by what they sign in they show once more that it is them (OWASP ASVS 7.5.1).
import { filled, html, type Html } from '../html.ts';
import type { SignedVisit } from '../visit.ts';
import { codeForm } from './code-form.ts';
import { form, layout, names } from './layout.ts';
import { passkeyButton } from './passkey-button.ts';
import { phoneButtons } from './phone-buttons.ts';

export function provePage(visit: SignedVisit): Html {
  const { words, session } = visit;
  const { messages, cameFor, assurance, phone } = session.view;
  const link = (messages.find(({ deliveryId }) => deliveryId === cameFor) ?? messages[0])?.link ?? visit.cookie('link');
  const mayMail = assurance === 'address';
  const main = html`<h1>${words.prove.title}</h1>
    <p>${words.prove.text}</p>
    <p>${words.prove.next}</p>
    ${
      link === null
        ? null
        : html`${
              mayMail
                ? html`<p id="send-how">${words.open.sendHow}</p>
                    ${form(visit, `/m/${link}/send`, html`<button class="first" name="by" value="mail" aria-describedby="send-how">${words.open.send}</button>`)}`
                : html`<p>${filled(words.prove.clinic, names(visit))}</p>
                    ${codeForm(visit, link, { wrong: null, submit: words.password.submit })}`
            }
            ${phone === null ? null : phoneButtons(visit, link, phone.ways, filled(words.prove.phoneHow, { ends: phone.ends }))}
            <p class="act"><a class="button wide" href="/m/${link}/password">${words.open.password}</a></p>`
    }
    ${passkeyButton(visit, '')}
    <p class="act"><a href="/security">${words.general.back}</a></p>`;
  return layout(visit, { title: words.prove.title, main, place: 'security' });
}
