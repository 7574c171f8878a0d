// All messages of an address, those of one sender together, the newest first.
import type { MessageLine } from '../../gateway/pickup/desk.ts';
import { filled, html, type Html } from '../html.ts';
import { messagePath } from '../paths.ts';
import type { SignedVisit } from '../visit.ts';
import { layout, names, note } from './layout.ts';

export function inboxPage(visit: SignedVisit, news: 'begun' | null): Html {
  const { words, session, brand } = visit;
  const lines = session.view.messages;
  const senders = Map.groupBy(lines, ({ from }) => from);
  const main = html`<h1>${words.inbox.title}</h1>
    ${news === null ? null : note('good', filled(words.begin.done, names(visit)))}
    ${lines.length === 0 ? html`<p>${words.inbox.none}</p>` : null}
    ${[...senders].map(
      ([from, ofSender]) =>
        html`<h2>${filled(words.inbox.from, { from: html`<bdi>${from ?? brand.organisation}</bdi>` })}</h2>
          <ul class="list">
            ${ofSender.map((line) => row(visit, line))}
          </ul>`,
    )}`;
  return layout(visit, { title: words.inbox.title, main, place: 'messages' });
}

function row(visit: SignedVisit, line: MessageLine): Html {
  const { words, formats, session } = visit;
  const mark =
    line.state === 'recalled'
      ? words.inbox.recalled
      : line.state !== 'open'
        ? words.inbox.expired
        : line.opened
          ? words.inbox.read
          : words.inbox.unread;
  const isNew = line.state === 'open' && !line.opened;
  const title = filled(words.inbox.messageOf, { moment: formats.moment(line.sentAt) });
  const needsCode = line.state === 'open' && line.wants === 'clinic' && session.view.assurance !== 'clinic';
  return html`<li>
    <div class="line">
      <p>${line.state === 'open' ? html`<a class="link" href="${messagePath(line.deliveryId)}">${title}</a>` : title}</p>
      <p><span class="mark${isNew ? ' new' : ''}">${mark}</span></p>
    </div>
    ${
      line.state === 'open'
        ? html`<p class="soft small">
            ${filled(words.inbox.until, { day: formats.day(line.expiresAt) })} · ${formats.size(line.sizeBytes)}
          </p>`
        : null
    }
    ${needsCode ? html`<p class="small">${filled(words.inbox.needsCode, names(visit))}</p>` : null}
  </li>`;
}
