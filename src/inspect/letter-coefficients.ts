// What each sign of a letter is worth (letter-odds.ts), fitted by bench/letters-fit.ts, which writes this file. What it was fitted to, and how well
// it holds on letters left out: data/letters/README.md.
import type { Sign } from './letter-odds.ts';

export const COEFFICIENTS: Readonly<Record<Sign, number>> = {
  always: -2.351,
  sender: 1.083,
  reader: 1.691,
  length: 1.753,
  'cues for': 0.149,
  'cues for, the first more than the tenth': 1.492,
  dealings: 0.491,
  'cues against': 1.391,
  found: 1.009,
  'nothing of care': -2.311,
  'somebody, as a logarithm': 1.8,
  named: 0.859,
  'spoken to': 0.151,
  'of herself': -0.105,
  animal: -3.369,
  nobody: -4.281,
  desks: 0.139,
  together: 1.781,
  apart: 1.687,
  told: 1.323,
};

/** From these odds on (a logarithm) a letter is taken for one of somebody's care. */
export const FROM_ODDS = 0.238;
