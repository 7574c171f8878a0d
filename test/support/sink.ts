// A next hop that keeps what it takes by test id and by our own id, and counts copies. How it treats a recipient is in its address:
// `no-...` is refused, `later-...` put off at the first try, all others are taken. It lives in the test, so it outlives every kill.
import { hash } from 'node:crypto';
import { SmtpPeer } from './smtp-peer.ts';
import type { Call, PeerMessage, Step } from './smtp-peer.ts';
import type { TestIdentity } from './test-ca.ts';

/** One message taken for one recipient. */
export interface Arrival {
  /** Postern's id, out of its Received field or the Message-ID of a report. */
  readonly messageId: string;
  /** X-Test-Id of the message. */
  readonly testId: string;
  readonly recipient: string;
  /** Digest of the body: that of `bodyDigest` in load.ts where it came whole. */
  readonly bodySha256: string;
}

/** A DSN taken (RFC 3464), one for each recipient it speaks of. */
export interface ReportArrival {
  readonly messageId: string;
  /** Test id of the message it is about. */
  readonly testId: string;
  readonly recipient: string;
  readonly action: string;
}

export interface SinkOptions {
  readonly identity?: TestIdentity;
  /** Asked at the final dot before the message is taken; for a next hop that is slow or silent. */
  readonly atDot?: () => Promise<void> | void;
}

export class Sink {
  readonly arrivals: Arrival[] = [];
  readonly reports: ReportArrival[] = [];
  /** Message-IDs of notices to reviewers: Postern made them, so no Received field of ours is on them. */
  readonly notices: string[] = [];
  /** Set by a test: puts off every recipient while it is so. */
  mood: 'takes' | 'puts-off' = 'takes';
  readonly #peer: SmtpPeer;
  readonly #putOff = new Set<string>();
  #read = 0;

  private constructor(options: SinkOptions) {
    this.#peer = new SmtpPeer({
      ...(options.identity === undefined ? {} : { identity: options.identity }),
      script: async (step, call) => {
        if (step === 'dot') await options.atDot?.();
        return this.#answer(step, call);
      },
    });
  }

  static async start(t: { teardown(handler: () => Promise<void>): void }, options: SinkOptions = {}): Promise<Sink> {
    const sink = new Sink(options);
    await sink.#peer.listen();
    t.teardown(() => sink.#peer.close());
    return sink;
  }

  get port(): number {
    return this.#peer.port;
  }

  /** As they came, oldest first. */
  get messages(): readonly PeerMessage[] {
    return this.#peer.messages;
  }

  /** Resolves when what the test waits for has arrived. */
  async until(isTrue: (sink: Sink) => boolean): Promise<void> {
    await this.#peer.until(() => {
      this.look();
      return isTrue(this);
    });
  }

  /** Sorts what came since the last look. */
  look(): void {
    for (const message of this.#peer.messages.slice(this.#read)) this.#sort(message);
    this.#read = this.#peer.messages.length;
  }

  #answer(step: Step, { line }: Call): string | undefined {
    if (step !== 'rcpt') return undefined;
    if (this.mood === 'puts-off') return '450 4.2.1 not now\r\n';
    const address = addressIn(line);
    if (address.startsWith('no-')) return '550 5.1.1 no such mailbox\r\n';
    if (!address.startsWith('later-') || this.#putOff.has(address)) return undefined;
    this.#putOff.add(address);
    return '450 4.2.1 not now\r\n';
  }

  #sort({ content, rcpt }: PeerMessage): void {
    const end = content.indexOf('\r\n\r\n');
    const header = content.toString('latin1', 0, end);
    if (/^Content-Type: multipart\/report/im.test(header)) return this.#sortReport(header, content.toString('latin1', end));
    const own = /^Message-ID:\s*<([0-9A-Z]{26})@/im.exec(header)?.[1] ?? '';
    const received = /^Received:[^]*? id ([0-9A-Z]{26})/m.exec(header)?.[1];
    if (received === undefined && /^Auto-Submitted: auto-generated\r?$/im.test(header)) {
      this.notices.push(own);
      for (const line of rcpt) this.reports.push({ messageId: own, testId: '', recipient: addressIn(line), action: 'notice' });
      return;
    }
    // What a person wrote at the portal: Postern made its header, and its id is all that it is known by.
    const messageId = received ?? own;
    const testId = received === undefined ? own : fieldOf(header, 'X-Test-Id');
    const bodySha256 = hash('sha256', content.subarray(end + 4), 'hex');
    for (const line of rcpt) this.arrivals.push({ messageId, testId, recipient: addressIn(line), bodySha256 });
  }

  #sortReport(header: string, body: string): void {
    const messageId = /^Message-ID:\s*<([0-9A-Z]{26})@/im.exec(header)?.[1] ?? '';
    const testId = /^In-Reply-To:\s*<([^@>]*)@/im.exec(header)?.[1] ?? '';
    for (const [, recipient = '', action = ''] of body.matchAll(/^Final-Recipient: rfc822; ?(\S+)\r\nAction: (\S+)/gim)) {
      this.reports.push({ messageId, testId, recipient, action });
    }
  }
}

function addressIn(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? '';
}

function fieldOf(header: string, name: string): string {
  return new RegExp(`^${name}: *(.*)$`, 'im').exec(header)?.[1]?.trim() ?? '';
}
