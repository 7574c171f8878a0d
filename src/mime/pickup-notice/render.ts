// One text as plain lines and as a page: the same words in both, no picture, no script, nothing from elsewhere.
import type { Language } from '../../mail/language.ts';
import { wrapWords } from '../text-lines.ts';

export interface NoticeText {
  readonly language: Language;
  readonly title: string;
  readonly paragraphs: readonly string[];
  /** The one thing to do, or null. */
  readonly action: { readonly label: string; readonly url: string } | null;
  /** Below it, smaller. Empty lines part groups. */
  readonly more: readonly string[];
  /** `#rrggbb` of the configuration. */
  readonly accent: string;
}

/** Lines of at most 76 characters, but for the link. */
export function asPlainText({ title, paragraphs, action, more }: NoticeText): string {
  const lines = [title, ...paragraphs, ...(action === null ? [] : [`${action.label}:`])].flatMap((text) => [...wrapWords(text, ''), '']);
  const link = action === null ? [] : [action.url, ''];
  return [...lines.slice(0, action === null ? undefined : -1), ...link, ...more.flatMap((text) => [...wrapWords(text, ''), ''])].join(
    '\r\n',
  );
}

const FONT = "font:17px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif";

export function asHtml({ language, title, paragraphs, action, more, accent }: NoticeText): string {
  const block = (text: string, style: string): string => `<p style="margin:0 0 16px;${style}">${escaped(text)}</p>`;
  const button =
    action === null
      ? []
      : [
          `<p style="margin:24px 0"><a href="${escaped(action.url)}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:${accent};color:#ffffff;text-decoration:none;font-weight:600">${escaped(action.label)}</a></p>`,
        ];
  return [
    '<!DOCTYPE html>',
    `<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">`,
    `<meta name="color-scheme" content="light dark"><title>${escaped(title)}</title></head>`,
    `<body style="margin:0;padding:24px 16px;${FONT}"><div style="max-width:38rem;margin:0 auto">`,
    `<h1 style="font-size:22px;line-height:1.3;margin:0 0 16px">${escaped(title)}</h1>`,
    ...paragraphs.map((text) => block(text, '')),
    ...button,
    ...more.map((text) => block(text, 'font-size:15px')),
    '</div></body></html>',
    '',
  ].join('\r\n');
}

function escaped(text: string): string {
  return text.replace(/\p{C}+/gu, ' ').replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

/**
 * `28 December 2026`, as the language writes it. Without a time: the reader's zone is not known.
 * @param zone of who writes (IANA); null: the machine's
 */
export function dayInWords(at: number, language: Language, zone: string | null): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', ...(zone === null ? {} : { timeZone: zone }) }).format(at);
}
