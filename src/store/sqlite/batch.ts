// One commit for everything that waits: each unit in a savepoint of its own, so that its failure undoes it alone
// (its chain records too), one COMMIT, then the reads. After an I/O error nothing is retried on that file.
import type { Database } from 'better-sqlite3';
import { MailError } from '../../mail/mail-error.ts';
import type { MailErrorCode } from '../../mail/mail-error.ts';
import type { ChainHead } from '../audit-log.ts';
import { checkpointer } from './checkpoint.ts';
import type { Engine } from './engine.ts';
import type { Op, Perform, ReadOperations, Request, UnitOperations } from './operations.ts';

export type Answer =
  | { readonly id: number; readonly kind: 'value'; readonly value: unknown }
  | { readonly id: number; readonly kind: 'error'; readonly code: MailErrorCode }
  /** A bug: name, code and frames of the exception; never its text, which may hold data. */
  | { readonly id: number; readonly kind: 'bug'; readonly what: string };

export interface BatchResult {
  readonly answers: readonly Answer[];
  readonly head: ChainHead;
  /** Code of the failure after which this database must not be used any more, or null. */
  readonly fatal: string | null;
}

export interface BatchRunner {
  /** Runs requests as one commit. Bounded by the caller. */
  run(requests: readonly Request[]): BatchResult;
  /** Between commits: moves the log of commits where it has grown. A result only where that failed. */
  tidy(): BatchResult | null;
  failed(): boolean;
}

type UnitRequest = Request<keyof UnitOperations>;
type ReadRequest = Request<keyof ReadOperations>;

export function batchRunner(engine: Engine): BatchRunner {
  const statements = statementsOf(engine.db);
  const checkpoint = checkpointer(engine.db);
  let failed: string | null = null;

  const result = (answers: readonly Answer[]): BatchResult => ({ answers, head: engine.evidence.head(), fatal: failed });
  const run = (requests: readonly Request[]): BatchResult => {
    if (failed !== null) return result(requests.map(({ id }) => unavailable(id)));
    const units = requests.filter((request): request is UnitRequest => request.op in engine.units);
    const written = units.length === 0 ? [] : commitUnits(engine, statements, units);
    if (!Array.isArray(written)) {
      failed = written.fatal;
      return result(requests.map(({ id }) => unavailable(id)));
    }
    const reads = requests.filter((request): request is ReadRequest => request.op in engine.reads);
    return result([...written, ...reads.map((request) => answerOf(request.id, () => perform(engine.reads, request)))]);
  };
  const tidy = (): BatchResult | null => {
    try {
      if (failed === null) checkpoint();
      return null;
    } catch (error) {
      failed = codeOf(error) ?? 'storage-bug';
      return result([]);
    }
  };
  return { run, tidy, failed: () => failed !== null };
}

interface Statements {
  readonly begin: () => void;
  readonly commit: () => void;
  readonly savepoint: () => void;
  readonly release: () => void;
  readonly rollBackTo: () => void;
}

function statementsOf(db: Database): Statements {
  const run = (sql: string): (() => void) => {
    const statement = db.prepare(sql);
    return () => void statement.run();
  };
  return {
    begin: run('BEGIN IMMEDIATE'),
    commit: run('COMMIT'),
    savepoint: run('SAVEPOINT unit'),
    release: run('RELEASE unit'),
    rollBackTo: run('ROLLBACK TO unit'),
  };
}

function commitUnits(engine: Engine, statements: Statements, units: readonly UnitRequest[]): Answer[] | { readonly fatal: string } {
  try {
    statements.begin();
    const answers: Answer[] = [];
    for (const unit of units) answers.push(runUnit(engine, statements, unit));
    engine.tallies.flush();
    statements.commit();
    return answers;
  } catch (error) {
    return { fatal: codeOf(error) ?? 'storage-bug' };
  }
}

/** @throws what ends the transaction with it: an I/O error, or a failure that SQLite itself rolled all back for. */
function runUnit(engine: Engine, statements: Statements, unit: UnitRequest): Answer {
  statements.savepoint();
  try {
    const value = perform(engine.units, unit);
    statements.release();
    engine.memory.keep();
    return { id: unit.id, kind: 'value', value };
  } catch (error) {
    if (!engine.db.inTransaction || isFatal(error)) throw error;
    statements.rollBackTo();
    statements.release();
    engine.memory.rollBack();
    return failureOf(unit.id, error);
  }
}

function perform<K extends Op>(table: Perform<K>, request: Request<K>): unknown {
  return table[request.op](request.input);
}

function answerOf(id: number, work: () => unknown): Answer {
  try {
    return { id, kind: 'value', value: work() };
  } catch (error) {
    return failureOf(id, error);
  }
}

function failureOf(id: number, error: unknown): Answer {
  if (error instanceof MailError) return { id, kind: 'error', code: error.code };
  const code = codeOf(error);
  if (code === 'SQLITE_FULL') return { id, kind: 'error', code: 'store.disk-full' };
  if (code !== null && isFatal(error)) return unavailable(id);
  return { id, kind: 'bug', what: describe(error) };
}

function unavailable(id: number): Answer {
  return { id, kind: 'error', code: 'store.unavailable' };
}

/** Failures of the file or of memory: what the database holds after them is for recovery to say. */
function isFatal(error: unknown): boolean {
  return /^SQLITE_(IOERR|CORRUPT|NOTADB|NOMEM|READONLY|CANTOPEN|PROTOCOL|INTERNAL|MISUSE)/.test(codeOf(error) ?? '');
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'not an error';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [`${error.name} ${codeOf(error) ?? ''}`, ...frames.slice(0, 8)].join('\n');
}
