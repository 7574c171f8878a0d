// The client of `postern demo`: submits as an ordinary mail program does, over verified TLS with AUTH, and reads our id from the reply.
import nodemailer from 'nodemailer';
import type { SendMailOptions } from 'nodemailer';
import type { DemoMessage } from './demo-messages.ts';

export interface DemoSubmission {
  readonly host: string;
  readonly port: number;
  readonly tls: 'implicit' | 'starttls';
  /** PEM: the certificate of the listener or its authority. Nothing else is trusted. */
  readonly ca: string;
  /** The name in the certificate. */
  readonly serverName: string;
  readonly user: string;
  readonly password: string;
  readonly from: string;
}

export type DemoSent =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** The whole message was refused; the reply is our own. */
  | { readonly kind: 'refused'; readonly reply: string }
  | { readonly kind: 'not-reached'; readonly text: string };

export interface DemoClient {
  send(message: DemoMessage, at: number): Promise<DemoSent>;
  close(): void;
}

const TIMEOUT_MS = 15_000;

export function createDemoClient(submission: DemoSubmission): DemoClient {
  const { host, port, ca, serverName, user, password, from } = submission;
  const transport = nodemailer.createTransport({
    pool: true,
    maxConnections: 1,
    host,
    port,
    secure: submission.tls === 'implicit',
    requireTLS: true,
    auth: { user, pass: password },
    tls: { ca, servername: serverName, minVersion: 'TLSv1.2' },
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(message, at) {
      try {
        const info = await transport.sendMail(mailOf(message, from, at));
        const messageId = /\b[0-9A-HJKMNP-TV-Z]{26}\b/.exec(info.response)?.[0];
        return messageId === undefined ? { kind: 'refused', reply: info.response } : { kind: 'accepted', messageId };
      } catch (error) {
        return failureOf(error);
      }
    },
    close: () => transport.close(),
  };
}

function mailOf(message: DemoMessage, from: string, at: number): SendMailOptions {
  const to = [...message.recipients];
  const dsn = message.notify === null ? {} : { dsn: { notify: [...message.notify], return: 'headers' as const, id: `demo-${at}` } };
  if (message.encoding === '8bit') return { envelope: { from, to, use8BitMime: true }, raw: eightBit(message, from, at), ...dsn };
  const { attachment, html } = message;
  return {
    envelope: { from, to },
    from,
    to,
    subject: message.title,
    date: new Date(at),
    text: message.text,
    ...(html === null ? {} : { html }),
    ...(attachment === null ? {} : { attachments: [{ ...attachment }] }),
    ...dsn,
  };
}

/** nodemailer would encode the body; here it stays as it is, as some senders still do. */
function eightBit(message: DemoMessage, from: string, at: number): Buffer {
  const subject = `=?utf-8?B?${Buffer.from(message.title).toString('base64')}?=`;
  const lines = [
    `From: ${from}`,
    `To: ${message.recipients.join(', ')}`,
    `Subject: ${subject}`,
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <demo-${at}@sandbox.test>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    ...message.text.split('\n'),
  ];
  return Buffer.from(lines.join('\r\n'), 'utf8');
}

/** What a person can do something about; the library's own words are not shown. */
function failureOf(error: unknown): DemoSent {
  const facts: Readonly<Record<string, unknown>> = error instanceof Error ? { ...error } : {};
  const { code, response } = facts;
  if (code === 'EAUTH') return { kind: 'not-reached', text: 'the account of the sandbox was not let in: its password has changed' };
  if (code === 'ETLS') return { kind: 'not-reached', text: 'the listener offers no TLS that can be verified' };
  if (typeof response === 'string' && response !== '') return { kind: 'refused', reply: response };
  return { kind: 'not-reached', text: 'nothing answers at the port of the sandbox: start it with npm start' };
}
