// postern policy test: what failed and why, what is covered, exit codes, and messages that are really read and inspected.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { testPolicy } from '../../src/daemon/policy-test.ts';
import { commandLine, type CommandLine } from '../support/command-line.ts';
import { ROOT } from '../support/source-files.ts';

const POLICY = `version: 1
require:
  - { id: phi, when: { phi: medium }, protection: tls-authenticated }
rules:
  - id: urgent
    when: { urgent: yes, inside: no }
    hold: Wait.
  - id: sealed
    when: { phi: high }
    deliver: [relay, portal]
    protection: sealed
  - id: rest
    deliver: [relay, portal]
`;
const GOOD = `version: 1
given: { sender: ann@clinic.example }
cases:
  - { id: none, to: bo@mercy.example, expect: { rule: rest, floors: [] } }
  - { id: some, message: { phi: medium }, to: bo@mercy.example, expect: { rule: rest, floors: [phi], floor: tls-authenticated } }
  - { id: much, message: { phi: high }, to: bo@mercy.example, expect: { rule: sealed, methods: portal } }
  - id: urgent
    message: { urgent: yes }
    to: [{ address: bo@mercy.example, expect: { rule: urgent } }, { address: kim@clinic.example, expect: { rule: rest } }]
`;

interface Scene {
  readonly folder: string;
  readonly run: CommandLine['run'];
  readonly write: (name: string, text: string) => string;
}

async function scene(t: Parameters<typeof commandLine>[0]): Promise<Scene> {
  const line = await commandLine(t, { service: null, work: { testPolicy } });
  const write = (name: string, text: string): string => {
    writeFileSync(join(line.folder, name), text);
    return join(line.folder, name);
  };
  write('policy.yaml', POLICY);
  return { folder: line.folder, run: (...given) => line.run(...given), write };
}

t.test('all cases pass and cover everything', async (t) => {
  const { write, run, folder } = await scene(t);
  write('policy.cases.yaml', GOOD);
  const { code, out, err } = await run(['policy', 'test', join(folder, 'policy.yaml'), '--all-covered'], { columns: 80 });
  t.equal(err, '');
  t.equal(code, 0);
  t.match(out, /policy\.yaml {2}version [0-9a-f]{16}\n\nok {2}4 cases passed, 5 decisions\n/);
  t.match(out, /\nCovered\n {2}rules {18}3 of 3\n {2}floors, both ways {6}1 of 1\n {2}conditions, both ways {2}4 of 4\n$/);
});

t.test('what is not covered stands with its place; it fails only where that is asked for', async (t) => {
  const { write, run, folder } = await scene(t);
  write('policy.cases.yaml', GOOD.replace(/ {2}- id: urgent[^]*/, ''));
  const { code, out } = await run(['policy', 'test', join(folder, 'policy.yaml')]);
  t.equal(code, 0);
  t.match(out, /conditions, both ways {2}2 of 4 {2}not all\n/);
  t.match(out, /policy\.yaml:5:5: rule urgent: never decided\n/);
  t.match(out, /policy\.yaml:6:13: condition "it is urgent": never made the difference by holding/);
  t.match(out, /policy\.yaml:6:26: condition "the recipient is outside of the organisation": never made/);
  t.equal((await run(['policy', 'test', join(folder, 'policy.yaml'), '--all-covered'])).code, 1);
});

const failing: readonly (readonly [name: string, text: string, said: readonly RegExp[]])[] = [
  [
    'a rule that did not match',
    '- { id: one, to: bo@mercy.example, expect: { rule: urgent } }',
    [
      /FAILED {2}one {2}\S*:4:5\n {2}to bo@mercy\.example\n {4}rule {2}expected {2}urgent {2}\(line 4\)\n {10}came {6}rest\n/,
      /why {2}rule rest decided: it matches everything that comes to it\n {9}rule urgent did not match: "it is urgent" is not so\n/,
      /FAILED {2}1 of 1 case\n/,
    ],
  ],
  [
    'a rule that comes later',
    '- { id: one, to: bo@mercy.example, message: { urgent: yes, phi: high }, expect: { rule: sealed } }',
    [
      /rule urgent decided: the recipient is outside of the organisation, and it is urgent\n/,
      /rule sealed comes after the one that decided/,
    ],
  ],
  ['a rule that is not there', '- { id: one, to: bo@mercy.example, expect: { rule: resr } }', [/the policy has no rule resr/]],
  [
    'a method that the floor rules out',
    '- { id: one, to: bo@mercy.example, message: { phi: high }, expect: { methods: [relay, portal] } }',
    [
      /methods {2}expected {2}\[relay, portal\]/,
      /came {6}\[portal\]/,
      /the floor sealed rules out relay/,
      /floor phi \(tls-authenticated\) applies: PHI is medium or higher/,
    ],
  ],
  [
    'a floor that does not apply',
    '- { id: one, to: bo@mercy.example, message: { phi: low }, expect: { floors: [phi, more] } }',
    [/the policy has no floor more/, /floor phi does not apply: "PHI is medium or higher" is not so/],
  ],
  [
    'a level',
    '- { id: one, to: bo@mercy.example, message: { blind_spots: broken }, expect: { level: none } }',
    [/PHI was found at none; what could not be read count as medium/],
  ],
];
for (const [name, text, said] of failing)
  t.test(`told: ${name}`, async (t) => {
    const { write, run, folder } = await scene(t);
    const cases = write('other.yaml', `version: 1\ngiven: { sender: ann@clinic.example }\ncases:\n  ${text}\n`);
    const { code, out } = await run(['policy', 'test', join(folder, 'policy.yaml'), cases]);
    t.equal(code, 1);
    for (const one of said) t.match(out, one);
  });

t.test('for machines', async (t) => {
  const { write, run, folder } = await scene(t);
  const cases = write('c.yaml', GOOD.replace('rule: sealed', 'rule: rest'));
  const { code, out } = await run(['policy', 'test', '--json', join(folder, 'policy.yaml'), cases]);
  t.equal(code, 1);
  t.match(JSON.parse(out), {
    version: /^[0-9a-f]{16}$/,
    passed: 3,
    failed: 1,
    files: [
      {
        file: cases,
        cases: [
          { id: 'none', passed: true, line: 4 },
          {},
          {
            id: 'much',
            passed: false,
            recipients: [{ mismatches: [{ name: 'rule', wanted: 'rest', found: 'sealed', line: 6 }], why: [String, String] }],
          },
          {},
        ],
      },
    ],
    coverage: { counts: [{ kind: 'rule', covered: 3, of: 3 }, {}, {}], missing: [] },
  });
});

const NOTE = `From: Dr Lee <ann@clinic.example>
To: bo@mercy.example
Subject: [x] transfer
X-Ehr: lab
Importance: high

Patient: Maria Delgado, DOB 03/04/1961, MRN 84736251.
Her A1c is 9.2; she takes metformin 1000 mg twice a day for type 2 diabetes.
`;

t.test('texts and files are read and inspected as mail is', async (t) => {
  const { write, run, folder } = await scene(t);
  mkdirSync(join(folder, 'mail'));
  write('mail/note.eml', NOTE.replaceAll('\n', '\r\n'));
  write(
    'policy.cases.yaml',
    `version: 1
given: { sender: ann@clinic.example }
cases:
  - id: file
    message: { eml: mail/note.eml }
    to: [{ address: bo@mercy.example, expect: { rule: urgent } }, { address: kim@clinic.example, expect: { rule: sealed } }]
    expect: { level: high, floors: [phi] }
  - id: text
    message:
      subject: transfer
      attachments: { kind: pdf }
      text: |
        Patient: Maria Delgado, DOB 03/04/1961, MRN 84736251.
        Her A1c is 9.2; she takes metformin 1000 mg twice a day for type 2 diabetes.
    to: bo@mercy.example
    expect: { level: high, rule: sealed }
`,
  );
  const { code, out, err } = await run(['policy', 'test', join(folder, 'policy.yaml')]);
  t.equal(err, '');
  t.equal(code, 0, out);
  t.match(out, /ok {2}2 cases passed, 3 decisions/);
});

const refused: readonly (readonly [name: string, files: Readonly<Record<string, string>>, said: RegExp])[] = [
  ['no cases', {}, /policy\.cases\.yaml: there is no such file of cases; /],
  [
    'a fault in the cases',
    { 'policy.cases.yaml': GOOD.replace('phi: high', 'phi: hihg') },
    /policy\.cases\.yaml:6:33: "hihg" is not right for "phi"/,
  ],
  ['cases that are no YAML', { 'policy.cases.yaml': 'version: [' }, /policy\.cases\.yaml:1:\d+: /],
  [
    'a fault in the policy',
    { 'policy.yaml': POLICY.replace('hold:', 'hald:'), 'policy.cases.yaml': GOOD },
    /policy\.yaml:7:5: the key "hald" is not known; did you mean "hold"/,
  ],
  [
    'a message that is not there',
    { 'policy.cases.yaml': GOOD.replace('{ phi: high }', '{ eml: gone.eml }') },
    /policy\.cases\.yaml:6:33: the message cannot be read; /,
  ],
];
for (const [name, files, said] of refused)
  t.test(`refused: ${name}`, async (t) => {
    const { write, run, folder } = await scene(t);
    for (const [file, text] of Object.entries(files)) write(file, text);
    t.match(await run(['policy', 'test', join(folder, 'policy.yaml')]), { code: 3, out: '', err: said });
  });

/** A message signed by its author's own program (RFC 3156 5, RFC 8551 3.5). */
function signed(type: string, signature: string, octets: string): string {
  return [
    'From: dr.lee@practice.example',
    'To: ann@mercy.example',
    'MIME-Version: 1.0',
    `Content-Type: multipart/signed; protocol="${signature}"; micalg=sha-256; boundary=b`,
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'See you on Friday.',
    '--b',
    `Content-Type: ${type}`,
    'Content-Transfer-Encoding: base64',
    '',
    octets,
    '--b--',
    '',
  ].join('\r\n');
}

t.test('the shipped policies put no text under what was signed or encrypted', async (t) => {
  const { write, run } = await scene(t);
  const pgp = Buffer.from('-----BEGIN PGP SIGNATURE-----\n\niQ==\n=AAAA\n-----END PGP SIGNATURE-----\n').toString('base64');
  write('pgp.eml', signed('application/pgp-signature; name=signature.asc', 'application/pgp-signature', pgp));
  // ContentInfo with the type signedData, or envelopedData, and nothing in it (RFC 5652 3).
  const cms = (last: string): string => Buffer.from(`300f06092a864886f70d0107${last}a0023000`, 'hex').toString('base64');
  write('smime.eml', signed('application/pkcs7-signature; name=smime.p7s', 'application/pkcs7-signature', cms('02')));
  const whole = (kind: string, octets: string): string =>
    `From: dr.lee@practice.example\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=${kind}; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n${octets}\r\n`;
  write('opaque.eml', whole('signed-data', cms('02')));
  write(
    'clear.eml',
    'From: dr.lee@practice.example\r\n\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nHello\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\niQ==\r\n=AAAA\r\n-----END PGP SIGNATURE-----\r\n',
  );
  write('encrypted.eml', whole('enveloped-data', cms('03')));
  const cases = write(
    'signed.cases.yaml',
    `version: 1\ngiven: { sender: dr.lee@practice.example }\ncases:\n${['pgp', 'smime', 'opaque', 'clear', 'encrypted']
      .map(
        (name) =>
          `  - { id: ${name}, message: { eml: ${name}.eml }, to: ann@mercy.example, expect: { append_text: no, action: deliver } }\n`,
      )
      .join('')}`,
  );
  const { code, out } = await run(['policy', 'test', join(ROOT, 'policies/small-practice.yaml'), cases]);
  t.equal(code, 0, out);
});
