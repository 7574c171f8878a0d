// Signing in with a password, and the code of an app for who has set one up.
import { html, type Html } from '../html.ts';
import type { Visit } from '../visit.ts';
import { field, form, layout } from './layout.ts';

export function passwordPage(visit: Visit, link: string, problem: 'wrong' | 'totp' | 'empty' | null): Html {
  const { words } = visit;
  const wrong = problem === 'wrong' || problem === 'empty' ? { wrong: words.password[problem] } : {};
  const wrongApp = problem === 'totp' ? { wrong: words.password.totp } : {};
  const password = (described: Html): Html =>
    html`<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1000" required${described} />`;
  const app = (described: Html): Html =>
    html`<input class="code" id="totp" name="totp" inputmode="numeric" autocomplete="one-time-code" maxlength="40" ${described} />`;
  const fields = html`${field({ id: 'password', label: words.password.label, ...wrong }, password)}
    ${field({ id: 'totp', label: html`${words.password.app} (${words.general.optional})`, hint: words.password.appHint, ...wrongApp }, app)}
    <button class="first">${words.password.submit}</button>`;
  const main = html`<h1>${words.password.title}</h1>
    ${form(visit, `/m/${link}/password`, fields)}
    <p class="act"><a href="/m/${link}">${words.password.instead}</a></p>`;
  return layout(visit, { title: words.password.title, main });
}
