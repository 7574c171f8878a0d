// The one script of the pages, put together from the files beside it. Every page works without it, but passkeys and the progress of an upload.
import { readFileSync } from 'node:fs';

const FILES = ['zone.js', 'warning.js', 'passkey.js', 'upload.js'] as const;

/** Each file in a scope of its own; comments and indentation stay here. */
export const BROWSER_SCRIPT = FILES.map((name) => {
  const text = readFileSync(new URL(name, import.meta.url), 'utf8');
  const lines = text.split('\n').map((line) => line.trim());
  return `{\n${lines.filter((line) => line !== '' && !line.startsWith('//') && !line.startsWith('/**')).join('\n')}\n}\n`;
}).join('');
