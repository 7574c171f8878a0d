// What each sign of a letter is worth (letter-odds.ts), fitted by bench/letters-fit.ts, which writes this file. What it was fitted to, and how well
// it holds on letters left out: data/letters/README.md.
import type { Sign } from './letter-odds.ts';

export const COEFFICIENTS: Readonly<Record<Sign, number>> = {
  always: -2.343,
  sender: 1.089,
  reader: 1.694,
  length: 1.753,
  'cues for': 0.155,
  'cues for, the first more than the tenth': 1.452,
  dealings: 0.491,
  'cues against': 1.4,
  found: 1.011,
  'nothing of care': -2.342,
  'somebody, as a logarithm': 1.772,
  named: 0.879,
  'spoken to': 0.147,
  'of herself': -0.103,
  animal: -3.367,
  nobody: -4.284,
  desks: 0.129,
  together: 1.803,
  apart: 1.703,
  told: 1.347,
};

/** From these odds on (a logarithm) a letter is taken for one of somebody's care. */
export const FROM_ODDS = 0.249;
