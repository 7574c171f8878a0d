// Are facts whole? They come back from storage years later, and a missing number would quietly answer "no" to every question.
import { CONSENT_KINDS, type Facts } from '../mail/facts.ts';
import { LEVELS } from '../mail/finding.ts';

/** False, or a throw, where something is not as its type says; whoever decides holds then. Only what conditions read is looked at. */
export function areSound({ message, recipient, sender }: Facts): boolean {
  const { phi, submitter, client } = message;
  return (
    areTexts([message.reversePath, recipient.address, submitter.kind, submitter.name, ...message.from, ...message.subjectTags]) &&
    recipient.address !== '' &&
    (client === null || typeof client === 'string') &&
    areNumbers([sender.consentsRevision, message.sizeBytes, message.visibleOutside, message.acceptedAt, ...Object.values(phi.counts)]) &&
    areBooleans([
      message.automatic,
      message.urgent,
      recipient.inside,
      recipient.seen.address,
      recipient.seen.domain,
      recipient.oneSlipFromKnown,
      sender.attested,
    ]) &&
    typeof phi.counts === 'object' &&
    !Array.isArray(phi.counts) &&
    LEVELS.includes(phi.level) &&
    [null, 'smime', 'openpgp'].includes(message.encryptedBy) &&
    areTexts([...phi.labels, ...phi.documents, ...phi.reasons, ...message.blindSpots]) &&
    recipient.consents.every((one) => CONSENT_KINDS.includes(one)) &&
    message.header.every(([name, value]) => typeof name === 'string' && typeof value === 'string') &&
    message.attachments.every(
      ({ kind, declaredType, name }) => typeof kind === 'string' && isTextOrNull(declaredType) && isTextOrNull(name),
    )
  );
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function areTexts(values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

function areNumbers(values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'number' && Number.isFinite(value) && value >= 0);
}

function areBooleans(values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'boolean');
}
