// Mail posted to a running Postern over real sessions, and what became of it: states from its control socket, records from its log.
import { openAudit } from '../../src/daemon/audit.ts';
import type { AuditEntry } from '../../src/daemon/work.ts';
import { loadConfig } from '../../src/config/load.ts';
import { isFinal } from '../../src/mail/delivery.ts';
import type { QueueEntry } from '../../src/store/queue.ts';
import type { Postern } from './postern.ts';
import { Dialogue } from './smtp-dialogue.ts';

export const NURSE = 'nurse@clinic.test';

export interface Letter {
  /** Reverse-path; null is `<>`. Default: NURSE. */
  readonly from?: string | null;
  /** Addresses, or `<address> PARAMETERS` as they stand after RCPT TO: */
  readonly to: readonly string[];
  /** Parameters of MAIL, such as `RET=HDRS ENVID=x`. */
  readonly mail?: string;
  /** Header fields beside From, To and Subject; one that names these takes their place. */
  readonly header?: readonly string[];
  /** Lines. */
  readonly body?: readonly string[];
}

export interface Posted {
  /** To the dot, or the first refusal. */
  readonly reply: string;
  /** Postern's id, '' where it was refused. */
  readonly id: string;
}

/** A session over the submissions listener, logged in. @throws with the refusal */
export async function logIn(
  postern: Postern,
  login: { readonly name: string; readonly password: string } = postern.login,
): Promise<Dialogue> {
  const session = await Dialogue.connect(postern.port, { tls: { ca: postern.ca.certificatePem }, mode: 'implicit' });
  await session.reply();
  await session.say('EHLO client.test');
  const said = await session.login(login.name, login.password);
  if (!said.startsWith('235')) throw new Error(said);
  return session;
}

/** The content as a client sends it, without the final dot. */
export function contentOf({ from = NURSE, header = [], body = ['Hello'] }: Letter): string {
  const own = new Set(header.map((field) => field.split(':')[0]?.toLowerCase()));
  const usual = [`From: Nurse <${from ?? NURSE}>`, 'To: undisclosed-recipients:;', 'Subject: Hello'];
  const fields = [...usual.filter((field) => !own.has(field.split(':')[0]?.toLowerCase())), ...header];
  return [...fields, '', ...body, ''].join('\r\n');
}

/** One transaction, command by command. */
export async function post(session: Dialogue, letter: Letter): Promise<Posted> {
  const { from = NURSE, to, mail } = letter;
  const commands = [
    `MAIL FROM:<${from ?? ''}>${mail === undefined ? '' : ` ${mail}`}`,
    ...to.map((one) => `RCPT TO:${one.startsWith('<') ? one : `<${one}>`}`),
    'DATA',
  ];
  for (const command of commands) {
    const reply = await session.say(command);
    if (/^[45]/.test(reply)) {
      await session.say('RSET');
      return { reply, id: '' };
    }
  }
  session.write(contentOf(letter).replace(/^\./gm, '..'));
  const reply = await session.say('.');
  return { reply, id: idIn(reply) };
}

/** Postern's id in a 250, or ''. */
export function idIn(reply: string): string {
  return /^250 .*(?:accepted as|kept as) ([0-9A-Z]{26})$/.exec(reply)?.[1] ?? '';
}

/** The deliveries of a message now. */
export async function deliveriesOf(postern: Postern, id: string): Promise<readonly QueueEntry[]> {
  const shown = await postern.control.call('queue.show', { messageId: id });
  if (shown.kind !== 'done') throw new Error(`no message "${id}": ${JSON.stringify(shown)}`);
  return shown.value.deliveries;
}

/** The deliveries of a message when `is` holds for each of them. @throws where that takes too long */
export async function untilEach(
  postern: Postern,
  id: string,
  is: (entry: QueueEntry) => boolean,
  withinMs = 15_000,
): Promise<readonly QueueEntry[]> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    const entries = await deliveriesOf(postern, id);
    if (entries.every(is)) return entries;
    if (performance.now() > giveUpAt) throw new Error(`${id}: ${entries.map(inWords).join('; ')}`);
    await postern.happened();
  }
}

/** The same when each has ended, or is held. */
export function untilOver(postern: Postern, id: string): Promise<readonly QueueEntry[]> {
  return untilEach(postern, id, ({ state }) => isFinal(state) || state === 'held');
}

/** `held delivery.below-floor 5.7.10`: state, code and status. */
export function inWords({ state, lastStatus }: QueueEntry): string {
  return [state, lastStatus?.code, lastStatus?.status].filter((word) => word !== undefined).join(' ');
}

/** Records of evidence, oldest first; of one message where an id is given. */
export async function recordsOf(postern: Postern, id: string | null = null): Promise<readonly AuditEntry[]> {
  const loaded = await loadConfig(postern.configPath, Date.now());
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.issues));
  const audit = await openAudit(loaded);
  if (audit.kind === 'not-reached') throw new Error(audit.text);
  try {
    return (await audit.list({ messageId: id, beforeSeq: null, limit: 5_000 })).toReversed();
  } finally {
    await audit.close();
  }
}
