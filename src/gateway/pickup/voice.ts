// How the organisation names itself to people outside, by the brand that a pickup was made for.
import type { Language } from '../../mail/language.ts';

/** @param brand name in the configuration, or null where it is not known: then the first */
export type Voice = (brand: string | null) => { readonly organisation: string; readonly language: Language };
