// What must fit together between sections, with the place of what does not.
import t from 'tap';
import { formatIssue } from '../../src/config/issue.ts';
import { loadText } from '../../src/config/load.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const GOOD = `version: 1
hostname: mail.clinic.example
postmaster: [it@clinic.example]
`;
const HEX = 'ab'.repeat(32);
const network = (name: string): string => `    - { name: ${name}, ranges: [10.1.0.0/16], may_use: ["*"] }\n`;

const CASES: readonly (readonly [name: string, text: string, lines: readonly string[]])[] = [
  ['folders beside one another', 'folders: { data: a, keys: b, run: c }\n', []],
  ['keys inside data', 'folders: { data: a, keys: a/keys, run: c }\n', ['4:27: folders.keys lies inside folders.data']],
  ['data inside keys', 'folders: { data: k/data, keys: k, run: c }\n', ['4:18: folders.data lies inside folders.keys']],
  ['the same folder', 'folders: { data: a, keys: ./a, run: c }\n', ['4:27: folders.keys lies inside folders.data']],
  ['a name that only begins alike', 'folders: { data: a, keys: a-keys, run: ..a }\n', []],
  ['facts as long as evidence', 'retention: { facts: 1y, evidence: 1y }\n', []],
  [
    'content and facts that outlast their keys',
    'retention: { content: 400d, facts: 2y, evidence: 1y }\n',
    ['4:23: this would be kept longer than the key that opens it', '4:36: this would be kept longer than the key that opens it'],
  ],
  ['a certificate alone', 'tls: { certificate: /dev/null }\n', ['4:6: tls.certificate stands alone', '4:21: /dev/null is not a file']],
  ['a listener without certificate', 'listeners: { submission: { port: 0 } }\n', ['4:26: submission has no certificate']],
  [
    'a relay listener without anybody',
    'listeners: { relay: { port: 0 } }\n',
    ['4:21: relay has no certificate', '4:21: nobody may use the relay listener'],
  ],
  [
    'two at one port',
    'listeners:\n  submission: [{ port: 587 }, { port: 587, address: 10.1.2.3 }]\n',
    ['5:16: submission has no certificate', '5:31: submission has no certificate', '5:39: port 587 is taken by submission'],
  ],
  [
    'one port of two addresses',
    'listeners:\n  submission: [{ port: 587, address: 10.1.2.4 }, { port: 587, address: 10.1.2.3 }]\n',
    ['5:16: submission has no certificate', '5:50: submission has no certificate'],
  ],
  [
    'health at a taken port',
    'listeners:\n  submission: { port: 8465 }\nhealth: { port: 8465 }\n',
    ['5:15: submission has no certificate', '6:17: port 8465 is taken by submission'],
  ],
  [
    'a sandbox that can be reached',
    'mode: sandbox\nlisteners: { submission: { address: 10.1.2.3 } }\n',
    ['5:26: submission has no certificate', '5:37: 10.1.2.3 can be reached from outside'],
  ],
  [
    'health of a sandbox that can be reached',
    'mode: sandbox\nhealth: { address: 10.1.2.3, port: 8466 }\n',
    ['5:20: 10.1.2.3 can be reached from outside'],
  ],
  [
    'unsubscribing at the port of health',
    'health: { port: 9000 }\nunsubscribe: { url: "https://a.example/u", mailto: a@a.example, port: 9000 }\n',
    ['5:71: port 9000 is taken by health'],
  ],
  ['two networks of one name', `trust:\n  networks:\n${network('a')}${network('a')}`, ['7:15: the name "a" stands twice']],
  [
    'a network and a certificate of one name',
    `trust:\n  networks:\n${network('a')}  certificates:\n    - { name: a, sha256: ${HEX}, may_use: ["*"] }\n`,
    ['8:15: the name "a" stands twice'],
  ],
  [
    'one certificate twice',
    `trust:\n  certificates:\n    - { name: a, sha256: ${HEX}, may_use: ["*"] }\n    - { name: b, sha256: ${HEX.toUpperCase()}, may_use: ["*"] }\n`,
    [`7:26: the fingerprint "${HEX}" stands twice`],
  ],
  ['a first wait longer than the longest', 'delivery: { retry: { first: 2h } }\n', ['4:29: the first wait is longer than the longest']],
  ['a delay that is never reported', 'delivery: { delay_report_after: 24h }\n', ['4:33: warning: no delay is ever reported']],
  ['validating without a server', 'dns: { validating: yes }\n', ['4:20: no validating name server is named']],
  [
    'validating over a network',
    'dns: { validating: yes, servers: [192.0.2.53] }\n',
    ['4:34: warning: answers of 192.0.2.53 cross a network'],
  ],
  ['validating on this machine', 'dns: { validating: yes, servers: ["[::1]:5353", 127.0.0.53] }\n', []],
  [
    'two routes of one name',
    'routes:\n  - { name: a, domains: [a.example], next_hops: [{ host: x.example }] }\n  - { name: a, domains: [b.example], next_hops: [{ host: x.example }] }\n',
    ['6:13: the name "a" stands twice'],
  ],
  ['a route without next hop', 'routes:\n  - { name: a, domains: [a.example] }\n', ['5:5: the route "a" has no next hop']],
  [
    'a route behind one that takes all',
    'routes:\n  - { name: a, domains: ["*"], next_hops: [{ host: x.example }] }\n  - { name: b, domains: [b.example], next_hops: [{ host: x.example }] }\n',
    ['6:5: warning: the route "b" is never taken'],
  ],
  [
    'a route to ourselves',
    `trust: { networks: [{ name: n, ranges: [10.0.0.0/8], may_use: "*" }] }\nhealth: { port: 25 }\nroutes:\n  - { name: a, domains: ["*"], next_hops: [{ host: mail.clinic.example }] }\n`,
    ['7:52: this next hop is the gateway itself'],
  ],
  [
    'disk marks the wrong way round',
    'disk: { refuse_below: 100MB, stop_below: 200MB }\n',
    ['4:42: delivery would stop before new mail is refused'],
  ],
];

await t.test('cases', async (t) => {
  const base = temporaryFolder(t);
  for (const [name, text, expected] of CASES) {
    const result = await loadText(GOOD + text, { file: 'f', base, now: Date.now() });
    const lines = (result.kind === 'refused' ? result.issues : result.warnings).map((issue) =>
      formatIssue(issue).replace(/^f:/, '').replace(/;.*$/, ''),
    );
    t.same(lines, expected, name);
    t.equal(result.kind, expected.some((line) => !line.includes('warning:')) ? 'refused' : 'loaded', `${name}: only errors refuse`);
  }
});
