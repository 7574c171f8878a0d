// Reads a policy: all faults at once, each with its path in the file, or a policy that decides.
import { hash } from 'node:crypto';
import type { YamlDocument } from '../yaml/positions.ts';
import { bookOf } from './book.ts';
import { clockOf } from './clock-time.ts';
import { type Compiled, compile } from './compiled.ts';
import { atomsOf, type Condition } from './condition.ts';
import { decide } from './decide.ts';
import type { Engine, RuleReady } from './engine.ts';
import { fault, type PolicyFault } from './fault.ts';
import { accountSet } from './members.ts';
import { NEVER_ABOUT_PATIENTS } from './opportunistic.ts';
import type { Policy } from './policy.ts';
import { listFilesOf } from './read-lists.ts';
import { namesOtherWay } from './read-rule.ts';
import { readSource } from './read-source.ts';
import { firstMatchOf } from './rule-index.ts';
import { settingsBook } from './settings.ts';
import type { BaseSettings, PolicySource } from './source.ts';
import type { Ground } from './test-maker.ts';
import { explain } from './trace.ts';
import { wishReader } from './wishes.ts';

export interface PolicyParsed {
  /** Null where a fault is an error. */
  readonly policy: Policy | null;
  /** In no order; the places of the file have one. */
  readonly faults: readonly PolicyFault[];
}

/** Reads the document of a policy file with the texts of its list files (see `listFilesOf`). Never throws for what is in them. */
export function parsePolicy(document: YamlDocument, files: ReadonlyMap<string, string>, base: BaseSettings): PolicyParsed {
  const faults: PolicyFault[] = [];
  const source = readSource(document.value, files, base, faults);
  const engine = engineOf(source, versionOf(document.value, files, base), faults);
  if (faults.some(({ weight }) => weight === 'error')) return { policy: null, faults };
  const policy: Policy = {
    version: engine.version,
    source,
    decide: (facts) => decide(engine, facts),
    explain: (facts) => explain(engine, facts),
    settings: engine.settings.of,
    settingOrigins: engine.settings.origins,
  };
  return { policy, faults };
}

function engineOf(source: PolicySource, version: string, faults: PolicyFault[]): Engine {
  const book = bookOf(source.lists, faults);
  const ground: Ground = { book, clock: clockOf(source.timezone) };
  const rules = source.rules.map((rule): RuleReady => ({
    rule,
    when: compile(rule.when, ground),
    knowsOtherWay: namesOtherWay(rule.when),
  }));
  const never = source.lists.get(NEVER_ABOUT_PATIENTS);
  return {
    version,
    wishes: source.wishes.map((wish) =>
      wishReader(wish, wish.accounts === null ? null : book.accounts(wish.accounts, [...wish.path, 'accounts'])),
    ),
    declare: source.declare.map((declaration) => ({ declaration, when: compileDeclared(declaration.when, ground, faults) })),
    settings: settingsBook(
      source.settings.map((entry) => ({
        entry,
        set: entry.side === 'all' ? null : book.addresses(entry.of, [...entry.path, 'for', entry.side]),
      })),
      source.base,
    ),
    require: source.require.map((requirement) => ({ requirement, when: compile(requirement.when, ground) })),
    rules,
    firstMatch: firstMatchOf(rules, book),
    neverAboutPatients: accountSet((never?.entries ?? []).map(({ text }) => text)).set,
  };
}

/** A declaration says what the purpose is, so it cannot ask for it. */
function compileDeclared(when: Condition, ground: Ground, faults: PolicyFault[]): Compiled {
  if (atomsOf(when).some(({ key }) => key === 'purpose'))
    faults.push(
      fault(when.path, 'a declaration asks for the purpose that it declares', 'write from, account or header instead of purpose'),
    );
  return compile(when, ground);
}

function versionOf(value: unknown, files: ReadonlyMap<string, string>, base: BaseSettings): string {
  const lists = listFilesOf(value).map((name) => [name, files.get(name) ?? null]);
  const text = JSON.stringify([1, base.protection, base.otherwise, base.methodsSetUp.toSorted(), value, lists], (_, one: unknown) =>
    sorted(one),
  );
  return hash('sha256', text).slice(0, 16);
}

/** Keys in one order: the same policy has the same version however its keys stand. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
