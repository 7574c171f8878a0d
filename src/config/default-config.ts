// The embedded default of `npm start`: sandbox mode, loopback, unprivileged ports, everything below one folder.
import path from 'node:path';
import { parseYaml } from '../yaml/parse.ts';
import { buildConfig } from './build-config.ts';
import { checkShape } from './check-shape.ts';
import type { Config } from './config.ts';
import { SHAPE } from './shape.ts';
import type { RawConfig } from './shape.ts';

/** The text of the default postern.yaml; its paths start from the folder it lies in. */
export const DEFAULT_CONFIG_TEXT = `# Written by "postern start". Sandbox mode: nothing leaves this machine.
# Every field: postern config reference
version: 1
mode: sandbox
hostname: postern.sandbox.example
postmaster: [postmaster@clinic.sandbox.example]

folders:
  data: data
  keys: keys
  run: run

tls:
  certificate: tls/certificate.pem
  key: tls/key.pem

listeners:
  submissions: { port: 8465 }
  submission: { port: 8587 }

health: { port: 8466 }

# Who writes from here is one of us; all others are recipients outside.
inspection: { organisation: [clinic.test] }

# Where a recipient's server takes no safe TLS, the message waits here and a notice with a link goes out.
portal:
  url: https://localhost:8467
  port: 8467
  certificate: tls/certificate.pem
  key: tls/key.pem
  from: messages@clinic.test
  name: Riverside Clinic
  help: "+1 555 0100"

# Tries again soon: greylist.test shows how that looks.
delivery: { retry: { first: 15s } }

# A small disk must not keep anyone from trying.
disk: { refuse_below: 200MB, stop_below: 100MB }
`;

/** The default as a Config, without reading any file below the folder: what it names may not exist yet. */
export function defaultConfig(folder: string): Config {
  const yaml = parseYaml(DEFAULT_CONFIG_TEXT);
  const { raw, complaints } = checkShape(yaml.kind === 'document' ? yaml.document.value : null);
  if (complaints.length > 0 || Object.keys(raw).length !== Object.keys(SHAPE).length)
    throw new Error('the embedded configuration is wrong');
  return buildConfig(raw as RawConfig, { base: path.resolve(folder), contents: new Map() });
}
