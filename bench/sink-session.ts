// One connection to the sink: just enough SMTP to take mail as fast as it comes. Replies to commands that arrive together leave together.
export interface SinkEvents {
  readonly write: (text: string) => void;
  readonly startTls: () => void;
  readonly end: () => void;
  readonly arrived: (id: string, bodyBytes: number) => void;
}

const END = Buffer.from('\r\n.\r\n');
const EMPTY_LINE = Buffer.from('\r\n\r\n');
const MAX_HEAD = 64 * 1024;

export class SinkSession {
  readonly #events: SinkEvents;
  readonly #security: 'clear' | 'tls';
  #state: 'commands' | 'content' = 'commands';
  #line = '';
  /** Last octets of the content so far: its end may lie across two pieces. */
  #tail: Buffer = Buffer.alloc(0);
  #head: Buffer = Buffer.alloc(0);
  #headBytes = -1;
  #contentBytes = 0;

  constructor(security: 'clear' | 'tls', events: SinkEvents) {
    this.#security = security;
    this.#events = events;
  }

  feed(piece: Buffer): void {
    let replies = '';
    let rest = piece;
    while (rest.length > 0) {
      if (this.#state === 'content') {
        const used = this.#content(rest);
        if (used < 0) break;
        replies += '250 2.0.0 taken\r\n';
        rest = rest.subarray(used);
        continue;
      }
      const end = rest.indexOf(10);
      this.#line += rest.toString('latin1', 0, end < 0 ? rest.length : end + 1);
      if (end < 0) break;
      replies += this.#command(this.#line.trimEnd());
      this.#line = '';
      rest = rest.subarray(end + 1);
    }
    if (replies !== '') this.#events.write(replies);
  }

  #command(line: string): string {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO' || verb === 'HELO') return this.#greeting();
    if (verb === 'STAR' && this.#security === 'clear') {
      this.#events.startTls();
      return '220 2.0.0 go on\r\n';
    }
    if (verb === 'DATA') {
      this.#state = 'content';
      this.#tail = Buffer.from('\r\n');
      this.#head = Buffer.alloc(0);
      this.#headBytes = -1;
      this.#contentBytes = 0;
      return '354 go on\r\n';
    }
    if (verb === 'QUIT') {
      this.#events.end();
      return '221 2.0.0 bye\r\n';
    }
    return verb === 'MAIL' || verb === 'RCPT' || verb === 'RSET' || verb === 'NOOP' ? '250 2.0.0 ok\r\n' : '500 5.5.1 no\r\n';
  }

  #greeting(): string {
    const tls = this.#security === 'clear' ? '250-STARTTLS\r\n' : '';
    return `250-sink.bench.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-SIZE 100000000\r\n250-DSN\r\n${tls}250 ENHANCEDSTATUSCODES\r\n`;
  }

  /** Takes content from a piece. Gives how many octets belonged to it with its end, or -1 where the end is not there. */
  #content(piece: Buffer): number {
    const seam = Buffer.concat([this.#tail, piece.subarray(0, END.length - 1)]);
    const across = seam.indexOf(END);
    const within = across < 0 ? piece.indexOf(END) : -1;
    const ended = across >= 0 || within >= 0;
    const used = across >= 0 ? across + END.length - this.#tail.length : within >= 0 ? within + END.length : piece.length;
    this.#contentBytes += used;
    if (this.#headBytes < 0) this.#readHead(piece.subarray(0, used));
    if (!ended) {
      this.#tail =
        used >= END.length - 1 ? piece.subarray(used - END.length + 1, used) : Buffer.concat([this.#tail, piece]).subarray(1 - END.length);
      return -1;
    }
    this.#state = 'commands';
    const id = /^X-Bench-Id: (\S+)/im.exec(this.#head.toString('latin1'))?.[1] ?? '';
    this.#events.arrived(id, this.#contentBytes - 3 - Math.max(0, this.#headBytes));
    return used;
  }

  #readHead(piece: Buffer): void {
    this.#head = this.#head.length === 0 ? piece : Buffer.concat([this.#head, piece]);
    const end = this.#head.indexOf(EMPTY_LINE);
    if (end >= 0) this.#headBytes = end + EMPTY_LINE.length;
    else if (this.#head.length > MAX_HEAD) this.#headBytes = 0;
    if (this.#headBytes > 0) this.#head = Buffer.from(this.#head.subarray(0, this.#headBytes));
  }
}
