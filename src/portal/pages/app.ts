// Setting up an app that shows codes (RFC 6238): its secret as a picture to scan and as letters to type, and a first code that proves it works.
import { html, type Html } from '../html.ts';
import { qrPicture } from '../qr.ts';
import type { SignedVisit } from '../visit.ts';
import { field, form, layout } from './layout.ts';

export function appPage(visit: SignedVisit, app: { readonly uri: string; readonly secret: string }, wrong: string | null): Html {
  const { words } = visit;
  const input = (described: Html): Html =>
    html`<input class="code" id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="20" required${described} />`;
  const main = html`<h1>${words.security.appSubmit}</h1>
    <p>${words.security.appScan}</p>
    <p>${qrPicture(app.uri, words.security.appQr)}</p>
    <p>${words.security.appSecret}<br /><span class="key">${app.secret.replace(/(.{4})(?=.)/g, '$1 ')}</span></p>
    ${form(
      visit,
      '/security/app',
      html`${field({ id: 'code', label: words.security.appCode, ...(wrong === null ? {} : { wrong }) }, input)}
        <button class="first">${words.security.appConfirm}</button>`,
    )}
    <p class="act"><a href="/security">${words.security.goOn}</a></p>`;
  return layout(visit, { title: words.security.appSubmit, main, place: 'security' });
}
