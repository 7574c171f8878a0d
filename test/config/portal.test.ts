// The portal's section: what is refused, with its place and what would be right; and which brand mail from a domain is shown under.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Config } from '../../src/config/config.ts';
import { formatIssue } from '../../src/config/issue.ts';
import { loadText } from '../../src/config/load.ts';
import { loadPortal } from '../../src/config/load-portal.ts';
import type { LoadResult } from '../../src/config/load.ts';
import { brandFor, brandNamed } from '../../src/config/portal.ts';
import { contrastOnWhite } from '../../src/config/portal-kind.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HEAD = `version: 1
hostname: mail.clinic.example
postmaster: [it@clinic.example]
folders: { data: data, keys: keys, run: run }
`;
const LEAST = `portal:
  url: https://portal.clinic.example/
  from: messages@clinic.example
  name: Riverside Clinic
  help: "+1 555 0100"
`;
const SMS = 'url: "https://sms.clinic.example/send", countries: ["+1"]';
const SIGNED = 'no DKIM key';

type Test = Parameters<typeof temporaryFolder>[0];

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff, 0x00, 0x80]);
const FILES: Readonly<Record<string, Uint8Array>> = {
  'logo.png': PNG,
  'logo.jpg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  'logo.webp': Buffer.from('RIFF\x04\0\0\0WEBP'),
  'logo.svg': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  empty: Buffer.from('\n'),
  words: Buffer.from('two words\n'),
  'large.png': Buffer.concat([PNG, Buffer.alloc(20_000)]),
};

async function load(t: Test, portal: string, head = HEAD): Promise<LoadResult> {
  const folder = temporaryFolder(t);
  for (const [name, octets] of Object.entries(FILES)) writeFileSync(join(folder, name), octets, { mode: 0o600 });
  return loadText(`${head}${portal}`, { file: 'f', base: folder, now: 0 });
}

async function issuesOf(t: Test, portal: string, head = HEAD): Promise<readonly string[]> {
  const read = await load(t, portal, head);
  return (read.kind === 'refused' ? read.issues : read.warnings).map(formatIssue).filter((line) => !line.includes(SIGNED));
}

async function loaded(t: Test, portal: string, head = HEAD): Promise<NonNullable<Config['portal']>> {
  const read = await load(t, portal, head);
  if (read.kind === 'refused') throw new Error(read.issues.map(formatIssue).join('\n'));
  if (read.config.portal === null) throw new Error('no portal');
  return read.config.portal;
}

const CASES: readonly (readonly [name: string, more: string, issues: readonly string[]])[] = [
  ['the least', '', []],
  ['a certificate alone', '  certificate: chain.pem\n', ['10:16: portal.certificate stands alone; write both']],
  ['a key alone', '  key: key.pem\n', ['10:8: portal.key stands alone']],
  ['a certificate and key that only its own process reads', '  certificate: nowhere.pem\n  key: nowhere-key.pem\n', []],
  ['a pale accent, with its ratio', '  accent: "#7f9fc0"\n', ['10:11: #7f9fc0 on white has a contrast of 2.7 to 1; choose a darker']],
  ['just too pale', '  accent: "#777777"\n', ['10:11: #777777 on white has a contrast of 4.4 to 1']],
  ['just dark enough', '  accent: "#767676"\n', []],
  ['no colour', '  accent: blue\n', ['10:11: "blue" is not a colour; write it as "#0b5fa5"']],
  ['a time zone', '  zone: America/Chicago\n', []],
  ['no time zone', '  zone: Central\n', ['10:9: "Central" is not a time zone; write its IANA name']],
  ['PHI by a mailed code', '  opening: { high: address }\n', ['10:20: PHI would open to whoever reads mail at the address']],
  ['more PHI more easily', '  opening: { low: clinic }\n', ['more PHI would open more easily; write clinic']],
  ['everything by a code of the clinic', '  opening: { low: clinic, medium: clinic }\n', []],
  ['no such assurance', '  opening: { high: patient }\n', ['10:20: "patient" is not one of address, clinic']],
  ['a PNG', '  logo: logo.png\n', []],
  ['a JPEG', '  logo: logo.jpg\n', []],
  ['a WebP', '  logo: logo.webp\n', []],
  ['an SVG could run scripts', '  logo: logo.svg\n', ['10:9: this file is no picture that pages can show; write the path of a PNG']],
  ['a large logo', '  logo: large.png\n', ['/large.png is too large; keep it under 20000 bytes']],
  ['no logo there', '  logo: none.png\n', ['/none.png does not exist']],
  [
    'a message expires before it is brought to mind',
    '  expire_after: 2d\n',
    ['remind', 'alarm'].map(() => 'a message has expired before that'),
  ],
  [
    'the return listener at a taken port',
    '  port: 2525\n  return: { domain: r.example, port: 2525 }\n',
    ['port 2525 is taken by portal.return'],
  ],
  ['a brand', '  brands: [{ name: lake, domains: [lake.example] }]\n', []],
  [
    'a brand of the name that is taken',
    '  brands: [{ name: default, domains: [lake.example] }]\n',
    ['10:20: the name "default" is that of the fields above'],
  ],
  [
    'two brands of one name',
    '  brands: [{ name: a, domains: [a.example] }, { name: a, domains: [b.example] }]\n',
    ['10:55: the name "a" stands twice'],
  ],
  [
    'a brand that cannot be read either',
    '  brands: [{ name: a, domains: [a.example], accent: "#ffffff", logo: logo.svg, url: "http://localhost:1" }]\n',
    ['this URL is not https', '#ffffff on white has a contrast of 1.0 to 1', 'no picture'],
  ],
  ['a brand of no domain', '  brands: [{ name: a, domains: [] }]\n', ['is not a list of domain patterns']],
  ['an unknown field', '  colour: red\n', ['unknown key "colour"']],
  ['a gateway to telephones', `  sms: { ${SMS} }\n`, []],
  ['one on this machine', '  sms: { url: "http://localhost:8080/send", countries: "+1" }\n', []],
  [
    'one that anybody on the way reads',
    '  sms: { url: "http://sms.example/", countries: "+1" }\n',
    ['10:15: "http://sms.example/" is not an https URL'],
  ],
  ['a secret in its URL', '  sms: { url: "https://sms.example/?key=1", countries: "+1" }\n', ['is not an https URL']],
  ['codes to everywhere', '  sms: { url: "https://sms.example/" }\n', ['"portal.sms.countries" is missing']],
  [
    'a country without quotes',
    '  sms: { url: "https://sms.example/", countries: [+1] }\n',
    ['is not the beginning of a telephone number; write "+" and a country code'],
  ],
  [
    'a country that is none',
    '  sms: { url: "https://sms.example/", countries: ["1"] }\n',
    ['is not the beginning of a telephone number; write "+" and a country code'],
  ],
  ['a user alone', `  sms: { ${SMS}, user: ann }\n`, ['this user has no password; write secret_file']],
  ['a user with a colon', `  sms: { ${SMS}, user: "a:b", secret_file: logo.jpg }\n`, ['this user has a ":"']],
  ['a user without a password', `  sms: { ${SMS}, user: ann, secret_file: empty }\n`, ['the first line of this file is empty']],
  ['a token that is none', `  sms: { ${SMS}, secret_file: words }\n`, ['no bearer token; write the token on it']],
  ['an authority that is none', `  sms: { ${SMS}, ca: words }\n`, ['this file holds no certificates']],
  ['its own fields', `  sms: { ${SMS}, body: [{ name: To, value: "{to}" }, { name: T, value: "{code} {kind} {language}" }] }\n`, []],
  ['fields without a code', `  sms: { ${SMS}, body: [{ name: To, value: "{to}" }] }\n`, ['the fields hold no number, or no code']],
  ['a place that there is not', `  sms: { ${SMS}, body: [{ name: To, value: "{to} {text} {name}" }] }\n`, ['nothing can stand at {name}']],
  ['neither text nor call', `  sms: { ${SMS}, kinds: [fax] }\n`, ['is not one of sms, voice']],
  ['a sandbox that would call people', `  sms: { ${SMS} }\nmode: sandbox\n`, ['a sandbox would call real telephones']],
];

for (const [name, more, issues] of CASES) {
  t.test(name, async (t) => {
    const found = await issuesOf(t, `${LEAST}${more}`);
    t.equal(found.length, issues.length, found.join('\n'));
    for (const issue of issues)
      t.ok(
        found.some((line) => line.includes(issue)),
        `${issue}\n${found.join('\n')}`,
      );
  });
}

const URLS: readonly (readonly [url: string, read: string | null])[] = [
  ['https://portal.clinic.example', 'https://portal.clinic.example'],
  ['https://Portal.Clinic.Example/', 'https://portal.clinic.example'],
  ['https://portal.clinic.example:8443', 'https://portal.clinic.example:8443'],
  ['https://portal.clinic.example/patients', null],
  ['https://portal.clinic.example?a', null],
  ['https://user@portal.clinic.example', null],
  ['https://portal', null],
  ['https://192.0.2.1', null],
  ['http://portal.clinic.example', null],
  ['ftp://portal.clinic.example', null],
  ['javascript:alert(1)', null],
];

for (const [url, read] of URLS) {
  t.test(`the URL ${url}`, async (t) => {
    const result = await load(t, LEAST.replace('https://portal.clinic.example/', `"${url}"`));
    t.equal(result.kind === 'loaded' ? result.config.portal?.brands[0]?.url : null, read);
  });
}

t.test('plain http is for a sandbox on this machine', async (t) => {
  const local = LEAST.replace('https://portal.clinic.example/', 'http://localhost:8443');
  t.match(await issuesOf(t, local), [/6:8: this URL is not https/]);
  t.same(await issuesOf(t, local, HEAD.replace('version: 1', 'version: 1\nmode: sandbox')), []);
  const outside = await issuesOf(t, `${local}  address: 0.0.0.0\n`, HEAD.replace('version: 1', 'version: 1\nmode: sandbox'));
  t.match(outside, [/0\.0\.0\.0 can be reached from outside/]);
});

t.test('a From without a DKIM key is a warning, where mail is sent', async (t) => {
  const read = await load(t, LEAST);
  t.match(read.kind === 'loaded' ? read.warnings.map(formatIssue) : [], [/7:9: warning: clinic\.example has no DKIM key/]);
});

t.test('a return domain without a DKIM key is one too: people write from there', async (t) => {
  const unsigned = async (more: string): Promise<readonly string[]> => {
    const read = await load(t, more);
    return read.kind === 'loaded' ? read.warnings.map(formatIssue).filter((text) => text.includes(SIGNED)) : ['refused'];
  };
  const returns = `${LEAST}  return: { domain: return.clinic.example, port: 2525 }\n`;
  t.match(await unsigned(returns), [
    /clinic\.example has no DKIM key/,
    /:10:\d+: warning: return\.clinic\.example has no DKIM key: answers/,
  ]);
  t.same(await unsigned(`mode: sandbox\n${returns}`), [], 'a sandbox sends nothing');
});

t.test('what is not written', async (t) => {
  const portal = await loaded(t, LEAST);
  const { brands, ...rest } = portal;
  t.same(rest, {
    address: '127.0.0.1',
    port: 8443,
    tls: null,
    proxies: ['127.0.0.1/32', '::1/128'],
    expireAfterMs: 30 * 86_400_000,
    remindAfterMs: 3 * 86_400_000,
    alarmAfterMs: 7 * 86_400_000,
    urgentAfterMs: 1_800_000,
    opening: { low: 'address', medium: 'address', high: 'clinic' },
    tellSender: 'yes',
    answers: 'originator',
    returns: null,
    sms: null,
  });
  t.match(brands, [{ name: 'default', accent: '#0b5fa5', language: 'en', zone: null, start: [], texts: { notice: null, page: null } }]);
});

t.test('no section, no portal', async (t) => {
  const read = await load(t, '');
  t.equal(read.kind === 'loaded' && read.config.portal, null);
});

t.test('brands: by the domain of who wrote, the rest as above', async (t) => {
  const portal = await loaded(
    t,
    `${LEAST}  logo: logo.png
  texts: { notice: Only from here. }
  start: [desk@clinic.example]
  brands:
    - { name: lake, domains: [lake.example, "*.lake.example"], organisation: Lakeside Practice, accent: "#7A3E9D", language: es, zone: America/Denver }
    - { name: second, domains: [clinic.example], help: Ask at the desk, start: [second@clinic.example] }
`,
  );
  const nameFor = (domain: string): string => brandFor(portal, domain).name;
  t.same(['lake.example', 'a.lake.example', 'clinic.example', 'b.clinic.example', ''].map(nameFor), [
    'lake',
    'lake',
    'second',
    'default',
    'default',
  ]);
  const lake = brandNamed(portal, 'lake');
  t.match(lake, {
    url: 'https://portal.clinic.example',
    organisation: 'Lakeside Practice',
    accent: '#7a3e9d',
    language: 'es',
    zone: 'America/Denver',
    help: '+1 555 0100',
  });
  t.same(
    [lake.logo, lake.start, lake.texts.notice],
    [null, [], 'Only from here.'],
    'another organisation has not our logo, nor our addresses',
  );
  const second = brandNamed(portal, 'second');
  t.same(second.logo, { mediaType: 'image/png', base64: PNG.toString('base64') }, 'octets as they are');
  t.same([second.help, second.start], ['Ask at the desk', ['second@clinic.example']]);
  t.equal(brandNamed(portal, 'taken out').name, 'default');
});

t.test('contrast (WCAG 2.2, relative luminance)', async (t) => {
  const known: readonly (readonly [colour: string, ratio: number])[] = [
    ['#000000', 21],
    ['#ffffff', 1],
    ['#ff0000', 3.998],
    ['#767676', 4.542],
    ['#0b5fa5', 6.573],
  ];
  for (const [colour, ratio] of known) t.ok(Math.abs(contrastOnWhite(colour) - ratio) < 0.01, `${colour}: ${contrastOnWhite(colour)}`);
});

t.test('the portal process reads its part, without the right to read any secret', async (t) => {
  const folder = temporaryFolder(t);
  for (const [name, octets] of Object.entries(FILES)) writeFileSync(join(folder, name), octets);
  const file = join(folder, 'postern.yaml');
  const others =
    'dkim: [{ domain: clinic.example, selector: s, key_file: /nowhere/key.pem }]\ntls: { certificate: /nowhere/c.pem, key: /nowhere/k.pem }\n';
  writeFileSync(file, `${HEAD}${others}${LEAST}  logo: logo.png\n`);
  const read = await loadPortal(file);
  t.match(read, {
    kind: 'loaded',
    view: {
      mode: 'live',
      hostname: 'mail.clinic.example',
      folders: { run: join(folder, 'run') },
      portal: { brands: [{ name: 'default' }] },
    },
  });
  t.equal(read.kind === 'loaded' && read.view.portal.brands[0]?.logo?.mediaType, 'image/png');

  const wrong: readonly (readonly [text: string, issue: RegExp])[] = [
    [HEAD, /there is no portal; write the section "portal"/],
    [`${HEAD}${LEAST}  accent: "#eeeeee"\n`, /:10:11: #eeeeee on white has a contrast of 1\.1 to 1/],
    [`${HEAD}portal: { url: x }\n`, /"x" is not the https URL of a whole host/],
    [`${HEAD}${LEAST}  logo: none.png\n`, /none\.png does not exist/],
    ['a: [', /:1:/],
  ];
  for (const [text, issue] of wrong) {
    writeFileSync(file, text);
    const refused = await loadPortal(file);
    t.match(refused.kind === 'refused' ? refused.issues.map(formatIssue).join('\n') : 'loaded', issue);
  }
  writeFileSync(file, `${HEAD}${LEAST}  sms: { ${SMS}, secret_file: nowhere, ca: nowhere.pem }\n`);
  t.match(await loadPortal(file), { kind: 'loaded', view: { portal: { sms: { caPem: null } } } }, 'its secret is not for this process');
  t.match(await loadPortal(join(folder, 'none.yaml')), { kind: 'refused', issues: [{ what: 'the file cannot be read' }] });
});

t.test('the gateway to telephones: its secret is apart from it', async (t) => {
  const secretOf = async (more: string, secret: string): Promise<unknown> => {
    const folder = temporaryFolder(t);
    writeFileSync(join(folder, 'secret'), secret, { mode: 0o600 });
    const read = await loadText(`${HEAD}${LEAST}  sms: { ${SMS}, secret_file: secret${more} }\n`, { file: 'f', base: folder, now: 0 });
    if (read.kind === 'refused') return read.issues.map(formatIssue);
    t.notMatch(JSON.stringify(read.config), 's3cret', 'never in the configuration');
    t.match(read.config.portal?.sms, { kinds: ['sms'], content: 'json', body: [], perPersonPerDay: 5, perHour: 100, timeoutMs: 10_000 });
    return read.secrets.smsAuthorization;
  };
  t.equal(await secretOf('', 's3cret-token\nmore\n'), 'Bearer s3cret-token');
  t.equal(await secretOf(', user: ann', 's3cret: word\n'), `Basic ${Buffer.from('ann:s3cret: word').toString('base64')}`);
  const none = await load(t, LEAST);
  t.equal(none.kind === 'loaded' && none.secrets.smsAuthorization, null);
});
