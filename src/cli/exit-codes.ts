// Exit codes of every command, as --help documents them.

export const EXIT = {
  done: 0,
  /** The work was done and the answer is no: not verified, not good enough, nothing changed, not found. */
  no: 1,
  usage: 2,
  /** The configuration was refused. */
  config: 3,
  /** The service or its data cannot be reached: not running, in use, no permission. */
  unreachable: 4,
  /** A fault of ours. */
  bug: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODE_HELP = `
Exit codes:
  0   done
  1   done, and the answer is no (not found, not verified, not good enough)
  2   the command line is wrong
  3   the configuration is wrong
  4   the service or its data cannot be reached
  70  an error of Postern itself`;
