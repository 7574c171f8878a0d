// postern extract FILE...: what the scanner sees of a message or file: its parts, its text by place, what is odd and what cannot be read.
import { type Command, Option } from 'commander';
import type { FileRead } from '../../daemon/work.ts';
import { example, JSON_OPTION } from '../command.ts';
import type { Act, JsonOption } from '../command.ts';
import { type CommandContext, showIssues } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { extractText } from '../extract-text.ts';
import { plainText } from '../terminal.ts';

interface ExtractOptions extends JsonOption {
  readonly ocr?: 'on' | 'off';
  readonly attached?: true;
}

export function addExtract(program: Command, act: Act): void {
  program
    .command('extract')
    .argument('<file...>', 'messages (.eml), or any other file, read as if attached')
    .description(
      'Show what the scanner sees: parts, text by place, defects, and what\ncannot be read. It prints the content. Exit code 1: not all was read',
    )
    .addOption(new Option('--ocr <when>', 'read text in pictures and scans (default: as configured)').choices(['on', 'off']))
    .option('--attached', 'read also a message as an attached file')
    .option(...JSON_OPTION)
    .addHelpText('after', example('postern extract referral.eml'))
    .action(act(extract));
}

async function extract(context: CommandContext, files: readonly string[], options: ExtractOptions): Promise<ExitCode> {
  const { terminal, work, configPath, configNamed } = context;
  const opened = await work.openExtract({
    configPath,
    unreadable: configNamed === 'yes' ? 'refused' : 'defaults',
    ocr: options.ocr ?? 'configured',
  });
  if (opened.kind === 'refused') {
    showIssues(terminal, opened.issues);
    return EXIT.config;
  }
  let code: ExitCode = EXIT.done;
  try {
    for (const [i, path] of files.entries()) {
      const as = /\.eml$/i.test(path) && options.attached !== true ? 'message' : 'file';
      const read = await opened.read({ path, as }, (part) =>
        terminal.progress(`${plainText(path)}: reading part ${part === '' ? '1' : part} ...`),
      );
      terminal.progress(null);
      if (read.kind === 'not-reached') {
        terminal.err(`postern: ${plainText(read.text)}`);
        code = EXIT.unreachable;
        continue;
      }
      if (options.json) terminal.out(jsonOf(path, read));
      else terminal.out(`${i === 0 ? '' : '\n'}${extractText(path, read, terminal)}`);
      if (read.message.blindSpots.length > 0 && code === EXIT.done) code = EXIT.no;
    }
  } finally {
    await opened.close();
  }
  return code;
}

function jsonOf(file: string, { message, sizeBytes, tookMs }: FileRead): string {
  return JSON.stringify({ file, sizeBytes, ms: Math.round(tookMs), ...message });
}
