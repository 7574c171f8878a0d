// postern check: everything that serve does up to listening, step by step, changing nothing that is there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Loaded, loadConfig } from '../config/load.ts';
import { openKeyFolder } from '../keys/key-folder.ts';
import { readKeyCheck } from '../keys/key-check.ts';
import { freeBytes } from '../spool/free-space.ts';
import { DATABASE } from '../store/sqlite/open.ts';
import { modeFault } from './folders.ts';
import { realOutside } from './outgoing.ts';
import type { CheckReport } from './work.ts';

type Step = CheckReport['steps'][number];

export async function check({ configPath }: { readonly configPath: string }): Promise<CheckReport> {
  const loaded = await loadConfig(configPath, Date.now());
  if (loaded.kind === 'refused')
    return { issues: loaded.issues, steps: [{ name: 'configuration', result: 'failed', text: 'has errors; nothing else was checked' }] };
  const steps: Step[] = [
    {
      name: 'configuration',
      result: loaded.warnings.length === 0 ? 'ok' : 'warning',
      text: `reads well (fingerprint ${loaded.fingerprint})`,
    },
    keysStep(loaded),
    await diskStep(loaded),
    await dnsStep(loaded),
  ];
  return { issues: loaded.warnings, steps };
}

function keysStep({ config }: Loaded): Step {
  const { data, keys: keyFolder } = config.folders;
  const fault = modeFault(config);
  if (fault !== null) return { name: 'data', result: 'failed', text: fault };
  const sealedData = existsSync(join(data, DATABASE)) ? 'present' : 'absent';
  if (sealedData === 'absent' && !existsSync(keyFolder))
    return { name: 'keys', result: 'not-done', text: `${keyFolder} is not there yet; the first start makes it` };
  const opened = openKeyFolder({ keyFolder, dataFolder: data, sealedData, keyCheck: readKeyCheck(data) });
  if (opened.kind === 'refused') return { name: 'keys', result: 'failed', text: opened.failure.text };
  return { name: 'keys', result: 'ok', text: `master key ${opened.keys.keyId} fits the data` };
}

async function diskStep({ config }: Loaded): Promise<Step> {
  const { data } = config.folders;
  if (!existsSync(data)) return { name: 'disk', result: 'not-done', text: `${data} is not there yet; the first start makes it` };
  const free = await freeBytes(data);
  const text = `${Math.floor(free / 1_000_000)} MB free; new mail is refused below ${Math.floor(config.disk.refuseBelowBytes / 1_000_000)} MB`;
  return { name: 'disk', result: free < config.disk.refuseBelowBytes ? 'failed' : 'ok', text };
}

/** The root zone's name servers are asked for: any recursive resolver knows them. */
async function dnsStep({ config }: Loaded): Promise<Step> {
  if (config.mode === 'sandbox') return { name: 'dns', result: 'ok', text: "the sandbox's own; DANE is played by dane.test" };
  const { resolver } = realOutside(config);
  const answer = await resolver.query('localhost', 'A');
  if (answer.kind === 'failed') return { name: 'dns', result: 'warning', text: 'no name server answers: mail by MX would wait' };
  if (resolver.validating === 'no')
    return {
      name: 'dns',
      result: 'warning',
      text: 'answers; DANE is not checked, because no validating resolver is named (dns.validating)',
    };
  return { name: 'dns', result: 'ok', text: 'answers; DANE is checked' };
}
