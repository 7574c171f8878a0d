// A machine's clock that a test sets while the program runs (libfaketime). Only the wall clock: the monotonic one goes on as it does.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FakeTime {
  /** For the environment of the child. */
  readonly environment: Readonly<Record<string, string>>;
  /** The child's clock is so far from the real one, from now on. */
  set(offsetSeconds: number): void;
}

const LIBRARY = 'faketime/libfaketimeMT.so.1';

/** @param folder where the file lies that says how far the clock is off */
export function fakeTime(folder: string): FakeTime {
  const library = readdirSync('/usr/lib')
    .map((name) => join('/usr/lib', name, LIBRARY))
    .find((path) => existsSync(path));
  if (library === undefined) throw new Error('This test needs libfaketime (apt-get install libfaketime).');
  const file = join(folder, 'clock');
  const set = (offsetSeconds: number): void => writeFileSync(file, `${offsetSeconds < 0 ? '' : '+'}${offsetSeconds}\n`);
  set(0);
  return {
    environment: { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' },
    set,
  };
}
