// What notices about a pickup say, by language: short sentences for anybody who can read. A further language is one file beside these.
import type { Language } from '../../mail/language.ts';
import { EN } from './words-en.ts';
import { ES } from './words-es.ts';

/** In `{...}`: organisation, from, date, help, host, count. */
export interface NoticeWords {
  /** Neutral: nothing of the message. */
  readonly subjects: Readonly<Record<'first' | 'reminder' | 'again' | 'lost-factor' | 'code', string>>;
  readonly titles: Readonly<Record<'first' | 'reminder' | 'again' | 'lost-factor', string>>;
  /** What happened, where it may be told who wrote, and where not. */
  readonly from: string;
  readonly fromNobody: string;
  readonly reminder: string;
  readonly again: string;
  readonly lostFactor: string;
  readonly until: string;
  /** On the button. */
  readonly open: string;
  /** How it is opened: with a code by mail, or with one of the organisation. */
  readonly byMail: string;
  readonly byClinic: string;
  readonly genuineTitle: string;
  readonly genuine: string;
  readonly call: string;
  readonly answerThere: string;
  readonly noAnswers: string;
  /** To whom wrote: the code that they tell by another way. */
  readonly code: {
    readonly title: string;
    readonly what: string;
    readonly how: string;
    readonly line: string;
    readonly until: string;
    readonly questions: string;
  };
}

export const NOTICE_WORDS: Readonly<Record<Language, NoticeWords>> = { en: EN, es: ES };

/** Puts values where `{name}` stands. A name that is not given stays as it is: tests see it. */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
