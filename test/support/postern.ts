// A real Postern in a process of its own, in a folder that is gone when the test ends: configured, started, killed, started again.
// Its log is read line by line, its evidence and queue from the data folder. It ends only what it started, by pid.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type ControlClient, controlClient } from '../../src/control/client.ts';
import { controlSocketPath } from '../../src/control/socket-path.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { createTestCa, type TestCa } from './test-ca.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
/** What a test runner puts into its children would be loaded by Postern too. */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:NODE_|TAP|_TAP)/.test(name)));

/** Where the test is killed, its children go too. */
const ENDS_WITH_US = ['setpriv', '--pdeathsig', 'KILL'];

/** Whatever a test waits for comes sooner, on the slowest machine. */
const UNTIL_MS = 30_000;

export const ACCOUNT = 'loader@clinic.test';
const PASSWORD = 'correct horse battery staple 7';

export interface LogLine {
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface NextHopOf {
  /** Patterns of `domains`. */
  readonly domains: readonly string[];
  readonly port: number;
}

export interface PosternOptions {
  readonly routes: readonly NextHopOf[];
  /** Lines of YAML beside or over the usual ones, by their first key: `disk`, `delivery`, ... */
  readonly sections?: Readonly<Record<string, string>>;
  /** Other files in the folder of the configuration, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Started instead of `src/main.ts serve`; the last argument is the configuration file. */
  readonly program?: string;
  /** Words before the command line of node: what starts it (a namespace, say). */
  readonly launcher?: readonly string[];
  /** Issues the certificate of the listeners; next hops' are trusted too. */
  readonly ca?: TestCa;
  /** Where the data lie; below the folder of the test where left out. */
  readonly dataFolder?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class Postern implements AsyncDisposable {
  readonly folder: string;
  readonly ca: TestCa;
  readonly #options: PosternOptions;
  readonly #sections: Record<string, string>;
  #child: ChildProcess | null = null;
  #life: 'in use' | 'over' = 'in use';
  #ended: Promise<Ended> = Promise.resolve({ code: null, signal: null });
  #log: LogLine[] = [];
  #stderr = '';
  #stdout = '';
  #waiting: (() => void)[] = [];

  private constructor(folder: string, options: PosternOptions) {
    this.folder = folder;
    this.ca = options.ca ?? createTestCa();
    this.#options = options;
    this.#sections = { ...this.#usualSections(), ...options.sections };
  }

  /** Writes the configuration and starts for the first time, with one account. Gone when the test ends. */
  static async start(t: { teardown(handler: () => void | Promise<void>): void }, options: PosternOptions): Promise<Postern> {
    const postern = Postern.prepare(t, options);
    await postern.start();
    await postern.addAccount();
    return postern;
  }

  /** The configuration alone: nothing was ever started in its folder. */
  static prepare(t: { teardown(handler: () => void | Promise<void>): void }, options: PosternOptions): Postern {
    const postern = new Postern(temporaryFolder(t), options);
    t.teardown(() => postern[Symbol.asyncDispose]());
    postern.#writeFiles();
    return postern;
  }

  /** Adds the account of `login`. */
  async addAccount(): Promise<void> {
    const added = await this.control.call('account.add', {
      name: ACCOUNT,
      password: PASSWORD,
      mayUse: ['*'],
      reports: null,
      likelyRepeats: 'report',
      who: 'test',
    });
    if (added.kind !== 'done') throw new Error(`the account was not added: ${JSON.stringify(added)}`);
  }

  get configPath(): string {
    return join(this.folder, 'postern.yaml');
  }

  get dataFolder(): string {
    return this.#options.dataFolder ?? join(this.folder, 'data');
  }

  get control(): ControlClient {
    return controlClient(controlSocketPath(join(this.folder, 'run')), { timeoutMs: 10_000 });
  }

  get login(): { readonly name: string; readonly password: string } {
    return { name: ACCOUNT, password: PASSWORD };
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('Postern does not run');
    return pid;
  }

  /** Resolves when the process of now has ended, for whatever reason. */
  get ended(): Promise<Ended> {
    return this.#ended;
  }

  get running(): boolean {
    return this.#child !== null;
  }

  /** Every line of every run so far. */
  get log(): readonly LogLine[] {
    return this.#log;
  }

  /** All that it wrote to stdout and stderr, as it came. */
  get output(): string {
    return this.#stdout + this.#stderr;
  }

  /** Port of the submissions listener of now (implicit TLS). */
  get port(): number {
    const line = this.#log.findLast(({ event, listener }) => event === 'service.listening' && listener === 'submissions');
    if (typeof line?.['port'] !== 'number') throw new Error('Postern does not listen');
    return line['port'];
  }

  /**
   * Starts the process and waits until everything listens.
   * @param launcher instead of the usual one
   * @throws where it ends before, with what it said
   */
  async start(launcher = this.#options.launcher ?? []): Promise<void> {
    if (this.#child !== null) throw new Error('Postern runs already');
    const from = this.#log.length;
    this.#spawn(launcher);
    const result = await Promise.race([this.until('service.started', () => true, from), this.#ended]);
    if ('signal' in result) {
      const said = this.#log.slice(from).map((line) => JSON.stringify(line));
      throw new Error(`Postern did not start (${String(result.code ?? result.signal)}): ${this.#stderr}${said.join('\n')}`);
    }
  }

  /** Stops in order, once it answers: a signal in the moment of the start would find nobody who hears it. */
  async stop(): Promise<Ended> {
    await this.control.call('status', {});
    return this.kill('SIGTERM');
  }

  /** Sends a signal and waits for the end. */
  async kill(signal: NodeJS.Signals): Promise<Ended> {
    this.#child?.kill(signal);
    return this.#ended;
  }

  /** Stops in order and starts again; `sections` changes the configuration before. */
  async restart(sections: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.stop();
    this.configure(sections);
    await this.start();
  }

  /** Writes sections of the configuration anew; a start or reload reads them. */
  configure(sections: Readonly<Record<string, string>>): void {
    Object.assign(this.#sections, sections);
    writeFileSync(this.configPath, Object.values(this.#sections).join('\n'), { mode: 0o600 });
  }

  /** The first line of the log from `from` on with this event for which `is` holds; waits for it, not for ever. */
  async until(event: string, is: (line: LogLine) => boolean = () => true, from = 0): Promise<LogLine> {
    const giveUpAt = performance.now() + UNTIL_MS;
    for (;;) {
      const found = this.#log.slice(from).find((line) => line.event === event && is(line));
      if (found !== undefined) return found;
      if (this.#life === 'over' || performance.now() > giveUpAt) throw new Error(`the log never said ${event}`);
      await this.happened();
    }
  }

  /** Resolves when the log has grown, and after a while all the same. */
  happened(withinMs = 250): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life = 'over';
    await this.kill('SIGKILL');
  }

  #spawn(launcher: readonly string[]): void {
    const program = this.#options.program === undefined ? [MAIN, 'serve', '--config'] : [this.#options.program];
    const command = [...launcher, ...ENDS_WITH_US, process.execPath, ...program, this.configPath];
    const child = spawn(command[0] ?? '', command.slice(1), {
      env: { ...ENVIRONMENT, ...this.#options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    child.stdout.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString('utf8')));
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => this.#heard(line));
    this.#ended = once(child, 'close').then(([code, signal]: (number | null | NodeJS.Signals)[]) => {
      this.#child = null;
      this.#wake();
      return { code: typeof code === 'number' ? code : null, signal: typeof signal === 'string' ? signal : null };
    });
  }

  #heard(line: string): void {
    try {
      const parsed: unknown = JSON.parse(line);
      if (isLogLine(parsed)) this.#log.push(parsed);
    } catch {
      // A kill may cut a line in two.
    }
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #writeFiles(): void {
    for (const name of ['tls', 'run']) mkdirSync(join(this.folder, name), { mode: 0o700 });
    const identity = this.ca.issue({ names: ['localhost'] });
    writeFileSync(join(this.folder, 'tls/certificate.pem'), identity.certificatePem);
    writeFileSync(join(this.folder, 'tls/key.pem'), identity.keyPem, { mode: 0o600 });
    writeFileSync(join(this.folder, 'tls/ca.pem'), this.ca.certificatePem);
    for (const [name, text] of Object.entries(this.#options.files ?? {})) writeFileSync(join(this.folder, name), text, { mode: 0o600 });
    this.configure({});
  }

  #usualSections(): Record<string, string> {
    return {
      version: 'version: 1',
      mode: 'mode: live',
      hostname: 'hostname: gateway.test',
      postmaster: 'postmaster: [postmaster@clinic.test]',
      folders: `folders: { data: ${this.dataFolder}, keys: keys, run: run }`,
      tls: 'tls: { certificate: tls/certificate.pem, key: tls/key.pem }',
      trust_anchors: 'trust_anchors: { file: tls/ca.pem }',
      listeners: 'listeners: { submissions: { address: 127.0.0.1, port: 0 } }',
      limits:
        'limits: { messages_per_hour: 1000000, messages_per_day: 1000000, new_recipients_per_hour: 1000000, new_recipients_per_day: 1000000 }',
      delivery: 'delivery: { retry: { first: 1s, factor: 2, longest: 2s } }',
      disk: 'disk: { refuse_below: 20MB, stop_below: 10MB }',
      routes: ['routes:', ...this.#options.routes.map(routeText)].join('\n'),
    };
  }
}

function routeText({ domains, port }: NextHopOf, i: number): string {
  const patterns = domains.map((domain) => JSON.stringify(domain)).join(', ');
  return `  - { name: route-${i}, domains: [${patterns}], next_hops: [{ host: localhost, port: ${port} }], final_for: all }`;
}

function isLogLine(value: unknown): value is LogLine {
  return typeof value === 'object' && value !== null && 'event' in value && typeof value.event === 'string';
}
