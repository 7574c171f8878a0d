// What each sign of a letter is worth (letter-odds.ts), fitted by bench/letters-fit.ts, which writes this file. What it was fitted to, and how well
// it holds on letters left out: data/letters/README.md.
import type { Sign } from './letter-odds.ts';

export const COEFFICIENTS: Readonly<Record<Sign, number>> = {
  always: -1.876,
  sender: 1.087,
  reader: 1.703,
  length: 1.76,
  'cues for': 0.22,
  'cues for, the first more than the tenth': 1.394,
  'cues against': 1.383,
  found: 1.345,
  'nothing of care': -2.208,
  'somebody, as a logarithm': 1.873,
  named: 0.605,
  'spoken to': 0.049,
  'of herself': -0.243,
  animal: -3.359,
  nobody: -4.586,
  desks: -0.123,
  together: 1.653,
  apart: 1.55,
  told: 1.089,
};

/** From these odds on (a logarithm) a letter is taken for one of somebody's care. */
export const FROM_ODDS = 0.084;
