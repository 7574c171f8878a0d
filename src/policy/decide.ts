// One decision for one recipient: purposes, law, floors, then the first rule that matches. Total: whatever goes wrong in it, the message is held.
import type { Decision } from '../mail/decision.ts';
import type { Facts, Purpose } from '../mail/facts.ts';
import type { Engine } from './engine.ts';
import { byRule, faulty, stoppedByLaw, type Weighed, withoutRule } from './outcome.ts';
import type { Settings } from './settings.ts';
import { type Situation, situationOf } from './situation.ts';
import { areSound } from './sound-facts.ts';
import type { Requirement } from './source.ts';
import { type WishHeard, wishesHeard } from './wishes.ts';

/** Never throws; a fault holds, with the floor 'sealed' (DESIGN.md section 1, promise 3). */
export function decide(engine: Engine, facts: Facts): Decision {
  try {
    return decideOn(engine, facts);
  } catch {
    return faulty(engine.version);
  }
}

function decideOn(engine: Engine, facts: Facts): Decision {
  if (!areSound(facts)) return faulty(engine.version);
  const settings = engine.settings.of(facts.message.reversePath, facts.recipient.address);
  const heard = wishesHeard(engine.wishes, facts);
  const situation = situated(engine, facts, settings, heard);
  const floors: Requirement[] = [];
  for (const { requirement, when } of engine.require) if (when.test(situation)) floors.push(requirement);
  const weighed: Weighed = { situation, settings, floors, wishTags: tagsOf(heard) };
  const stopped = stoppedByLaw(situation);
  if (stopped !== null) return withoutRule(engine, weighed, stopped);
  const ready = engine.firstMatch(situation);
  return ready === null ? withoutRule(engine, weighed, '<no-rule>') : byRule(engine, weighed, ready);
}

/** The situation with what was wished and declared. */
export function situated(engine: Engine, facts: Facts, settings: Settings, heard: readonly WishHeard[]): Situation {
  const wish = heard.find(({ verdict }) => verdict === 'counts')?.wish ?? null;
  const situation = situationOf(facts, settings.blindSpotLevel, wish);
  if (engine.declare.length === 0) return situation;
  const purposes: Purpose[] = [];
  for (const { declaration, when } of engine.declare)
    if (!purposes.includes(declaration.as) && when.test(situation)) purposes.push(declaration.as);
  return purposes.length === 0 ? situation : { ...situation, purposes };
}

export function tagsOf(heard: readonly WishHeard[]): readonly string[] {
  return heard.length === 0 ? [] : [...new Set(heard.flatMap(({ tags }) => tags))];
}
