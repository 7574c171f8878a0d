// All detectors, joined. A new one is a line here.
import type { Detector } from '../inspect/detector.ts';

export const DETECTORS: readonly Detector[] = [];
