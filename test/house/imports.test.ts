// The rings of the house: imports go inward only, pure rooms stay pure, every library is wrapped in its own room.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { packageOfImport, roomOfImport, ROOT, sourceFiles } from '../support/source-files.ts';

const RINGS: readonly (readonly string[])[] = [
  ['mail'],
  ['yaml', 'pki', 'fetch', 'pattern', 'pgp'],
  ['inspect', 'policy', 'audit', 'config', 'log'],
  ['dns', 'store', 'spool', 'keys', 'mime', 'cms', 'dkim', 'transport', 'http'],
  ['methods', 'access'],
  ['gateway'],
  ['smtp', 'api', 'portal', 'admin', 'control', 'sandbox'],
  ['daemon'],
  ['cli'],
  ['main.ts'],
];

const PURE: readonly string[] = ['mail', 'inspect', 'policy', 'audit'];
/** Modules of Node that neither read nor write anything outside the program. */
const PURE_MODULES: readonly string[] = ['node:crypto', 'node:url', 'node:util', 'node:buffer'];

/** Which room wraps a library. zod looks only at values, so it may be used anywhere. */
const WRAPPED_IN: Readonly<Record<string, readonly string[]>> = {
  '7z-wasm': ['mime'],
  '@fastify/cookie': ['portal'],
  '@fastify/formbody': ['portal'],
  '@fastify/multipart': ['portal'],
  '@tesseract.js-data/eng': ['mime'],
  '@simplewebauthn/server': ['access'],
  asn1js: ['pki'],
  'better-sqlite3': ['store'],
  commander: ['cli'],
  'dns-packet': ['dns'],
  fastify: ['portal'],
  'hast-util-from-parse5': ['mime'],
  'hast-util-sanitize': ['mime'],
  'hast-util-to-html': ['mime'],
  'iconv-lite': ['mime'],
  libmime: ['mime'],
  mailauth: ['dkim'],
  // Once as the composer of our own messages, once as the client of `postern demo`.
  nodemailer: ['mime', 'sandbox'],
  otplib: ['access'],
  parse5: ['mime'],
  pino: ['log'],
  pkijs: ['pki'],
  'prom-client': ['log'],
  // Once as our own surface, once playing other people's servers in sandbox mode.
  re2js: ['pattern'],
  'smtp-server': ['smtp', 'sandbox'],
  'tesseract.js-core': ['mime'],
  unpdf: ['mime'],
  uqr: ['portal'],
  yaml: ['yaml'],
  yazl: ['mime'],
};
const ANYWHERE: readonly string[] = ['zod'];

/** Modules of Node that reach outside, and the rooms that may. */
const REACHING_OUT: Readonly<Record<string, readonly string[]>> = {
  'node:child_process': ['daemon'],
  'node:dgram': ['dns'],
  'node:dns': ['dns'],
  'node:dns/promises': ['dns'],
  'node:http': ['http', 'fetch', 'portal'],
  'node:http2': [],
  'node:https': ['http', 'fetch'],
  'node:net': ['fetch', 'dns', 'transport', 'http', 'smtp', 'control', 'portal', 'sandbox', 'daemon'],
  'node:tls': ['pki', 'dns', 'transport', 'http', 'smtp', 'sandbox', 'daemon'],
  'node:inspector': [],
  'node:repl': [],
  // 7-Zip's loader is run where it sees no process and no file system.
  'node:vm': ['mime'],
};

/** What looks at the text of an address reaches nothing. */
const JUDGES_ADDRESSES_ONLY = /^import \{ (?:(?:isIP|isIPv4|isIPv6|BlockList)(?:, )?)+ \} from 'node:net';$/m;

const files = sourceFiles('src');
const ring = (room: string): number => RINGS.findIndex((rooms) => rooms.includes(room));

await t.test('every room has a ring', async (t) => {
  t.same(
    files.filter((file) => ring(file.room) < 0).map((file) => file.path),
    [],
  );
});

await t.test('imports go inward', async (t) => {
  for (const file of files) {
    const outward = file.imports.filter((specifier) => {
      const room = roomOfImport(file, specifier);
      return room !== null && room !== file.room && ring(room) >= ring(file.room);
    });
    t.same(outward, [], file.path);
  }
});

await t.test('relative imports name a .ts file, and none is worked out at run time', async (t) => {
  for (const file of files) {
    t.same(
      file.imports.filter((specifier) => specifier === '' || (specifier.startsWith('.') && !specifier.endsWith('.ts'))),
      [],
      file.path,
    );
  }
});

await t.test('pure rooms', async (t) => {
  for (const file of files.filter((one) => PURE.includes(one.room))) {
    const modules = file.imports.filter((specifier) => specifier.startsWith('node:'));
    t.same(
      modules.filter((name) => !PURE_MODULES.includes(name)),
      [],
      `${file.path}: no input or output`,
    );
    t.notMatch(
      file.code,
      /\b(?:Date\.now|new Date\(\)|Math\.random|randomBytes|randomUUID|randomInt|setTimeout|setInterval|performance\.|process\.|globalThis)/,
      `${file.path}: time, ids and keys are arguments`,
    );
  }
});

await t.test('every library in its room', async (t) => {
  for (const file of files) {
    for (const specifier of file.imports) {
      const name = packageOfImport(specifier);
      if (name === null || ANYWHERE.includes(name)) continue;
      t.ok(WRAPPED_IN[name]?.includes(file.room), `${file.path} imports ${name}`);
    }
  }
});

await t.test('every library is used', async (t) => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  const used = new Set(files.flatMap((file) => file.imports).map(packageOfImport));
  // What is only data is named by its path.
  const isNamed = (name: string): boolean => files.some(({ code }) => code.includes(`'${name}/`));
  t.same(
    Object.keys(dependencies).filter((name) => !used.has(name) && !isNamed(name)),
    [],
    'dependencies that nothing imports',
  );
  t.same(
    Object.values(dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version)),
    [],
    'versions are pinned',
  );
});

await t.test('modules of Node that reach outside', async (t) => {
  for (const file of files) {
    const wrong = file.imports.filter((name) => {
      const rooms = REACHING_OUT[name];
      return rooms !== undefined && !rooms.includes(file.room) && !(name === 'node:net' && JUDGES_ADDRESSES_ONLY.test(file.code));
    });
    t.same(wrong, [], file.path);
    t.same(
      file.imports.filter(
        (name) => packageOfImport(name) !== null && /^(?:fs|net|tls|crypto|path|os|http|https|dns|url|util|events|stream)$/.test(name),
      ),
      [],
      `${file.path}: modules of Node carry node:`,
    );
  }
});

await t.test('only daemon/ joins parts together', async (t) => {
  const engine = /\bstore\/sqlite\//;
  for (const file of files.filter(({ room }) => room !== 'store' && room !== 'daemon')) {
    t.same(
      file.imports.filter((specifier) => engine.test(specifier)),
      [],
      `${file.path} knows the contracts of the store, not its engine`,
    );
  }
  const assembled = new Set(['gateway', 'smtp', 'sandbox', 'control', 'api', 'portal', 'admin']);
  for (const file of files.filter(({ room }) => room === 'cli')) {
    const rooms = file.imports.map((specifier) => roomOfImport(file, specifier));
    t.notOk(
      rooms.some((room) => room !== null && room !== 'control' && assembled.has(room)),
      `${file.path} gets its work from daemon/`,
    );
  }
});
