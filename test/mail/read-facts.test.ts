// What may be told of a message as it was read: kinds, codes and counts; and which pictures could be known ones.
import t from 'tap';
import type { BlindSpotKind, Message, Part, PartKind, PartRole } from '../../src/mail/message.ts';
import { KNOWN_PICTURE_BYTES, readFacts, recurringPictures, withKnownPictures } from '../../src/mail/read-facts.ts';

function part(path: string, kind: PartKind, role: PartRole = 'attachment', digest: string | null = null, sizeBytes = 10): Part {
  return { path, kind, declaredType: null, name: 'Jane Doe.pdf', role, sizeBytes, digest };
}

function message(parts: readonly Part[], blind: readonly (readonly [part: string, kind: BlindSpotKind])[] = []): Message {
  return {
    parts,
    spans: [{ part: '1', place: { area: 'text' }, text: 'Jane Doe', marks: [] }],
    defects: [],
    blindSpots: blind.map(([path, kind]) => ({ part: path, kind })),
    documents: [],
  };
}

t.test('facts', async (t) => {
  const plain = message([part('', 'message', 'body'), part('1', 'text', 'body'), part('2', 'pdf'), part('3', 'pdf')]);
  t.same(readFacts(plain), { parts: 4, kinds: 'message pdf*2 text' });
  const odd: Message = {
    ...message(
      [part('', 'message', 'body'), part('1', 'zip')],
      [
        ['1', 'encrypted'],
        ['1', 'too-large'],
      ],
    ),
    defects: [
      { part: '1', code: 'type-mismatch' },
      { part: '', code: 'type-mismatch' },
    ],
    documents: [{ part: '1', standard: 'hl7v2', type: 'ORU^R01', patients: 2, identifiers: ['name'], contents: ['result'] }],
  };
  t.same(readFacts(odd), {
    parts: 2,
    kinds: 'message zip',
    blindSpots: 'encrypted too-large',
    defects: 'type-mismatch*2',
    documents: 'hl7v2:ORU^R01',
  });
  t.same(readFacts(message([])), { parts: 0, kinds: '' });
  t.notMatch(JSON.stringify(readFacts(odd)), /Jane|Doe/);
});

t.test('encrypted by the client', async (t) => {
  const sealed: Message = {
    ...message([part('', 'message', 'body'), part('1', 'smime-encrypted', 'body')], [['1', 'encrypted']]),
    spans: [],
  };
  t.match(readFacts(sealed), { encryptedBy: 'smime' });
});

t.test('of any number of kinds only so many are told', async (t) => {
  const documents = Array.from({ length: 200 }, (_, i) => ({
    part: '1',
    standard: 'fhir' as const,
    type: `T${i}`,
    patients: 0,
    identifiers: [],
    contents: [],
  }));
  t.equal(String(readFacts({ ...message([]), documents })['documents']).split(' ').length, 50);
});

t.test('known pictures', async (t) => {
  const parts = [
    part('1', 'picture', 'inline', 'logo'),
    part('2', 'picture', 'inline', 'logo'),
    part('3', 'picture', 'attachment', 'logo'),
    part('4', 'picture', 'inline', 'scan'),
    part('5', 'picture', 'inline', 'page', KNOWN_PICTURE_BYTES + 1),
    part('6', 'pdf', 'inline'),
  ];
  const whole = message(parts, [
    ['1', 'picture-not-read'],
    ['2', 'picture-not-read'],
    ['3', 'picture-not-read'],
    ['4', 'picture-not-read'],
    ['6', 'picture-not-read'],
    ['1', 'broken'],
  ]);
  t.same(recurringPictures(whole), ['logo', 'scan']);
  t.same(
    withKnownPictures(whole, new Set(['logo'])).blindSpots.map(({ part: path, kind }) => `${path} ${kind}`),
    ['3 picture-not-read', '4 picture-not-read', '6 picture-not-read', '1 broken'],
    'only those shown within the message, and only that they were not read',
  );
  t.same(withKnownPictures(whole, new Set()).blindSpots, whole.blindSpots);
});
