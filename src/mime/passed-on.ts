// A message that came by ordinary mail and is passed on inside one of ours: the whole of it becomes a part, and the first that is read says that it
// was not protected on its way. Its body is streamed between what is made here.
import type { Language } from '../mail/language.ts';
import { composeHeader, composePart } from './compose.ts';
import { decodeEncodedWords } from './encoded-words.ts';
import { fieldBytes, fieldText, type HeaderBlock } from './header-block.ts';
import { LF } from './octets.ts';
import { addressed, type AnswerFacts } from './pickup-answer.ts';
import { wrapWords } from './text-lines.ts';

export interface PassedOnFacts extends Omit<AnswerFacts, 'subject'> {
  /** Letters and digits that occur in no message: of chance. */
  readonly boundary: string;
  /** 'reply': to a notice about a message that waits. 'postmaster': to the postmaster of the return domain. */
  readonly cameTo: 'reply' | 'postmaster';
  readonly header: HeaderBlock;
}

export interface PassedOn {
  /** Before the body. */
  readonly head: Uint8Array;
  /** Behind it. */
  readonly tail: Uint8Array;
}

/** Says of a message that nobody protected it on its way here. */
export const NOT_PROTECTED_FIELD = 'X-Postern-Not-Protected';

type Words = Readonly<Record<PassedOnFacts['cameTo'], string>>;
const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    reply:
      'NOT PROTECTED. This is a reply to a notice, by ordinary e-mail and not through the portal. Others may have read it on its way, and nobody has checked who wrote it. If you answer it, your answer goes to the portal.',
    postmaster:
      'NOT PROTECTED. This came by ordinary e-mail to the postmaster of the return addresses. Nobody has checked who wrote it. An answer does not reach them: write to their own address.',
  },
  es: {
    reply:
      'NO PROTEGIDO. Es una respuesta a un aviso, por correo electrónico común y no por el portal. Otras personas pueden haberla leído en el camino, y nadie ha comprobado quién la escribió. Si la contesta, su respuesta va al portal.',
    postmaster:
      'NO PROTEGIDO. Ha llegado por correo electrónico común al administrador de las direcciones de retorno. Nadie ha comprobado quién lo escribió. Una contestación no le llega: escriba a su propia dirección.',
  },
};

export function passedOn(facts: PassedOnFacts): PassedOn {
  const { boundary, cameTo, header, writer } = facts;
  const subject = header.fields.find(({ key }) => key === 'subject');
  const top = composeHeader({
    ...addressed({ ...facts, subject: subject === undefined ? '' : decodeEncodedWords(fieldText(header, subject).slice(0, 2_000)).text }),
    further: [[NOT_PROTECTED_FIELD, cameTo]],
    contentType: `multipart/mixed; boundary="${boundary}"`,
  });
  const note = composePart(
    {
      contentType: 'text/plain; charset=utf-8',
      description: null,
      disposition: 'inline',
      content: [...wrapWords(WORDS[writer.language][cameTo], ''), '', ''].join('\r\n'),
    },
    boundary,
  );
  return {
    head: Buffer.concat([Buffer.from(`${top}--${boundary}\r\n${note}\r\n--${boundary}\r\n`), ...fieldsOfBody(header), Buffer.from('\r\n')]),
    tail: Buffer.from(`\r\n--${boundary}--\r\n`),
  };
}

/** The first of each: where there are more, readers differ. */
function fieldsOfBody(header: HeaderBlock): readonly Uint8Array[] {
  return [...OF_THE_BODY].flatMap((wanted) => {
    const field = header.fields.find(({ key }) => key === wanted);
    if (field === undefined) return [];
    const bytes = fieldBytes(header, field);
    return bytes.at(-1) === LF ? [bytes] : [bytes, Buffer.from('\r\n')];
  });
}

/** RFC 2045 3: what a body is, without which it could not be read. */
const OF_THE_BODY: ReadonlySet<string> = new Set([
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-id',
  'content-language',
]);
