// The field for a code, the same wherever one is asked for.
import { filled, html, type Html } from '../html.ts';
import type { Visit } from '../visit.ts';
import { field, form, names } from './layout.ts';

export interface CodeFormTexts {
  readonly wrong: string | null;
  readonly submit: string;
  /** Where can the code have come from? */
  readonly from?: 'clinic' | 'phone';
}

const HINTS = { mail: 'hint', clinic: 'hintClinic', phone: 'hintPhone' } as const;

export function codeForm(visit: Visit, link: string, { wrong, submit, from }: CodeFormTexts): Html {
  const { words } = visit;
  const text = {
    id: 'code',
    label: words.code.label,
    hint: filled(words.code[HINTS[from ?? 'mail']], names(visit)),
    ...(wrong === null ? {} : { wrong }),
  };
  // No pattern: a code is read with or without its hyphen and spaces.
  const input = (described: Html): Html =>
    html`<input
      class="code"
      id="code"
      name="code"
      inputmode="numeric"
      autocomplete="one-time-code"
      maxlength="40"
      required${described}${wrong === null ? null : html` autofocus`}
    />`;
  return form(visit, `/m/${link}/code`, html`${field(text, input)} <button class="first">${submit}</button>`);
}
