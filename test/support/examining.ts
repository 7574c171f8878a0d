// The examining thread over a real spool: letters sealed for it, and what it tells of threads that were lost.
import type { Config } from '../../src/config/config.ts';
import { defaultConfig } from '../../src/config/default-config.ts';
import { type Examiner, type ExaminerOptions, openExaminer } from '../../src/daemon/examiner.ts';
import type { Examination } from '../../src/gateway/examination.ts';
import type { SealedContent } from '../../src/spool/spool.ts';
import { type GatewayGround, gatewayGround } from './gateway-ground.ts';
import { contentOf, newMessageId, writeWhole } from './sealed-content.ts';

/** A plain message with a tag in its subject. */
export const letter = (text: string): string =>
  `From: ann@hospital.example\r\nTo: bob@partner.example\r\nSubject: [secure] hello\r\nContent-Type: text/plain\r\n\r\n${text}\r\n`;

/** An envelope by its sender's local part. */
export const from = (name: string): { readonly from: string; readonly to: readonly string[] } => ({
  from: `${name}@hospital.example`,
  to: ['bob@partner.example'],
});

export interface Examining {
  readonly ground: GatewayGround;
  readonly config: Config;
  readonly examiner: Examiner;
  readonly lost: string[];
  readonly sealed: (text: string) => Promise<SealedContent>;
}

export async function examining(
  t: Parameters<typeof gatewayGround>[0],
  options: Partial<ExaminerOptions> = {},
  change: (config: Config) => Config = (config) => config,
): Promise<Examining> {
  const ground = await gatewayGround(t);
  const plain = defaultConfig(ground.dataFolder);
  const reading = { ...plain.reading, processes: 2 };
  const config = change({ ...plain, reading, folders: { ...plain.folders, data: ground.dataFolder } });
  const lost: string[] = [];
  const examiner = await openExaminer({
    config,
    findingKey: Buffer.alloc(32, 7),
    readChild: null,
    lost: (why) => void lost.push(why),
    ...options,
  });
  if (examiner.kind === 'refused') throw new Error(JSON.stringify(examiner.issues));
  t.teardown(() => examiner.close());
  const sealed = async (text: string): Promise<SealedContent> => {
    const id = newMessageId();
    const { key } = ground.keys.newDataKey(id, ground.clock.at);
    return contentOf(id, key, await writeWhole(ground.spool.writer(id, key), Buffer.from(text)));
  };
  return { ground, config, examiner, lost, sealed };
}

/** Kinds of what was found, each once. */
export const kindsOf = (found: Omit<Examination, 'tookMs'> | 'stopped'): readonly string[] =>
  found === 'stopped' ? ['stopped'] : [...new Set(found.report.findings.map(({ kind }) => kind))].toSorted();
/** Blind spots with their parts. */
export const blindOf = (found: Omit<Examination, 'tookMs'> | 'stopped'): readonly string[] =>
  found === 'stopped' ? ['stopped'] : found.message.blindSpots.map(({ part, kind }) => `${part} ${kind}`.trim());
