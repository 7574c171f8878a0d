// postern demo: joins the client and messages of the sandbox with the running service they go through. Never with a live one.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { controlClient } from '../control/client.ts';
import { controlSocketPath } from '../control/socket-path.ts';
import { createDemoClient } from '../sandbox/demo-client.ts';
import { DEMO_MESSAGES } from '../sandbox/demo-messages.ts';
import { runDemo } from '../sandbox/demo.ts';
import { openAudit } from './audit.ts';
import { NEWCOMER, newcomerPassword } from './start.ts';
import type { DemoReport, NotReached } from './work.ts';

const FROM = 'demo@clinic.test';
/** The slow server of the sandbox takes some seconds; nothing else does. */
const WAIT_MS = 30_000;
const EVIDENCE_OF_A_MESSAGE = 200;

export async function demo({ configPath }: { readonly configPath: string }): Promise<DemoReport> {
  const loaded = await loadConfig(configPath, Date.now());
  if (loaded.kind === 'refused') return notReached(`${configPath} cannot be used; postern check says why. To try Postern: npm start`);
  if (loaded.config.mode !== 'sandbox')
    return notReached(`${configPath} is of a live gateway; the demo goes only through a sandbox (npm start)`);
  const control = controlClient(controlSocketPath(loaded.config.folders.run));
  const status = await control.call('status', {});
  if (status.kind === 'no-permission')
    return notReached('the control socket belongs to another user; run this as the user who typed npm start');
  if (status.kind !== 'done') return notReached('no sandbox is running; start one with npm start');
  const password = newcomerPassword(dirname(configPath));
  const port = status.value.listeners.find(({ name }) => name === 'submissions')?.port;
  if (password === null || port === undefined)
    return notReached('the account or the listener of the sandbox has been changed; the demo needs those of npm start');

  const audit = await openAudit(loaded);
  if (audit.kind === 'not-reached') return audit;
  const client = createDemoClient({ ...submissionOf(loaded.config), port, password });
  try {
    return await runDemo({
      client,
      messages: DEMO_MESSAGES,
      now: Date.now,
      async show(messageId) {
        const shown = await control.call('queue.show', { messageId });
        return shown.kind === 'done' ? shown.value.deliveries : null;
      },
      evidence: async (messageId) => (await audit.list({ messageId, beforeSeq: null, limit: EVIDENCE_OF_A_MESSAGE })).toReversed(),
      waitMs: WAIT_MS,
    });
  } finally {
    client.close();
    await audit.close();
  }
}

function submissionOf(config: Config) {
  return {
    host: '127.0.0.1',
    tls: 'implicit' as const,
    ca: readFileSync(config.tls?.certificateFile ?? '', 'utf8'),
    serverName: 'localhost',
    user: NEWCOMER,
    from: FROM,
  };
}

function notReached(text: string): NotReached {
  return { kind: 'not-reached', text };
}
