// Ways to sign in next time, all of them optional: a password, an app, a passkey; and the name that the organisation sees.
import type { PersonView } from '../../gateway/pickup/desk.ts';
import { filled, html, type Html, isolated } from '../html.ts';
import type { PortalSettings } from '../settings.ts';
import type { SignedVisit } from '../visit.ts';
import { field, form, layout, names, note } from './layout.ts';

export const SECURITY_NEWS = ['saved', 'removed'] as const;
export type SecurityNews = (typeof SECURITY_NEWS)[number];
export type SecurityProblem = 'tooShort' | 'tooLong' | 'tooCommon' | 'tooMany' | 'failed';

export interface SecurityPage {
  readonly news: SecurityNews | null;
  readonly problem: SecurityProblem | null;
  readonly password: PortalSettings['password'];
}

export function securityPage(visit: SignedVisit, { news, problem, password }: SecurityPage): Html {
  const { words } = visit;
  const ofPassword = problem === 'tooShort' || problem === 'tooLong' || problem === 'tooCommon' ? problem : null;
  const general = ofPassword === null ? problem : null;
  const main = html`<h1>${words.security.title}</h1>
    ${news === null ? null : note('good', words.security[news])} ${general === null ? null : note('bad', words.security[general])}
    <p>${words.security.text}</p>
    <p class="act"><a class="button first wide" href="/messages">${words.security.goOn}</a></p>
    ${yours(visit)} ${passkey(visit)} ${passwordForm(visit, ofPassword, password)} ${app(visit)} ${nameForm(visit)}`;
  return layout(visit, { title: words.security.title, main, place: 'security' });
}

function yours(visit: SignedVisit): Html {
  const { words, formats, session } = visit;
  const factors = session.view.person?.factors ?? [];
  return html`<h2>${words.security.yours}</h2>
    ${factors.length === 0 ? html`<p>${words.security.none}</p>` : null}
    ${
      factors.length === 0
        ? null
        : html`<ul class="list">
            ${factors.map(
              (factor) =>
                html`<li>
                  <div class="line">
                    <p>
                      <strong>${words.security[factor.kind]}</strong>${factor.label === null ? null : html` ${isolated(factor.label)}`}
                      <br /><span class="soft small"
                        >${filled(words.security.since, { day: formats.day(factor.createdAt) })}${
                          factor.lastUsedAt === null
                            ? null
                            : html`, ${filled(words.security.used, { day: formats.day(factor.lastUsedAt) })}`
                        }<br />${filled(factor.assurance === 'clinic' ? words.security.strong : words.security.weak, names(visit))}</span
                      >
                    </p>
                    ${form(visit, '/security/remove', html`<input type="hidden" name="factor" value="${factor.id}" /><button class="quiet" aria-label="${words.security.removeOf.replace('{what}', () => nameOf(visit, factor))}">${words.security.remove}</button>`)}
                  </div>
                </li>`,
            )}
          </ul>`
    }`;
}

function nameOf({ words }: SignedVisit, { kind, label }: PersonView['factors'][number]): string {
  return label === null ? words.security[kind] : `${words.security[kind]} ${label}`;
}

function passkey({ words, seal }: SignedVisit): Html {
  return html`<h2>${words.security.passkeyTitle}</h2>
    <p>${words.security.passkeyText}</p>
    <p class="soft" data-without-passkey>${words.security.passkeyScript}</p>
    <div data-passkey="set-up" data-seal="${seal}" data-label="${words.passkey.device}" hidden>
      <p class="wrong" role="alert" hidden>${words.security.failed}</p>
      <p class="act"><button type="button" class="wide">${words.security.passkeySubmit}</button></p>
    </div>`;
}

function passwordForm(visit: SignedVisit, problem: 'tooShort' | 'tooLong' | 'tooCommon' | null, bounds: PortalSettings['password']): Html {
  const { words, session } = visit;
  const has = session.view.person?.factors.some(({ kind }) => kind === 'password') ?? false;
  const { min, max } = bounds;
  const input = (described: Html): Html =>
    html`<input id="password" name="password" type="password" autocomplete="new-password" maxlength="1000" required${described} />`;
  const wrong = problem === null ? {} : { wrong: filled(words.security[problem], { min, max }) };
  const text = { id: 'password', label: words.security.passwordLabel, hint: filled(words.security.passwordHint, { min, max }), ...wrong };
  return html`<h2>${has ? words.security.passwordChange : words.security.passwordNew}</h2>
    ${form(visit, '/security/password', html`${field(text, input)} <button>${words.security.passwordSubmit}</button>`)}`;
}

function app(visit: SignedVisit): Html {
  const { words } = visit;
  return html`<h2>${words.security.appTitle}</h2>
    <p>${words.security.appText}</p>
    <p class="act"><a class="button wide" href="/security/app">${words.security.appSubmit}</a></p>`;
}

function nameForm(visit: SignedVisit): Html {
  const { words, session } = visit;
  const input = (described: Html): Html =>
    html`<input
      id="name"
      name="name"
      autocomplete="name"
      maxlength="100"
      required
      value="${session.view.person?.name ?? ''}"
      ${described}
    />`;
  return html`<h2>${words.security.nameTitle}</h2>
    ${form(
      visit,
      '/security/name',
      html`${field({ id: 'name', label: filled(words.security.nameLabel, names(visit)) }, input)}
        <button>${words.security.nameSubmit}</button>`,
    )}`;
}
