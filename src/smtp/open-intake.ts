// Opens the intake for one message in time, or gives the code to refuse DATA with.
import type { Accept, Intake, Submission } from '../gateway/intake.ts';
import { MailError } from '../mail/mail-error.ts';
import type { MailErrorCode } from '../mail/mail-error.ts';
import { within } from './within.ts';

/** An intake that opens too late is aborted. */
export async function openIntake(
  accept: Accept,
  submission: Submission,
  limitMs: number,
  bug: (where: string, error: unknown) => void,
): Promise<Intake | MailErrorCode> {
  const opening = accept.open(submission);
  try {
    const intake = await within(limitMs, opening, (error) => bug('open', error));
    if (intake !== 'late') return intake;
    opening.then((late) => late.abort()).catch((error: unknown) => bug('open', error));
    return 'store.too-slow';
  } catch (error) {
    if (error instanceof MailError) return error.code;
    bug('open', error);
    return 'session.internal';
  }
}
