// The mail that carries a code, and the same for a telephone, to read and to hear: what it is for, how long it is good, and that it confirms an address and no more
// (NIST SP 800-63B-4 3.1.3.1). Nothing of the message is in it, and no link: nobody learns to open links of mails with codes.
import type { Brand } from '../config/portal.ts';
import type { Language } from '../mail/language.ts';
import { compose } from './compose.ts';
import { wrapWords } from './text-lines.ts';

export interface CodeMailFacts {
  readonly id: string;
  readonly at: number;
  readonly hostname: string;
  readonly brand: Pick<Brand, 'from' | 'organisation' | 'help'>;
  readonly to: string;
  /** As it is shown: 1234-5678. */
  readonly code: string;
  readonly language: Language;
}

interface Words {
  readonly subject: string;
  readonly lead: (organisation: string) => string;
  readonly use: string;
  readonly means: string;
  readonly notYou: (help: string) => string;
  /** A text message stands on a locked screen: it names nobody, and no organisation. */
  readonly short: (code: string) => string;
  readonly heard: (code: string) => string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    subject: 'Your code',
    lead: (organisation) => `Your code for the messages of ${organisation} is:`,
    use: 'Type it into the page that asked for it. It is good once, for 10 minutes.',
    means: 'It confirms your address, nothing more. Nobody of ours asks you for it, by telephone or by e-mail: tell it to nobody.',
    notYou: (help) => `If you did not ask for a code, you need do nothing. Questions: ${help}`,
    short: (code) => `Your code is ${code}. Good for 10 minutes. Tell it to nobody.`,
    heard: (code) =>
      `Here is the code that you asked for: ${code}. Once more: ${code}. Type it into the page. It is good for 10 minutes. Tell it to nobody.`,
  },
  es: {
    subject: 'Su código',
    lead: (organisation) => `Su código para los mensajes de ${organisation} es:`,
    use: 'Escríbalo en la página que se lo pidió. Sirve una vez, durante 10 minutos.',
    means: 'Confirma su dirección y nada más. Nadie de nuestra parte se lo pedirá, ni por teléfono ni por correo: no se lo diga a nadie.',
    notYou: (help) => `Si usted no pidió un código, no tiene que hacer nada. Preguntas: ${help}`,
    short: (code) => `Su código es ${code}. Sirve durante 10 minutos. No se lo diga a nadie.`,
    heard: (code) =>
      `Este es el código que usted pidió: ${code}. Otra vez: ${code}. Escríbalo en la página. Sirve durante 10 minutos. No se lo diga a nadie.`,
  },
};

/** The bytes of the mail. The caller sends it from `<>`. */
export function composeCodeMail({ id, at, hostname, brand, to, code, language }: CodeMailFacts): Uint8Array {
  const words = WORDS[language];
  const lines = [
    ...wrapWords(words.lead(brand.organisation), ''),
    '',
    `    ${code}`,
    '',
    ...wrapWords(words.use, ''),
    '',
    ...wrapWords(words.means, ''),
    '',
    ...wrapWords(words.notYou(brand.help), ''),
    '',
  ];
  return compose({
    messageId: `${id}@${hostname}`,
    at,
    from: { name: brand.organisation, address: brand.from },
    to: [{ name: null, address: to }],
    subject: words.subject,
    inReplyTo: null,
    references: null,
    autoSubmitted: 'auto-generated',
    further: [['Content-Language', language]],
    contentType: 'multipart/mixed',
    parts: [{ contentType: 'text/plain; charset=utf-8', description: null, disposition: 'inline', content: lines.join('\r\n') }],
  });
}

/**
 * For a text message. Its last line names the page that the code is for and nothing else: phones that know this form ("origin-bound one-time codes",
 * WICG) fill it in there only, so a page that looks like ours gets nothing from them.
 *
 * @param host of the portal
 */
export function codeToRead(code: string, host: string, language: Language): string {
  return `${WORDS[language].short(code)}\n\n@${host} #${code.replace('-', '')}`;
}

/** For a call: digit by digit, twice. */
export function codeToHear(code: string, language: Language): string {
  const spoken = code
    .split('-')
    .map((half) => [...half].join(', '))
    .join('. ');
  return WORDS[language].heard(spoken);
}
