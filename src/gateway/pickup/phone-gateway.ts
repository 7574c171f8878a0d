// The gateway to telephones: one POST of a small form or JSON object for each code, to the place that the configuration names. All that comes back is
// one of three words; what it wrote is read no further than its status, and never shown or logged.
import type { SmsConfig } from '../../config/portal.ts';
import { type FetchOptions, postHttp } from '../../fetch/https-fetch.ts';
import type { Language } from '../../mail/language.ts';
import type { PhoneWay } from '../../mail/pickup.ts';

/** A code on its way to a telephone. */
export interface PhoneMessage {
  /** E.164. */
  readonly to: string;
  /** For people to read, or to hear. */
  readonly text: string;
  /** As it is shown: 1234-5678. For a gateway that speaks it by itself. */
  readonly code: string;
  readonly language: Language;
  readonly kind: PhoneWay;
}

/** 'refused': it answered, and not with yes. 'unreachable': no answer that counts; the code may have gone out all the same. */
export type PhoneSent = 'sent' | 'refused' | 'unreachable';

export type SendToPhone = (message: PhoneMessage, signal: AbortSignal) => Promise<PhoneSent>;

export interface PhoneGatewayParts {
  readonly sms: Pick<SmsConfig, 'url' | 'caPem' | 'content' | 'body' | 'timeoutMs'>;
  readonly authorization: string | null;
  /** PEM, where the configuration names none for the gateway. */
  readonly trustAnchors: readonly string[];
  readonly resolveHost: FetchOptions['resolveHost'];
}

/** Its answer is not for us. */
const ANSWER_BYTES = 64 * 1024;

export function phoneGateway({ sms, authorization, trustAnchors, resolveHost }: PhoneGatewayParts): SendToPhone {
  const { url, caPem, content, timeoutMs } = sms;
  const contentType = content === 'form' ? 'application/x-www-form-urlencoded' : 'application/json';
  return async (message, signal) => {
    const fields = fieldsOf(message, sms.body);
    const text = content === 'form' ? new URLSearchParams(fields).toString() : JSON.stringify(fields);
    const post = { contentType, body: Buffer.from(text), authorization };
    const ca = caPem === null ? trustAnchors : [caPem];
    // The administrator names it: it may well stand in a network of the organisation's own.
    const limits = { resolveHost, ca, addresses: 'any', timeoutMs, maxBytes: ANSWER_BYTES } as const;
    const result = await postHttp(url, post, limits, signal);
    if (result.kind === 'failed') return result.reason === 'redirect' ? 'refused' : 'unreachable';
    return result.status >= 200 && result.status < 300 ? 'sent' : 'refused';
  };
}

function fieldsOf(message: PhoneMessage, body: SmsConfig['body']): Record<string, string> {
  const { to, text, code, language, kind } = message;
  const values: Readonly<Record<string, string>> = { to, text, code, language, kind };
  if (body.length === 0) return { ...values };
  const fill = (value: string): string => value.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
  return Object.fromEntries(body.map(({ name, value }) => [name, fill(value)]));
}
