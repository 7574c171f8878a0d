// Where spool files lie: <data>/spool/<2 characters>/<message id>. Every entry that is promised is fsynced with its folder.
import { constants } from 'node:fs';
import { mkdir, open, opendir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from './storage-error.ts';

const MESSAGE_ID = /^[0-9A-Z]{26}$/;
const SUBFOLDER = /^[0-9A-Z]{2}$/;

export class SpoolFolder {
  readonly #root: string;
  /** Subfolders that are there, durably, or being made. */
  readonly #subfolders = new Map<string, Promise<void>>();
  readonly #syncs = new Map<string, FolderSync>();

  private constructor(root: string) {
    this.#root = root;
  }

  /** Creates <data>/spool where it is missing. */
  static async open(dataFolder: string): Promise<SpoolFolder> {
    const root = join(dataFolder, 'spool');
    await makeFolder(root);
    await syncFolder(dataFolder);
    const folder = new SpoolFolder(root);
    // A crash may have come before the fsync of an earlier start: once for all of them.
    await syncFolder(root);
    for (const name of await readdir(root)) if (SUBFOLDER.test(name)) folder.#subfolders.set(name, Promise.resolve());
    return folder;
  }

  /** Path of a message's file. The characters of chance at the end of the id spread the files evenly. */
  pathOf(messageId: string): string {
    return join(this.#root, subfolderOf(messageId), messageId);
  }

  /** Makes the message's subfolder where it is missing, durably. */
  prepare(messageId: string): Promise<void> {
    const name = subfolderOf(messageId);
    const known = this.#subfolders.get(name);
    if (known !== undefined) return known;
    const made = makeFolder(join(this.#root, name)).then(() => this.#sync(this.#root));
    this.#subfolders.set(name, made);
    made.catch(() => this.#subfolders.delete(name));
    return made;
  }

  /** Makes the entry of the message's file durable. Those who ask at the same time share one fsync that began after they asked. */
  syncEntry(messageId: string): Promise<void> {
    return this.#sync(join(this.#root, subfolderOf(messageId)));
  }

  /** Removes the message's file; one that is not there is fine. */
  async remove(messageId: string): Promise<void> {
    await removeFile(this.pathOf(messageId));
  }

  /** Removes every file named as a message that is not in `known`. Other names are not ours and stay. Gives how many. */
  async sweep(known: ReadonlySet<string>): Promise<number> {
    let removed = 0;
    for (const name of this.#subfolders.keys()) {
      const subfolder = join(this.#root, name);
      for await (const entry of await opendir(subfolder)) {
        const ours = MESSAGE_ID.test(entry.name) && subfolderOf(entry.name) === name;
        if (ours && !known.has(entry.name) && (await removeFile(join(subfolder, entry.name)))) removed += 1;
      }
    }
    return removed;
  }

  #sync(folder: string): Promise<void> {
    let sync = this.#syncs.get(folder);
    if (sync === undefined) {
      sync = new FolderSync(folder);
      this.#syncs.set(folder, sync);
    }
    return sync.request();
  }
}

/** Shares fsyncs of one folder: one runs, at most one more waits for it and serves all who asked meanwhile. */
class FolderSync {
  readonly #folder: string;
  #running: Promise<void> | null = null;
  #waiting: Promise<void> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  request(): Promise<void> {
    if (this.#running === null) return this.#start();
    this.#waiting ??= this.#running.then(
      () => this.#start(),
      () => this.#start(),
    );
    return this.#waiting;
  }

  #start(): Promise<void> {
    this.#waiting = null;
    const run = syncFolder(this.#folder);
    this.#running = run;
    const done = (): void => {
      if (this.#running === run) this.#running = null;
    };
    run.then(done, done);
    return run;
  }
}

function subfolderOf(messageId: string): string {
  if (!MESSAGE_ID.test(messageId)) throw new TypeError('not a message id');
  return messageId.slice(-2);
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
