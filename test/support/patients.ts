// What people around a portal do, by the first word of a recipient's address, whatever becomes of the gateway meanwhile: what fails they try again.
// `reads-` and `mails-` sign in by a code of the clinic or of a mail, read and answer; of `bounces-` the notice comes back; `recalls-` is taken back.
// Every promise that was made to them is noted.
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { DeskClient } from '../../src/gateway/pickup/desk.ts';
import { DeskUnavailable, isPassing } from '../../src/portal/desk-client.ts';
import type { Accepted } from './load.ts';
import type { PortalStage } from './portal-stage.ts';
import { Dialogue } from './smtp-dialogue.ts';
import type { PeerMessage } from './smtp-peer.ts';

/** What was said to be done, and so must be found done whatever happened since. */
export interface Promised {
  readonly opened: Set<string>;
  /** Delivery -> the line that was sent. */
  readonly answered: Map<string, string>;
  readonly recalled: Set<string>;
  readonly bounced: Set<string>;
  /** Codes that have signed somebody in. */
  readonly spent: { readonly link: string; readonly code: string; readonly client: DeskClient }[];
}

/** One notice as the recipient has it. */
export interface Notice {
  readonly deliveryId: string;
  readonly recipient: string;
  readonly link: string;
  /** Where it goes where it cannot be delivered. */
  readonly returnAddress: string;
  /** Header's Message-ID. */
  readonly id: string;
}

const AGAIN_MS = 100;
/** Starts are slow where the machine has much else to do. */
const GIVE_UP_MS = 150_000;

export class Patients {
  readonly promised: Promised = { opened: new Set(), answered: new Map(), recalled: new Set(), bounced: new Set(), spent: [] };
  /** Steps that people have begun. */
  steps = 0;
  /** Tries that came to nothing because the gateway was gone. */
  lost = 0;
  readonly #stage: PortalStage;
  readonly #work = new Map<string, Promise<void>>();
  readonly #triedCodes = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  #read = 0;

  constructor(stage: PortalStage) {
    this.#stage = stage;
  }

  /** Begins what is to be done about the notices that have come, and about what was accepted. Call often. */
  look(accepted: readonly Accepted[]): void {
    const { messages } = this.#stage.home;
    for (const message of messages.slice(this.#read)) {
      const notice = noticeIn(message);
      const work = notice === null ? undefined : WORK[roleOf(notice.recipient)];
      if (notice !== null && work !== undefined) this.#begin(notice.deliveryId, () => work(this, notice));
    }
    this.#read = messages.length;
    for (const { messageId, message } of accepted) {
      for (const [n, recipient] of message.recipients.entries())
        if (roleOf(recipient) === 'recalls') this.#begin(`${messageId}/${n}`, () => this.recall(`${messageId}/${n}`));
    }
  }

  /** Resolves when everything that was begun has been done. */
  async done(): Promise<void> {
    await Promise.all(this.#work.values());
  }

  /** Resolves when so many steps have been begun, or after that time. */
  async stepped(steps: number, withinMs: number): Promise<void> {
    const giveUpAt = performance.now() + withinMs;
    while (this.steps < steps && performance.now() < giveUpAt)
      await Promise.race([new Promise<void>((resolve) => this.#waiting.push(resolve)), wait(withinMs, undefined, { ref: false })]);
  }

  /** Signs in, reads and answers once. */
  async readAndAnswer(notice: Notice, codeOf: (notice: Notice, client: DeskClient) => Promise<string | null>): Promise<void> {
    const { desk } = this.#stage;
    const { deliveryId, link, recipient } = notice;
    const client = { address: addressOf(recipient), userAgent: 'Firefox/140' };
    // As a page keeps it that could not be sent.
    const form = randomBytes(16).toString('base64url');
    const text = `This is the answer of ${recipient}.`;
    await this.#untilDone(recipient, async () => {
      const code = await codeOf(notice, client);
      this.#step();
      const entered = code === null ? null : await desk.enterCode({ link, code, session: null }, client);
      if (code === null || entered?.kind !== 'signed-in') return entered?.kind ?? 'no code';
      this.promised.spent.push({ link, code, client });
      const { session } = entered;
      this.#step();
      const opened = await desk.open({ session, deliveryId }, client);
      if (opened.kind !== 'open') return opened.kind;
      this.promised.opened.add(deliveryId);
      this.#step();
      const answered = await desk.answer({ session, answer: { ...answerTo(deliveryId), form }, body: oneLine(text) }, client);
      if (answered.kind !== 'accepted') return answered.kind;
      this.promised.answered.set(deliveryId, text);
      return 'done';
    });
  }

  /** A code that the help desk reads out. */
  async codeOfClinic({ deliveryId }: Notice): Promise<string | null> {
    const given = await this.#stage.postern.control.call('pickup.code', { deliveryId, who: 'ann', checked: 'called back' });
    return given.kind === 'done' ? given.value.code : null;
  }

  /** The next code that has come by mail and was not tried yet. */
  async codeByMail({ link, recipient }: Notice, client: DeskClient): Promise<string | null> {
    await this.#stage.desk.sendCode(link, 'mail', client);
    for (const { rcpt, content } of this.#stage.home.messages) {
      const found = rcpt.some((line) => line.includes(`<${recipient}>`)) ? /^ {4}(\d{4}-\d{4})\r$/m.exec(plain(content))?.[1] : undefined;
      if (found === undefined || this.#triedCodes.has(`${recipient} ${found}`)) continue;
      this.#triedCodes.add(`${recipient} ${found}`);
      return found;
    }
    return null;
  }

  async recall(deliveryId: string): Promise<void> {
    await this.#untilDone(deliveryId, async () => {
      this.#step();
      const said = await this.#stage.postern.control.call('pickup.recall', { target: deliveryId, who: 'ann', why: 'wrong person' });
      // Not legal: the reply to the recall before was lost.
      if (said.kind !== 'done' && !(said.kind === 'failed' && said.code === 'not-legal')) return said.kind;
      this.promised.recalled.add(deliveryId);
      return 'done';
    });
  }

  /** The mail system of the recipient finds out too late that there is nobody. */
  async bounce({ deliveryId, returnAddress }: Notice): Promise<void> {
    const { postern, returnPort } = this.#stage;
    await this.#untilDone(deliveryId, async () => {
      this.#step();
      const session = await Dialogue.connect(returnPort(), { tls: { ca: postern.ca.certificatePem } }).catch(() => null);
      await session?.reply();
      await session?.say('EHLO mx.home.test');
      const reply = (await session?.send('', [returnAddress], REPORT)) ?? '';
      session?.destroy();
      if (!reply.startsWith('250')) return reply;
      this.promised.bounced.add(deliveryId);
      return 'done';
    });
  }

  /** Once for each: a notice may come twice. */
  #begin(deliveryId: string, work: () => Promise<void>): void {
    if (!this.#work.has(deliveryId)) this.#work.set(deliveryId, work());
  }

  #step(): void {
    this.steps++;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** @param work gives 'done', or what came in its way */
  async #untilDone(who: string, work: () => Promise<string>): Promise<void> {
    const said: string[] = [];
    const giveUpAt = performance.now() + GIVE_UP_MS;
    for (;;) {
      try {
        const came = await work();
        if (came === 'done') return;
        said.push(came);
      } catch (error) {
        // Whatever else a page would call a fault of ours.
        if (!(error instanceof DeskUnavailable) || !isPassing(error)) throw error;
        said.push(error.code);
        this.lost++;
      }
      if (performance.now() > giveUpAt) throw new Error(`${who}: never done: ${said.filter((one, i) => one !== said[i - 1]).join(', ')}`);
      await wait(AGAIN_MS);
    }
  }
}

const WORK: Readonly<Record<string, (patients: Patients, notice: Notice) => Promise<void>>> = {
  reads: (patients, notice) => patients.readAndAnswer(notice, (one) => patients.codeOfClinic(one)),
  mails: (patients, notice) => patients.readAndAnswer(notice, (one, client) => patients.codeByMail(one, client)),
  bounces: (patients, notice) => patients.bounce(notice),
};

function roleOf(recipient: string): string {
  return recipient.slice(0, recipient.indexOf('-'));
}

/** Each reads from a network of their own. */
function addressOf(recipient: string): string {
  const n = Number(/(\d+)@/.exec(recipient)?.[1] ?? 0);
  return `10.${n >> 8}.${n & 255}.7`;
}

/** The notice that a message is, or null. */
export function noticeIn({ mail, rcpt, content }: Pick<PeerMessage, 'mail' | 'rcpt' | 'content'>): Notice | null {
  const text = plain(content);
  const link = /https:\/\/portal\.clinic\.(?:test|example)\/m\/([0-9a-z-]+)/.exec(text)?.[1];
  const [, messageId = '', n = ''] = /^([0-9a-z]{26})-(\d+)-/.exec(link ?? '') ?? [];
  if (link === undefined || messageId === '') return null;
  return {
    deliveryId: `${messageId.toUpperCase()}/${n}`,
    link,
    recipient: /<([^>]*)>/.exec(rcpt[0] ?? '')?.[1] ?? '',
    returnAddress: /<([^>]*)>/.exec(mail)?.[1] ?? '',
    id: /^Message-ID:\s*(\S+)/im.exec(text)?.[1] ?? '',
  };
}

function plain(content: Buffer): string {
  return content.toString('latin1').replaceAll('=\r\n', '').replaceAll('=3D', '=');
}

export function answerTo(deliveryId: string) {
  return {
    deliveryId,
    to: 'originator',
    subject: 'Your letter',
    headerMessageId: null,
    references: null,
    others: [],
    contentType: 'text/plain; charset=utf-8',
    transferEncoding: '7bit',
  } as const;
}

export async function* oneLine(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${text}\r\n`);
}

const REPORT = [
  'From: MAILER-DAEMON@mx.home.test',
  'Subject: Undelivered',
  'Auto-Submitted: auto-replied',
  'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
  '',
  '--b',
  '',
  'There is nobody of that name.',
  '--b',
  'Content-Type: message/delivery-status',
  '',
  'Reporting-MTA: dns; mx.home.test',
  '',
  'Final-Recipient: rfc822; somebody@home.test',
  'Action: failed',
  'Status: 5.1.1',
  '',
  '--b--',
  '',
].join('\r\n');
