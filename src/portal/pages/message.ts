// One message: who wrote, its text (HTML only in a frame where nothing runs), its files, what was answered, and what one can do now.
import type { OpenedPickup } from '../../gateway/pickup/desk.ts';
import type { Presented, ShownBody, ShownMailbox } from '../../mime/present/presented.ts';
import { filled, html, type Html, isolated, paragraphs } from '../html.ts';
import { messagePath } from '../paths.ts';
import type { SignedVisit } from '../visit.ts';
import { fileList } from './file-list.ts';
import { layout, names, note } from './layout.ts';

/** How the body is shown. */
export type BodyView = 'as-sent' | 'with-pictures' | 'as-text';

export interface MessagePage {
  readonly opened: OpenedPickup;
  readonly shown: Presented;
  readonly view: BodyView;
  readonly news: 'answered' | null;
}

export function messagePage(visit: SignedVisit, page: MessagePage): Html {
  const { words, formats } = visit;
  const { opened, shown, view, news } = page;
  const path = messagePath(opened.line.deliveryId);
  const subject = shown.subject === null || shown.subject.trim() === '' ? words.message.noSubject : shown.subject;
  const main = html`${news === null ? null : note('good', filled(words.message.sentNow, names(visit)))}
    <h1>${isolated(subject)}</h1>
    <dl class="facts">
      <dt>${words.message.from}</dt>
      <dd>${shown.from.length === 0 ? isolated(opened.line.from ?? visit.brand.organisation) : mailboxes(shown.from)}</dd>
      ${
        shown.to.length === 0
          ? null
          : html`<dt>${words.message.to}</dt>
              <dd>${mailboxes(shown.to)}</dd>`
      }
      ${
        shown.cc.length === 0
          ? null
          : html`<dt>${words.message.cc}</dt>
              <dd>${mailboxes(shown.cc)}</dd>`
      }
      <dt>${words.message.sent}</dt>
      <dd>${formats.moment(shown.date ?? opened.line.sentAt)}</dd>
    </dl>
    ${shown.end === 'over-limits' ? note('plain', words.message.overLimits) : null} ${bodyOf(visit, path, shown.body, view)}
    ${fileList(visit, path, shown.attachments)} ${answers(visit, path, opened)}
    <h2>${words.message.downloadWhole}</h2>
    <p class="soft">${filled(words.message.until, { day: formats.day(opened.line.expiresAt) })} ${words.message.downloadHow}</p>
    <p class="act"><a class="button" href="${path}/whole" download>${words.message.downloadWhole}</a></p>`;
  return layout(visit, { title: subject, main, place: 'messages' });
}

function bodyOf(visit: SignedVisit, path: string, body: ShownBody, view: BodyView): Html {
  const { words, formats } = visit;
  if (body.kind === 'none') return note('plain', words.message.noText);
  const alone = html`<a href="${path}/body${view === 'with-pictures' ? '?pictures=show' : ''}" target="_blank" rel="noopener"
    >${words.message.alone}</a
  >`;
  if (body.kind === 'text') return html`<div class="text" dir="auto">${paragraphs(body.text)}</div>`;
  if (view === 'as-text')
    return html`<div class="text" dir="auto">${paragraphs(body.text)}</div>
      <p class="act"><a href="${path}">${words.message.asSent}</a></p>`;
  const source = view === 'with-pictures' ? `${path}/body?pictures=show` : `${path}/body`;
  const hidden = body.remotePictures > 0 && view === 'as-sent';
  return html`${
      hidden
        ? html`<div class="note noprint">
            <p>${formats.count(words.message.pictures, body.remotePictures)}</p>
            <p class="act"><a class="button" href="${path}?view=with-pictures">${words.message.showPictures}</a></p>
          </div>`
        : null
    }
    <iframe
      class="${frameSize(body)}"
      src="${source}"
      title="${words.message.frame}"
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      referrerpolicy="no-referrer"
    ></iframe>
    <p class="act small">${alone} <a href="${path}?view=as-text">${words.message.asText}</a></p>`;
}

/** A frame without scripts cannot say how high it is: the text tells about it. */
function frameSize({ html: body, text }: Extract<ShownBody, { kind: 'html' }>): 's' | 'm' | 'l' {
  const lines = text.split('\n').reduce((sum, line) => sum + 1 + Math.floor(line.length / 45), 0) + (body.includes('<img') ? 16 : 0);
  return lines < 10 ? 's' : lines < 24 ? 'm' : 'l';
}

function answers(visit: SignedVisit, path: string, { answers: may, answered }: OpenedPickup): Html {
  const { words, formats } = visit;
  const sentence = {
    'on-its-way': words.message.answerOnItsWay,
    delivered: words.message.answerDelivered,
    'not-delivered': words.message.answerNotDelivered,
  };
  return html`${
    may === 'none'
      ? html`<p>${filled(words.message.noAnswer, names(visit))}</p>`
      : html`<div class="act">
          <a class="button first wide" href="${path}/answer">${words.message.answer}</a>
          ${may === 'all' ? html`<a class="button wide" href="${path}/answer?to=all">${words.message.answerAll}</a>` : null}
        </div>`
  }
  ${
    answered.length === 0
      ? null
      : html`<h2>${words.message.answersTitle}</h2>
          <ul>
            ${answered.map(({ at, state }) => html`<li>${filled(sentence[state], { ...names(visit), moment: formats.moment(at) })}</li>`)}
          </ul>`
  }`;
}

/** A name never hides the address behind it. */
export function mailboxes(all: readonly ShownMailbox[]): Html {
  const most = all.slice(0, 50);
  return html`${most.map(({ name, address }, i) => html`${i === 0 ? null : html`<br />`}${name === null ? isolated(address) : html`${isolated(name)} <span class="soft">&lt;${isolated(address)}&gt;</span>`}`)}${all.length > most.length ? html`<br />+ ${all.length - most.length}` : null}`;
}
