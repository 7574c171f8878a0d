// The door of the road, with return addresses in front of it: what comes back is dealt with there; in an answer to somebody who answered at the
// portal their own address stands in the place of the one that was written, and it goes to the portal again.
import type { Recipient } from '../../mail/envelope.ts';
import { MailError } from '../../mail/mail-error.ts';
import { returnAddress } from '../../mail/return-address.ts';
import type { Accept, Intake, Submission } from '../intake.ts';
import { type ReturnDoorDeps, returnAddressIn, standsAlone, whoseReturn } from './return-door.ts';
import { openReturn, type ReturnDeps } from './return-intake.ts';

/** @param road takes what is not dealt with here */
export function returningAccept(road: Accept, deps: ReturnDeps & ReturnDoorDeps): Accept {
  return {
    async open(submission) {
      if (deps.returnDomain() === null) return road.open(submission);
      const { recipients, reversePath } = submission.envelope;
      const [only] = recipients;
      if (recipients.length === 1 && only !== undefined && standsAlone(only.address, reversePath, deps))
        return openAlone(submission, only, deps);
      // A stranger has no other way in (smtp/options.ts).
      if (submission.submitter.kind === 'gateway') throw new MailError('session.not-permitted');
      const to = await Promise.all(recipients.map((recipient) => toPerson(recipient, deps)));
      return road.open({ ...submission, envelope: { ...submission.envelope, recipients: to } });
    },
  };
}

async function openAlone(submission: Submission, { address }: Recipient, deps: ReturnDeps & ReturnDoorDeps): Promise<Intake> {
  const whose = await whoseReturn(address, deps);
  if (whose === null) throw new MailError('envelope.no-such-address');
  return openReturn(submission, whose, deps);
}

/** What nobody knows any more stays as it was written: it leads back to us, and so is returned. */
async function toPerson(recipient: Recipient, deps: ReturnDoorDeps): Promise<Recipient> {
  if (returnAddressIn(recipient.address, deps) === null) return recipient;
  const whose = await whoseReturn(recipient.address, deps);
  if (whose === null || whose === 'postmaster' || whose.use === 'notice') return recipient;
  const { reference, deliveryId, person } = whose.conversation;
  const written = returnAddress((label, ...values) => deps.keys.digest(label, ...values), 'answer', reference, deps.returnDomain() ?? '');
  return { address: person, notify: recipient.notify, orcpt: recipient.orcpt ?? `rfc822;${written}`, answers: deliveryId };
}
