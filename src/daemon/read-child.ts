// Entry of a reading child. It runs under Node's permission model without the right to write a file, start a process or a thread.
import { readers } from './extractors.ts';
import { serveReadings } from './serve-readings.ts';

await serveReadings(readers(() => performance.now()));
