// The dimensions of texts with patterns: who submitted, fields of the header, attachments.
import type { AttachmentFacts, MessageFacts } from '../../mail/facts.ts';
import { PART_KINDS } from '../../mail/message.ts';
import { NEVER_ABOUT_PATIENTS } from '../opportunistic.ts';
import type { PolicySource } from '../source.ts';
import type { Asked } from './literals.ts';
import { atomsWith, entriesOf, inMessage } from './put.ts';
import type { Dimension } from './space.ts';
import { wordsOf } from './words.ts';

/** More values of attachments than these are not looked at. */
const MOST_ATTACHMENTS = 20_000;

export function submitterDimension(asked: Asked, source: PolicySource): Dimension {
  const never = source.lists.has(NEVER_ABOUT_PATIENTS) ? [{ list: NEVER_ABOUT_PATIENTS }] : [];
  const accounts = [...atomsWith(asked, 'submitter', 'account').flatMap(({ value }) => value), ...never];
  const wanted = atomsWith(asked, 'submitter', 'submitter').flatMap(({ value }) => value);
  const kinds = (['account', 'certificate', 'network', 'gateway'] as const).map((kind) => ({
    kind,
    names: wordsOf(
      [
        ...(kind === 'account' ? entriesOf(accounts, source).map((one) => one.toLowerCase()) : []),
        ...wanted.flatMap((one) => (one.kind === kind && one.name !== null ? [one.name] : [])),
      ],
      'any',
    ),
  }));
  return {
    name: 'submitter',
    kind: 'one',
    covers: kinds.every(({ names }) => names.covers === 'all') ? 'all' : 'part',
    values: kinds.flatMap(({ kind, names }) => names.words.map((name) => inMessage(() => ({ submitter: { kind, name } })))),
    say: ({ message: { submitter } }) => `submitted by: ${submitter.kind} ${submitter.name}`,
  };
}

export function headerDimension(asked: Asked): Dimension {
  const wanted = atomsWith(asked, 'header', 'header').flatMap(({ value }) => value);
  const fields = [...Map.groupBy(wanted, ({ name }) => name)].map(([name, of]) => ({
    name,
    values: wordsOf(
      of.flatMap(({ value }) => (value === null ? [] : [value])),
      'any',
    ),
  }));
  return {
    name: 'header',
    kind: 'some',
    covers: fields.every(({ values }) => values.covers === 'all') ? 'all' : 'part',
    values: fields.flatMap(({ name, values }) =>
      values.words.map((value) => inMessage(({ header }): Partial<MessageFacts> => ({ header: [...header, [name, value]] }))),
    ),
    say: ({ message: { header } }) =>
      `header: ${header.length === 0 ? 'none of these fields' : header.map(([name, value]) => `${name}: ${value}`).join(', ')}`,
  };
}

export function attachmentDimension(asked: Asked): Dimension {
  const wanted = atomsWith(asked, 'attachments', 'attachment').flatMap(({ value }) => (typeof value === 'string' ? [] : value));
  const named = new Set(wanted.flatMap(({ kinds }) => kinds ?? []));
  const other = PART_KINDS.find((kind) => !named.has(kind));
  const types = wordsOf(
    wanted.flatMap((one) => one.types ?? []),
    'any',
  );
  const names = wordsOf(
    wanted.flatMap((one) => one.names ?? []),
    'any',
  );
  const all: AttachmentFacts[] = [];
  for (const kind of [...(other === undefined ? [] : [other]), ...named])
    for (const declaredType of [...types.words, null])
      for (const name of [...names.words, null]) if (all.length < MOST_ATTACHMENTS) all.push({ kind, declaredType, name });
  const whole = types.covers === 'all' && names.covers === 'all' && all.length < MOST_ATTACHMENTS;
  return {
    name: 'attachments',
    kind: 'some',
    covers: whole ? 'all' : 'part',
    values: all.map((one) => inMessage(({ attachments }) => ({ attachments: [...attachments, one] }))),
    say: ({ message: { attachments } }) =>
      `attachments: ${attachments.length === 0 ? 'none' : attachments.map(attachmentWords).join('; ')}`,
  };
}

function attachmentWords({ kind, declaredType, name }: AttachmentFacts): string {
  return [`kind ${kind}`, ...(declaredType === null ? [] : [`type ${declaredType}`]), ...(name === null ? [] : [`name ${name}`])].join(
    ', ',
  );
}
