// Getting in: the page of a link, codes, passwords. A GET shows and never spends; only a form that our page gave out asks for a code or enters one.
import type { CodeSent, NotSignedIn, PickupFace, SignedIn } from '../../gateway/pickup/desk.ts';
import { PHONE_WAYS, type PhoneWay } from '../../mail/pickup.ts';
import { go, page, type PortalAnswer } from '../answer.ts';
import { messagePath } from '../paths.ts';
import type { Asked, Portal, Route } from '../route.ts';
import type { Visit } from '../visit.ts';
import { visitFor } from '../visit.ts';
import { CODE_NEWS, type CodeNews, codePage } from '../pages/code.ts';
import { expiredPage, noticePage, tooManyPage } from '../pages/notices.ts';
import { openPage } from '../pages/open.ts';
import { passwordPage } from '../pages/password.ts';
import { startPage } from '../pages/start.ts';
import { stepUpPage } from '../pages/step-up.ts';

export function enteringRoutes(portal: Portal): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/',
      needs: 'nobody',
      work: async (visit) => (visit.session === null ? page(startPage(visit)) : go('/messages')),
    },
    { method: 'GET', path: '/m/:link', needs: 'nobody', work: (visit, asked) => atTheLink(portal, visit, asked) },
    {
      method: 'POST',
      path: '/m/:link/send',
      takes: 'form',
      cost: 5,
      needs: 'nobody',
      work: (visit, asked) => sendCode(portal, visit, asked),
    },
    { method: 'GET', path: '/m/:link/code', needs: 'nobody', work: (visit, asked) => askForCode(portal, visit, asked) },
    {
      method: 'POST',
      path: '/m/:link/code',
      takes: 'form',
      cost: 5,
      needs: 'nobody',
      work: (visit, asked) => enterCode(portal, visit, asked),
    },
    { method: 'GET', path: '/m/:link/password', needs: 'nobody', work: (visit, asked) => askForPassword(portal, visit, asked) },
    {
      method: 'POST',
      path: '/m/:link/password',
      takes: 'form',
      cost: 5,
      needs: 'nobody',
      work: (visit, asked) => enterPassword(portal, visit, asked),
    },
  ];
}

/** What the link leads to, or the page that says why it leads nowhere. */
async function faceOf(
  { desk, settings }: Portal,
  visit: Visit,
  link: string,
): Promise<{ readonly face: PickupFace; readonly visit: Visit } | PortalAnswer> {
  const face = await desk.look(link, visit.client);
  if (face === null) return { kind: 'page', status: 404, page: noticePage(visit, 'unknownLink') };
  const branded = visitFor(visit, settings.brands, face.brand);
  switch (face.state) {
    case 'open':
      return { face, visit: branded };
    case 'recalled':
      return { kind: 'page', status: 410, page: noticePage(branded, 'recalled') };
    case 'expired':
      return { kind: 'page', status: 410, page: expiredPage(branded, face.expiresAt) };
    case 'removed':
      return { kind: 'page', status: 410, page: noticePage(branded, 'gone') };
  }
}

async function atTheLink(portal: Portal, asking: Visit, { params }: Asked): Promise<PortalAnswer> {
  const link = params['link'] ?? '';
  const found = await faceOf(portal, asking, link);
  if (!('face' in found)) return found;
  const { face, visit } = found;
  const listed = visit.session?.view.messages.some(({ deliveryId }) => deliveryId === face.deliveryId) ?? false;
  const cookies = [{ name: 'link', value: link }] as const;
  return listed ? go(messagePath(face.deliveryId), cookies) : { ...page(openPage(visit, link, face)), cookies };
}

const SENT = { mail: 'mailed', sms: 'texted', voice: 'called' } as const satisfies Record<'mail' | PhoneWay, CodeNews>;
const NOT_SENT = {
  wait: 'wait',
  'not-safe': 'notSafe',
  'not-offered': 'noPhone',
  'no-more': 'noMore',
  gone: null,
} as const satisfies Record<Exclude<CodeSent, 'sent'>, CodeNews | null>;

async function sendCode({ desk }: Portal, visit: Visit, { params, fields }: Asked): Promise<PortalAnswer> {
  const link = params['link'] ?? '';
  const by = PHONE_WAYS.find((way) => way === fields['by']) ?? 'mail';
  const sent = await desk.sendCode(link, by, visit.client);
  const said = sent === 'sent' ? SENT[by] : NOT_SENT[sent];
  return go(said === null ? `/m/${link}` : `/m/${link}/code?said=${said}`);
}

async function askForCode(portal: Portal, asking: Visit, { params, query }: Asked): Promise<PortalAnswer> {
  const link = params['link'] ?? '';
  const found = await faceOf(portal, asking, link);
  if (!('face' in found)) return found;
  const news = CODE_NEWS.find((one) => one === query['said']) ?? null;
  return page(codePage(found.visit, { link, face: found.face, news, wrong: null }));
}

async function enterCode(portal: Portal, asking: Visit, { params, fields }: Asked): Promise<PortalAnswer> {
  const link = params['link'] ?? '';
  const code = (fields['code'] ?? '').trim();
  const session = asking.session?.token ?? null;
  const entered = code === '' ? ({ kind: 'empty' } as const) : await portal.desk.enterCode({ link, code, session }, asking.client);
  if (entered.kind === 'signed-in' || entered.kind === 'wait' || entered.kind === 'gone') return signedInOr(portal, asking, entered);
  const wrong = entered.kind === 'empty' ? asking.words.code.empty : asking.words.code.wrong;
  // Whoever is signed in and needs one more code goes on from where they were.
  const line = asking.session?.view.messages.find((one) => one.link === link);
  if (asking.session !== null && line !== undefined)
    return { kind: 'page', status: 400, page: stepUpPage({ ...asking, session: asking.session }, line, wrong) };
  const found = await faceOf(portal, asking, link);
  return 'face' in found
    ? { kind: 'page', status: 400, page: codePage(found.visit, { link, face: found.face, news: null, wrong }) }
    : found;
}

async function askForPassword(portal: Portal, asking: Visit, { params }: Asked): Promise<PortalAnswer> {
  const link = params['link'] ?? '';
  const found = await faceOf(portal, asking, link);
  return 'face' in found ? page(passwordPage(found.visit, link, null)) : found;
}

async function enterPassword(portal: Portal, visit: Visit, { params, fields }: Asked): Promise<PortalAnswer> {
  const link = params['link'] ?? '';
  const password = fields['password'] ?? '';
  if (password === '') return { kind: 'page', status: 400, page: passwordPage(visit, link, 'empty') };
  const totp = (fields['totp'] ?? '').replace(/\s/g, '');
  const session = visit.session?.token ?? null;
  const entered = await portal.desk.enterPassword({ link, password, totp: totp === '' ? null : totp, session }, visit.client);
  if (entered.kind === 'wrong' || entered.kind === 'totp')
    return { kind: 'page', status: 400, page: passwordPage(visit, link, entered.kind) };
  return signedInOr(portal, visit, entered);
}

/** In, and on to what one came for; or why not. What is wrong with a code or password is said by its own page. */
export async function signedInOr(
  portal: Portal,
  visit: Visit,
  entered: SignedIn | Exclude<NotSignedIn, { kind: 'wrong' | 'totp' }>,
): Promise<PortalAnswer> {
  switch (entered.kind) {
    case 'wait':
      return { kind: 'page', status: 429, page: tooManyPage(visit, entered.forMs), retryAfter: Math.ceil(entered.forMs / 1_000) };
    case 'gone':
      return { kind: 'page', status: 410, page: noticePage(visit, 'gone') };
    case 'signed-in':
      return go(await whereTo(portal, entered.session), [
        { name: 'session', value: entered.session },
        { name: 'before', value: null },
      ]);
  }
}

/** The message whose link one came by, else all of them. */
export async function whereTo({ desk }: Portal, session: string): Promise<string> {
  const view = await desk.session(session, 'person');
  const listed = view?.messages.some(({ deliveryId }) => deliveryId === view.cameFor) ?? false;
  return view !== null && listed && view.cameFor !== null ? messagePath(view.cameFor) : '/messages';
}
