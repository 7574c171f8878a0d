// Writing: an answer to a message, and a message that somebody begins. Files stream through to the desk; a text that could not be sent comes back.
import { boundaryOf, multipartBody, multipartOctets, TEXT_BODY, textOctets } from '../../mime/answer-body.ts';
import type { Answered } from '../../gateway/pickup/desk.ts';
import type { ShownMailbox } from '../../mime/present/presented.ts';
import { go, page, type PortalAnswer } from '../answer.ts';
import { isSealOf, SEAL_FIELD } from '../form-seal.ts';
import type { OpenMessage } from '../opened.ts';
import { type AnswerPage, answerPage, type WritingProblem } from '../pages/answer.ts';
import { type BeginPage, beginPage } from '../pages/begin.ts';
import { endedPage, noticePage } from '../pages/notices.ts';
import { messagePath } from '../paths.ts';
import type { Asked, Portal, Route } from '../route.ts';
import { isPassing } from '../desk-client.ts';
import { readUpload, type Upload, UploadRefused } from '../upload.ts';
import type { SignedVisit, Visit } from '../visit.ts';
import { brandedVisit, notOpened } from './reading.ts';

/** Where a draft of a new message is kept. */
const NEW_MESSAGE = 'new';

export function writingRoutes(portal: Portal): readonly Route[] {
  return [
    { method: 'GET', path: '/messages/:id/answer', needs: 'session', work: (visit, asked) => askForAnswer(portal, visit, asked) },
    // Somebody whose session has just ended must not lose what they typed.
    {
      method: 'POST',
      path: '/messages/:id/answer',
      takes: 'upload',
      cost: 5,
      needs: 'nobody',
      work: (visit, asked) => answer(portal, visit, asked),
    },
    { method: 'GET', path: '/begin', needs: 'session', work: (visit) => askForMessage(portal, visit) },
    { method: 'POST', path: '/begin', takes: 'upload', cost: 5, needs: 'nobody', work: (visit, asked) => begin(portal, visit, asked) },
  ];
}

async function askForAnswer(portal: Portal, visit: SignedVisit, asked: Asked): Promise<PortalAnswer> {
  const message = await portal.open.again(visit.session.token, asked.params['id'] ?? '', visit.client);
  if ('kind' in message) return notOpened(portal, visit, message, asked);
  if (message.opened.answers === 'none') return go(messagePath(message.opened.line.deliveryId));
  const name = visit.cookie('draft');
  const typed = name === null ? null : portal.drafts.take(name, message.opened.line.deliveryId);
  const restored = typed === null ? 'no' : 'yes';
  const to = asked.query['to'] === 'all' ? 'all' : 'originator';
  const shown = answerPage(brandedVisit(portal, visit, message.opened.line.brand), {
    ...form(portal, message, to),
    formId: newFormId(portal),
    typed: typed ?? '',
    problem: null,
    restored,
  });
  return { ...page(shown), cookies: restored === 'yes' ? [{ name: 'draft', value: null }] : [] };
}

function form(
  { settings }: Portal,
  { opened, shown }: OpenMessage,
  asked: 'originator' | 'all',
): Omit<AnswerPage, 'formId' | 'typed' | 'problem' | 'restored'> {
  const to = asked === 'all' && opened.answers === 'all' ? 'all' : 'originator';
  return { opened, shown, to, others: othersOf(shown, opened.recipient), limits: settings.uploads };
}

/** Everybody of To and Cc but the reader. */
function othersOf(
  { to, cc }: { readonly to: readonly ShownMailbox[]; readonly cc: readonly ShownMailbox[] },
  recipient: string,
): readonly ShownMailbox[] {
  return [...to, ...cc].filter(({ address }) => address.toLowerCase() !== recipient.toLowerCase());
}

async function answer(portal: Portal, visit: Visit, asked: Asked): Promise<PortalAnswer> {
  const upload = await readUpload(asked.request, portal.settings.uploads);
  const typed = upload.fields['text'] ?? '';
  const about = asked.params['id'] ?? '';
  const isOurs = isSealOf(portal.key, visit.holder, upload.fields[SEAL_FIELD]);
  const early = await notSigned(portal, visit, { about, typed, isOurs, keep: upload.fields['keep'] });
  if (early !== null) return drained(upload, early);
  if (visit.session === null) return drained(upload, { kind: 'page', status: 401, page: endedPage(visit, 'none') });
  const signed = { ...visit, session: visit.session };
  const message = await portal.open.again(signed.session.token, about, visit.client);
  if ('kind' in message) return drained(upload, await notOpened(portal, signed, message, asked));
  const branded = brandedVisit(portal, signed, message.opened.line.brand);
  const to = upload.fields['to'] === 'all' ? 'all' : 'originator';
  const formId = formIdOf(portal, upload);
  const back = (problem: WritingProblem): PortalAnswer => ({
    kind: 'page',
    status: problem === 'tooLarge' || problem === 'tooMany' || problem === 'tooLong' ? 413 : problem === 'busy' ? 503 : 400,
    page: answerPage(branded, { ...form(portal, message, to), formId, typed, problem, restored: 'no' }),
  });
  const problem = problemOf(portal, upload, isOurs);
  if (problem !== null) return drained(upload, back(problem));
  await nameReader(portal, signed, upload);
  const { shown, opened } = message;
  const facts = form(portal, message, to);
  const sent = await inTurn(portal, signed, upload, () =>
    send({ upload, typed, formId }, ({ body, octets }) =>
      portal.desk.answer(
        {
          session: signed.session.token,
          answer: {
            deliveryId: opened.line.deliveryId,
            to: facts.to,
            form: formId,
            subject: shown.subject ?? '',
            headerMessageId: shown.headerMessageId,
            references: shown.references,
            others: facts.to === 'all' ? facts.others.map(({ address }) => address) : [],
            ...body,
          },
          body: octets,
        },
        visit.client,
      ),
    ),
  );
  if (sent === 'accepted') return go(`${messagePath(about)}?done=answered`);
  return drained(upload, ended(portal, signed, sent, { about, typed }) ?? back(problemSent(sent)));
}

async function askForMessage(portal: Portal, visit: SignedVisit): Promise<PortalAnswer> {
  if (visit.brand.start.length === 0) return { kind: 'page', status: 404, page: noticePage(visit, 'notFound') };
  const name = visit.cookie('draft');
  const typed = (name === null ? null : portal.drafts.take(name, NEW_MESSAGE)) ?? '';
  return page(beginPage(visit, { formId: newFormId(portal), to: '', subject: '', typed, problem: null, limits: portal.settings.uploads }));
}

async function begin(portal: Portal, visit: Visit, { request }: Asked): Promise<PortalAnswer> {
  const upload = await readUpload(request, portal.settings.uploads);
  const { text: typed = '', subject: given = '', to = '' } = upload.fields;
  const isOurs = isSealOf(portal.key, visit.holder, upload.fields[SEAL_FIELD]);
  const early = await notSigned(portal, visit, { about: NEW_MESSAGE, typed, isOurs, keep: upload.fields['keep'] });
  if (early !== null) return drained(upload, early);
  if (visit.session === null) return drained(upload, { kind: 'page', status: 401, page: endedPage(visit, 'none') });
  const signed = { ...visit, session: visit.session };
  const subject = given.replace(/\s+/g, ' ').trim().slice(0, 200);
  const formId = formIdOf(portal, upload);
  const back = (problem: BeginPage['problem']): PortalAnswer => ({
    kind: 'page',
    status: problem === 'busy' ? 503 : 400,
    page: beginPage(signed, { formId, to, subject, typed, problem, limits: portal.settings.uploads }),
  });
  const problem = !visit.brand.start.includes(to) ? 'choose' : subject === '' ? 'noSubject' : problemOf(portal, upload, isOurs);
  if (problem !== null) return drained(upload, back(problem));
  await nameReader(portal, signed, upload);
  const sent = await inTurn(portal, signed, upload, () =>
    send({ upload, typed, formId }, ({ body, octets }) =>
      portal.desk.begin({ session: signed.session.token, message: { to, form: formId, subject, ...body }, body: octets }, visit.client),
    ),
  );
  if (sent === 'accepted') return go('/messages?done=begun');
  return drained(upload, ended(portal, signed, sent, { about: NEW_MESSAGE, typed }) ?? back(problemSent(sent)));
}

interface Unsigned {
  readonly about: string;
  readonly typed: string;
  readonly isOurs: boolean;
  readonly keep: string | undefined;
}

/** Null: the session stands, and the text is to be sent. Only a form of ours may leave a draft. */
async function notSigned(portal: Portal, visit: Visit, { about, typed, isOurs, keep }: Unsigned): Promise<PortalAnswer | null> {
  if (!isOurs && visit.session === null) return { kind: 'page', status: 403, page: noticePage(visit, 'oldForm') };
  if (visit.session !== null && (keep === undefined || !isOurs)) return null;
  // The page itself has ended the session: nobody answered its question.
  if (visit.session !== null) {
    portal.open.forget(visit.session.token);
    await portal.desk.leave(visit.session.token);
  }
  return kept(portal, { ...visit, session: null }, { about, typed });
}

function kept(portal: Portal, visit: Visit, { about, typed }: Pick<Unsigned, 'about' | 'typed'>): PortalAnswer {
  if (typed === '' || Buffer.byteLength(typed) > portal.settings.uploads.textBytes)
    return { kind: 'page', status: 401, page: endedPage(visit, 'none') };
  const cookies = [{ name: 'draft' as const, value: portal.drafts.keep({ about, text: typed }) }];
  return { kind: 'page', status: 401, page: endedPage(visit, 'kept'), cookies };
}

/** It ended while the answer was on its way. */
function ended(portal: Portal, visit: SignedVisit, sent: Sent, draft: Pick<Unsigned, 'about' | 'typed'>): PortalAnswer | null {
  return sent === 'signed-out' ? kept(portal, { ...visit, session: null }, draft) : null;
}

function problemOf({ settings }: Portal, { fields }: Upload, isOurs: boolean): WritingProblem | null {
  const text = fields['text'] ?? '';
  if (!isOurs) return 'old';
  if (text.trim() === '') return 'empty';
  return Buffer.byteLength(text) > settings.uploads.textBytes ? 'tooLong' : null;
}

type Sent = Answered['kind'] | UploadRefused['why'];

function problemSent(sent: Exclude<Sent, 'accepted'>): WritingProblem {
  return sent === 'too-large' ? 'tooLarge' : sent === 'gone' || sent === 'signed-out' ? 'refused' : sent;
}

type Sending = (message: { readonly body: typeof TEXT_BODY; readonly octets: AsyncIterable<Uint8Array> }) => Promise<Answered>;

interface ToSend {
  readonly upload: Upload;
  readonly typed: string;
  readonly formId: string;
}

/** Files wait for their turn; a text alone does not. */
async function inTurn({ transfers }: Portal, { session }: SignedVisit, { files }: Upload, sending: () => Promise<Sent>): Promise<Sent> {
  if (files === null) return sending();
  const transfer = await transfers.begin(session.token);
  if (transfer === 'busy') return transfer;
  try {
    return await sending();
  } finally {
    transfer.end();
  }
}

/**
 * What is refused in the middle is not accepted: the octets end with an error, and the desk takes no message that does. Where the gateway has gone
 * nobody knows whether it was: the page asks to send once more, and what it has it takes no second time.
 */
async function send({ upload: { files }, typed, formId }: ToSend, sending: Sending): Promise<Sent> {
  const boundary = boundaryOf(formId);
  const stopped: UploadRefused[] = [];
  const octets = async function* (): AsyncGenerator<Uint8Array> {
    try {
      if (files === null) yield* textOctets(typed);
      else yield* multipartOctets(typed, files, boundary);
    } catch (error) {
      if (error instanceof UploadRefused) stopped.push(error);
      throw error;
    }
  };
  try {
    const sent = await sending({ body: files === null ? TEXT_BODY : multipartBody(boundary), octets: octets() });
    return stopped[0]?.why ?? sent.kind;
  } catch (error) {
    if (stopped[0] !== undefined) return stopped[0].why;
    if (isPassing(error)) return 'busy';
    throw error;
  }
}

/** Of a form as it is shown. */
function newFormId({ random }: Portal): string {
  return Buffer.from(random(16)).toString('base64url');
}

/** The form that was sent, or a new one where it has lost its name. */
function formIdOf(portal: Portal, { fields }: Upload): string {
  const given = fields['form'] ?? '';
  return /^[A-Za-z0-9_-]{22}$/.test(given) ? given : newFormId(portal);
}

/** The name goes with what they write. */
async function nameReader({ desk }: Portal, { session, client }: SignedVisit, { fields }: Upload): Promise<void> {
  const name = (fields['name'] ?? '').replace(/\s+/g, ' ').trim().slice(0, 100);
  if (name !== '' && session.view.person?.name == null) await desk.changePerson({ session: session.token, name, language: null }, client);
}

/** A browser shows no answer before it has sent everything. */
async function drained({ rest }: Upload, then: PortalAnswer): Promise<PortalAnswer> {
  await rest();
  return then;
}
