// What a user would script from npm: smtp-server takes, a file per message is fsynced, a nodemailer pool sends it on over checked TLS.
// It does what makes it fast (no reverse lookup, kept connections) and leaves out what a product needs (retries, DSNs, recovery).
import { open, rename, unlink } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import { PASSWORD, SINK_NAME, USER } from '../protocol.ts';

const setting = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};
const spool = setting('BENCH_SPOOL');
const folder = await open(spool, 'r');
let sequence = 0;

const pool = nodemailer.createTransport({
  pool: true,
  host: '127.0.0.1',
  port: Number(setting('BENCH_SINK_PORT')),
  requireTLS: true,
  maxConnections: 10,
  maxMessages: Infinity,
  tls: { ca: readFileSync(setting('BENCH_CA'), 'utf8'), servername: SINK_NAME },
});

async function take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of stream as AsyncIterable<Buffer>) pieces.push(piece);
  const content = Buffer.concat(pieces);
  const { mailFrom, rcptTo } = session.envelope;
  const envelope = { from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address) };
  const file = join(spool, String(sequence++));
  const handle = await open(`${file}.new`, 'wx');
  await handle.writeFile(Buffer.concat([Buffer.from(`${JSON.stringify(envelope)}\n`), content]));
  await handle.sync();
  await handle.close();
  await rename(`${file}.new`, file);
  await folder.sync();
  void send(file, envelope, content);
}

async function send(file: string, envelope: { from: string; to: string[] }, raw: Buffer): Promise<void> {
  try {
    await pool.sendMail({ envelope, raw });
    await unlink(file);
  } catch (error) {
    console.error('not delivered', error);
  }
}

const server = new SMTPServer({
  key: readFileSync(setting('BENCH_KEY'), 'utf8'),
  cert: readFileSync(setting('BENCH_CERTIFICATE'), 'utf8'),
  size: 50_000_000,
  disableReverseLookup: true,
  onAuth(auth, _session, callback) {
    if (auth.username === USER && auth.password === PASSWORD) callback(null, { user: USER });
    else callback(new Error('no'));
  },
  onData(stream, session, callback) {
    take(stream, session).then(() => callback(), callback);
  },
});
server.on('error', () => undefined);
server.listen(Number(setting('BENCH_PORT')), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
