// How tags of a subject are spelled, and what may stand in front of one: the words of answers and forwards, in any tongue, counted or not.

/** Source of a pattern with the flags `iu`: `[secure]`, `(secure)`, `{secure}`, `#secure`. */
export const TAG = '(?:\\[[^\\[\\]]{1,40}\\]|\\([^()]{1,40}\\)|\\{[^{}]{1,40}\\}|#[\\p{L}\\p{N}_-]{1,40})';
const WORD = '[\\p{L}\\p{N}_-]{1,40}';
/** Some programs count: `Re[2]:`, `Re(2):`, `Re^2:`, `Re*2:`. */
const COUNT = '\\s?(?:\\[\\d{1,4}\\]|\\(\\d{1,4}\\)|[\\^*]\\d{1,4})';
/**
 * `Re:`, `Fwd[3]:`, and what no tag looks like: a word that is counted, or stands before a space and a colon (`R\u00e9p :`), or before a wide
 * colon. These words themselves are no tags. Each text matches in one way only, so that a chain of them takes no longer than it is.
 */
export const ANSWER = `(?:(?:re|fwd?|aw|wg|sv|tr|rv):|${WORD}(?:${COUNT}\\s{0,4}[:\uff1a]|\\s{1,4}:|\\s{0,4}\uff1a))`;
/** `secure:`. Only in front of a subject. */
export const WORD_TAG = `${WORD}:`;
