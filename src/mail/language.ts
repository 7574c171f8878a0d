// The languages that pages and notices for people outside are written in. A further one is a word here and one file of words at each place that
// has them: the types say which are missing. Pure.

/** Primary subtags of RFC 5646. */
export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];
