// The program: hands the command line to the commands, and to them the work that daemon/ joins together, loaded only when it is asked for.
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import './daemon/compile-cache.ts';
import type { Work } from './daemon/work.ts';

const { EXIT } = await import('./cli/exit-codes.ts');
const { bugText, runProgram } = await import('./cli/program.ts');
const { createTerminal } = await import('./cli/terminal.ts');
const { endUncaught } = await import('./daemon/uncaught.ts');

endUncaught((error) => writeSync(process.stderr.fd, `${bugText(error)}\n`), EXIT.bug);

const work: Work = {
  serve: async (request) => (await import('./daemon/serve.ts')).serve(request),
  start: async (request) => (await import('./daemon/start.ts')).start(request),
  portal: async (request) => (await import('./daemon/portal.ts')).portal(request),
  check: async (request) => (await import('./daemon/check.ts')).check(request),
  openOffline: async (loaded) => (await import('./daemon/offline.ts')).openOffline(loaded),
  openAudit: async (loaded) => (await import('./daemon/audit.ts')).openAudit(loaded),
  tlsCheck: async (request) => (await import('./daemon/tls-check.ts')).tlsCheck(request),
  openExtract: async (request) => (await import('./daemon/extract.ts')).openExtract(request),
  openReplay: async (request) => (await import('./daemon/policy-replay.ts')).openReplay(request),
  openScan: async (request) => (await import('./daemon/scan.ts')).openScan(request),
  openPatients: async (loaded) => (await import('./daemon/patient-table.ts')).openPatients(loaded),
  testPolicy: async (request) => (await import('./daemon/policy-test.ts')).testPolicy(request),
  policyCheck: async (request) => (await import('./daemon/policy-check.ts')).checkPolicyFile(request),
  policyExplain: async (request) => (await import('./daemon/policy-explain.ts')).explainMessage(request),
  policySettings: async (request) => (await import('./daemon/policy-explain.ts')).policySettings(request),
  demo: async (request) => (await import('./daemon/demo.ts')).demo(request),
};

// Unfinished work (a timer, a socket) must not keep a command from ending, and what was printed must be out before it does.
const exitCode = await runProgram(process.argv.slice(2), {
  terminal: createTerminal({ input: process.stdin, output: process.stdout, errors: process.stderr, environment: process.env }),
  work,
  now: Date.now,
  environment: process.env,
  sandboxFolder: fileURLToPath(new URL('../var', import.meta.url)),
});
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
