// Reads SMTP replies as bytes arrive (RFC 5321 4.2). What a peer sends is untrusted: lines, replies and what waits unread are bounded,
// and whatever is no reply ends the reading for good. Text is latin1, so no byte sequence can be invalid.

/** A whole reply; `lines` are the texts after code and separator. */
export interface RawReply {
  readonly code: number;
  readonly lines: readonly string[];
}

/** RFC 5321 4.5.3.1.5 says 512 octets; servers in the field say more. */
export const MAX_REPLY_LINE = 4096;
export const MAX_REPLY_LINES = 100;
export const MAX_REPLY_CHARACTERS = 64 * 1024;
/** Replies that nobody has asked for yet: above the largest pipelined group. */
export const MAX_UNREAD_REPLIES = 512;

const DIGIT_0 = 48;
const SPACE = 32;
const HYPHEN = 45;
const CR = 13;

export class ReplyReader {
  #rest = '';
  #code = 0;
  #lines: string[] = [];
  #characters = 0;
  #ready: RawReply[] = [];
  #broken = false;

  /** Something arrived that is no reply, or too much of it. Replies before it can still be taken. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Nothing is left over: no reply, and no part of one. */
  get empty(): boolean {
    return this.#ready.length === 0 && this.#lines.length === 0 && this.#rest === '' && !this.#broken;
  }

  /** Is a whole reply waiting? */
  get hasReply(): boolean {
    return this.#ready.length > 0;
  }

  take(): RawReply | null {
    return this.#ready.shift() ?? null;
  }

  push(chunk: Buffer): void {
    if (this.#broken) return;
    const text = this.#rest + chunk.toString('latin1');
    let from = 0;
    for (let lf = text.indexOf('\n'); lf >= 0; lf = text.indexOf('\n', from)) {
      if (lf - from >= MAX_REPLY_LINE) return this.#fail();
      const end = lf > from && text.charCodeAt(lf - 1) === CR ? lf - 1 : lf;
      if (!this.#line(text, from, end)) return this.#fail();
      from = lf + 1;
    }
    this.#rest = from === 0 ? text : text.slice(from);
    if (this.#rest.length >= MAX_REPLY_LINE) this.#fail();
  }

  /** Takes one line, text[from, end). Says whether it can stand in a reply where it does. */
  #line(text: string, from: number, end: number): boolean {
    const code = codeAt(text, from, end);
    if (code === 0 || (this.#lines.length > 0 && code !== this.#code)) return false;
    const separator = end - from === 3 ? SPACE : text.charCodeAt(from + 3);
    if (separator !== SPACE && separator !== HYPHEN) return false;
    this.#code = code;
    this.#characters += end - from;
    this.#lines.push(text.slice(from + 4, end));
    if (this.#lines.length > MAX_REPLY_LINES || this.#characters > MAX_REPLY_CHARACTERS) return false;
    return separator === HYPHEN ? true : this.#finish();
  }

  #finish(): boolean {
    this.#ready.push({ code: this.#code, lines: this.#lines });
    this.#lines = [];
    this.#characters = 0;
    return this.#ready.length <= MAX_UNREAD_REPLIES;
  }

  #fail(): void {
    this.#broken = true;
    this.#rest = '';
    this.#lines = [];
  }
}

/** The reply code at a place: 200 to 599, or 0 where none is. */
function codeAt(text: string, from: number, end: number): number {
  if (end - from < 3) return 0;
  const first = text.charCodeAt(from) - DIGIT_0;
  const second = text.charCodeAt(from + 1) - DIGIT_0;
  const third = text.charCodeAt(from + 2) - DIGIT_0;
  if (first < 2 || first > 5 || second < 0 || second > 9 || third < 0 || third > 9) return 0;
  return first * 100 + second * 10 + third;
}
