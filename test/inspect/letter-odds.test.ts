// How likely a letter is of somebody's care: what each sign does to it, alone and together, and that nothing leaves its bounds.
import t from 'tap';
import { COEFFICIENTS, FROM_ODDS } from '../../src/inspect/letter-coefficients.ts';
import { byHand, type Evidence, likelihood, oddsOf, SIGNS } from '../../src/inspect/letter-odds.ts';

const NOTHING: Evidence = {
  sender: 0,
  reader: 0,
  chance: 0,
  cues: 0,
  speaksFor: 0,
  dealings: 0,
  found: 0,
  named: 0,
  share: 0,
  second: 0,
  animal: 0,
  nobody: 0,
  mine: 0,
  desks: false,
  together: 0,
  apart: 0,
  told: 0,
};
/** A clinic writes to somebody at home of what hurts. */
const LETTER: Evidence = { ...NOTHING, sender: 2.6, reader: 0.5, cues: 2, speaksFor: 2.5, found: 0.6, named: 0.6, share: 0.8, second: 0.3 };

t.test('what is fitted and what is read are the same signs', async (t) => {
  t.same(Object.keys(COEFFICIENTS), Object.keys(SIGNS));
  for (const [name, worth] of Object.entries(COEFFICIENTS)) t.ok(Number.isFinite(worth) && Math.abs(worth) < 10, name);
  t.ok(Math.abs(FROM_ODDS) < 2);
});

/** On the edge, where each sign counts. */
const EDGE: Evidence = { ...LETTER, found: 0.3, named: 0.3, cues: 0.5, speaksFor: 0.8, share: 0.3, second: 0.05 };

t.test('what makes care likelier', async (t) => {
  const cases: readonly (readonly [name: string, less: Partial<Evidence>, more: Partial<Evidence>])[] = [
    ['a house of care sends', { sender: -2.8 }, { sender: 2.6 }],
    ['no crowd reads', { reader: -2.4 }, { reader: 0.5 }],
    ['it is short', { chance: -1 }, { chance: 0.5 }],
    ['a cue', { cues: 0.5, speaksFor: 0.5 }, { cues: 1.5, speaksFor: 1.5 }],
    ['a cue less against it', { cues: -2 }, { cues: 0 }],
    ['an illness is found', { found: 0.3 }, { found: 0.85 }],
    ['a name is found', { named: 0 }, { named: 0.8 }],
    ['it is of no animal', { animal: 0.9 }, { animal: 0 }],
    ['it is of somebody', { nobody: 0.8 }, { nobody: 0 }],
    ['person and health stand together', { together: 0 }, { together: 0.6 }],
    ['health is told to the reader', { told: 0 }, { told: 0.6 }],
  ];
  for (const [name, less, more] of cases) {
    const [low, high] = [likelihood({ ...EDGE, ...less }), likelihood({ ...EDGE, ...more })];
    t.ok(low < high, `${name}: ${low} ${high}`);
  }
});

t.test('the first cue says more than the tenth', async (t) => {
  const at = (speaksFor: number): number => {
    const evidence = { ...LETTER, cues: speaksFor, speaksFor };
    return SIGNS['cues for, the first more than the tenth'](evidence);
  };
  t.ok(at(1) - at(0) > at(5) - at(4));
  t.equal(at(0), 0);
});

t.test('levels', async (t) => {
  const cases: readonly (readonly [name: string, evidence: Evidence, least: number, most: number])[] = [
    ['a letter of care', LETTER, 0.5, 1],
    ['nothing at all', NOTHING, 0, 0.2],
    ['a clinic sends an empty letter to somebody at home', { ...NOTHING, sender: 2.6, reader: 0.5, share: 0.8 }, 0, 0.5],
    ['the same letter by a hotel', { ...LETTER, sender: -2.8, reader: 0 }, 0, 0.3],
    ['of a cat', { ...LETTER, animal: 0.9 }, 0, 0.49],
    ['to a list', { ...LETTER, reader: -2.4, share: 0.1, named: 0, second: 0 }, 0, 0.3],
    ['many cues, and nobody to be found', { ...NOTHING, cues: 9, speaksFor: 9, found: 0.8, sender: 2.6 }, 0, 0.5],
    ['who writes is the one', { ...LETTER, sender: 0, reader: 2.6, mine: 0.7, share: 0.1 }, 0.5, 1],
  ];
  for (const [name, evidence, least, most] of cases) {
    const likely = likelihood(evidence);
    t.ok(likely >= least && likely <= most, `${name}: ${likely}`);
  }
});

t.test('within bounds whatever comes', async (t) => {
  for (const huge of [-1e6, -50, 0, 50, 1e6]) {
    const evidence = { ...LETTER, sender: huge, cues: huge, speaksFor: Math.max(0, huge) };
    for (const likely of [byHand(evidence), likelihood(evidence)]) t.ok(likely >= 0 && likely <= 0.95, `${huge} ${likely}`);
    t.ok(Number.isFinite(oddsOf(evidence, COEFFICIENTS)), String(huge));
  }
});

t.test('without coefficients half of the sum by hand is left', async (t) => {
  const none = Object.fromEntries(Object.keys(COEFFICIENTS).map((name) => [name, 0])) as typeof COEFFICIENTS;
  t.ok(oddsOf(LETTER, none) > 0 === byHand(LETTER) > 0.5);
  t.ok(oddsOf({ ...LETTER, nobody: 1 }, none) < oddsOf(LETTER, none));
});
