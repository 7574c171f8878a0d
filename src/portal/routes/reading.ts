// Reading: the list, a message, the framed body, attachments to look at and to take away.
import type { OutlinePart } from '../../mime/present/outline.ts';
import { openPart } from '../../mime/present/part-octets.ts';
import { zipOf } from '../../mime/present/zip.ts';
import type { ShownAttachment } from '../../mime/present/presented.ts';
import type { NotOpened } from '../../gateway/pickup/desk.ts';
import { go, type OctetsAnswer, page, type PortalAnswer } from '../answer.ts';
import { attachmentDisposition } from '../file-name.ts';
import { frameOctets } from '../frame.ts';
import { withPersons } from '../header-with-persons.ts';
import type { OpenMessage } from '../opened.ts';
import { inboxPage } from '../pages/inbox.ts';
import { lookPage } from '../pages/look.ts';
import { type BodyView, messagePage } from '../pages/message.ts';
import { endedPage, noticePage } from '../pages/notices.ts';
import { stepUpPage } from '../pages/step-up.ts';
import { messagePath } from '../paths.ts';
import type { Asked, Portal, Route } from '../route.ts';
import { LARGE_BYTES } from '../transfers.ts';
import { type SignedVisit, visitFor } from '../visit.ts';

export function readingRoutes(portal: Portal): readonly Route[] {
  const get = (path: string, work: (portal: Portal, visit: SignedVisit, asked: Asked) => Promise<PortalAnswer>): Route => ({
    method: 'GET',
    path,
    needs: 'session',
    work: (visit, asked) => work(portal, visit, asked),
  });
  return [
    get('/messages', async (_, visit, { query }) => page(inboxPage(visit, query['done'] === 'begun' ? 'begun' : null))),
    get('/messages/:id', read),
    get('/messages/:id/body', body),
    get('/messages/:id/whole', whole),
    get('/messages/:id/all', all),
    get('/messages/:id/parts/:part', look),
    get('/messages/:id/parts/:part/view', view),
    get('/messages/:id/parts/:part/download', download),
  ];
}

/** Every look at the page asks the desk: a reading is recorded there, and what was taken back is not shown from memory. */
async function read(portal: Portal, visit: SignedVisit, asked: Asked): Promise<PortalAnswer> {
  const { params, query } = asked;
  const message = await portal.open.open(visit.session.token, params['id'] ?? '', visit.client);
  if ('kind' in message) return notOpened(portal, visit, message, asked);
  const branded = brandedVisit(portal, visit, message.opened.line.brand);
  const views: readonly BodyView[] = ['with-pictures', 'as-text'];
  const shown = views.find((one) => one === query['view']) ?? 'as-sent';
  return page(messagePage(branded, { ...message, view: shown, news: query['done'] === 'answered' ? 'answered' : null }));
}

export function brandedVisit({ settings }: Portal, visit: SignedVisit, brand: string): SignedVisit {
  return { ...visitFor(visit, settings.brands, brand), session: visit.session };
}

/** Why a message does not open, as a page that says what to do. */
export async function notOpened(portal: Portal, visit: SignedVisit, { kind }: NotOpened, { params }: Asked): Promise<PortalAnswer> {
  const line = visit.session.view.messages.find(({ deliveryId }) => deliveryId === params['id']);
  switch (kind) {
    case 'step-up':
      return line === undefined
        ? { kind: 'page', status: 404, page: noticePage(visit, 'gone') }
        : { kind: 'page', status: 403, page: stepUpPage(brandedVisit(portal, visit, line.brand), line, null) };
    case 'recalled':
      return { kind: 'page', status: 410, page: noticePage(visit, 'recalled') };
    case 'gone':
      return { kind: 'page', status: 404, page: noticePage(visit, 'gone') };
    case 'signed-out':
      return { kind: 'page', status: 401, page: endedPage({ ...visit, session: null }, 'none') };
  }
}

/** For what belongs to a message that is already shown. */
async function opened(portal: Portal, visit: SignedVisit, asked: Asked): Promise<OpenMessage | PortalAnswer> {
  const message = await portal.open.again(visit.session.token, asked.params['id'] ?? '', visit.client);
  return 'kind' in message ? notOpened(portal, visit, message, asked) : message;
}

async function body(portal: Portal, visit: SignedVisit, asked: Asked): Promise<PortalAnswer> {
  const message = await opened(portal, visit, asked);
  if ('kind' in message) return message;
  const { shown, content, opened: pickup } = message;
  if (shown.body.kind !== 'html') return go(messagePath(pickup.line.deliveryId));
  const pictures = asked.query['pictures'] === 'show' ? 'remote' : 'own';
  const { language, words, formats } = visit;
  const octets = frameOctets({ shown, content, body: shown.body, pictures, language, words, formats });
  return { kind: 'octets', as: 'alone', contentType: 'text/html; charset=utf-8', facts: { pictures }, octets };
}

async function look(portal: Portal, visit: SignedVisit, asked: Asked): Promise<PortalAnswer> {
  const message = await opened(portal, visit, asked);
  if ('kind' in message) return message;
  const attachment = attachmentOf(message, asked);
  if (attachment === null) return { kind: 'page', status: 404, page: noticePage(visit, 'gone') };
  const { lies, preview } = attachment;
  const text = preview === 'pdf' || preview === 'text' ? await portal.presenter.previewText(message.content, lies) : null;
  const shown = lookPage(brandedVisit(portal, visit, message.opened.line.brand), {
    deliveryId: message.opened.line.deliveryId,
    attachment,
    text,
  });
  return { ...page(shown), ...(preview === 'pdf' ? { as: 'page-with-pdf' as const } : {}) };
}

/** A picture or a PDF, for the page that shows it. What a browser could run has no such address. */
async function view(portal: Portal, visit: SignedVisit, asked: Asked): Promise<PortalAnswer> {
  const message = await opened(portal, visit, asked);
  if ('kind' in message) return message;
  const attachment = attachmentOf(message, asked);
  if (attachment === null || (attachment.preview !== 'picture' && attachment.preview !== 'pdf'))
    return { kind: 'page', status: 404, page: noticePage(visit, 'gone') };
  const pdf = attachment.preview === 'pdf';
  return leaving(portal, visit, asked, message, {
    part: attachment.part,
    sizeBytes: attachment.sizeBytes,
    as: pdf ? 'pdf' : 'alone',
    contentType: pdf ? 'application/pdf' : attachment.mediaType,
    octets: async () => (await openPart(message.content, attachment.lies)).octets,
  });
}

async function download(portal: Portal, visit: SignedVisit, asked: Asked): Promise<PortalAnswer> {
  const message = await opened(portal, visit, asked);
  if ('kind' in message) return message;
  const attachment = attachmentOf(message, asked);
  if (attachment === null) return { kind: 'page', status: 404, page: noticePage(visit, 'gone') };
  return leaving(portal, visit, asked, message, {
    part: attachment.part,
    sizeBytes: attachment.sizeBytes,
    as: 'alone',
    contentType: attachment.mediaType,
    disposition: attachmentDisposition(attachment.name),
    octets: async () => (await openPart(message.content, attachment.lies)).octets,
  });
}

async function whole(portal: Portal, visit: SignedVisit, asked: Asked): Promise<PortalAnswer> {
  const message = await opened(portal, visit, asked);
  if ('kind' in message) return message;
  return leaving(portal, visit, asked, message, {
    part: 'whole',
    sizeBytes: message.opened.sizeBytes,
    as: 'alone',
    contentType: 'message/rfc822',
    disposition: attachmentDisposition('message.eml'),
    octets: async () => withPersons(message.content(), message.opened.standIns),
  });
}

async function all(portal: Portal, visit: SignedVisit, asked: Asked): Promise<PortalAnswer> {
  const message = await opened(portal, visit, asked);
  if ('kind' in message) return message;
  return leaving(portal, visit, asked, message, {
    part: 'all',
    sizeBytes: message.opened.sizeBytes,
    as: 'alone',
    contentType: 'application/zip',
    disposition: attachmentDisposition('files.zip'),
    octets: () => zipOf(message.content, message.shown, message.opened.line.sentAt),
  });
}

interface Leaving extends Pick<OctetsAnswer, 'as' | 'contentType' | 'disposition'> {
  readonly part: string;
  readonly sizeBytes: number;
  readonly octets: () => Promise<AsyncIterable<Uint8Array>>;
}

const BUSY_S = 30;

/** The desk is told before an octet goes. */
async function leaving(
  portal: Portal,
  visit: SignedVisit,
  { request }: Asked,
  message: OpenMessage,
  { part, sizeBytes, ...what }: Leaving,
): Promise<PortalAnswer> {
  const { token } = visit.session;
  const transfer = sizeBytes > LARGE_BYTES ? await portal.transfers.begin(token) : null;
  if (transfer === 'busy') return { kind: 'page', status: 503, page: noticePage(visit, 'busy'), retryAfter: BUSY_S };
  const over = (): void => transfer?.end();
  try {
    // Who went away while they waited has taken nothing.
    const here = !request.raw.socket.destroyed;
    const asking = { session: token, deliveryId: message.opened.line.deliveryId, part };
    if (here && (await portal.desk.downloading(asking, visit.client)) === 'go')
      return { kind: 'octets', ...what, octets: await what.octets(), ...(transfer === null ? {} : { transfer }) };
  } catch (error) {
    over();
    throw error;
  }
  over();
  return { kind: 'page', status: 404, page: noticePage(visit, 'gone') };
}

interface Attachment extends ShownAttachment {
  readonly lies: OutlinePart;
}

function attachmentOf({ shown }: OpenMessage, { params }: Asked): Attachment | null {
  const attachment = shown.attachments.find(({ part }) => part === params['part']);
  const lies = shown.parts.find(({ place }) => place === attachment?.part);
  return attachment === undefined || lies === undefined ? null : { ...attachment, lies };
}
