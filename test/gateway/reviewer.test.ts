// Whose message it is: every way in which it counts as the reviewer's own, and those in which it does not.
import t from 'tap';
import { isTheirOwn, namesOf, type SentBy } from '../../src/gateway/reviewer.ts';

const names: readonly (readonly [who: string, as: string | null, expected: readonly string[]])[] = [
  ['ann', null, ['ann']],
  ['ann as postern', null, ['ann', 'postern']],
  ['ann as postern', 'Ann@Clinic.Example', ['ann', 'postern', 'ann@clinic.example']],
  ['Ann', 'ann', ['ann']],
  ['root', ' ', ['root']],
];
for (const [who, as, expected] of names)
  t.test(`names of "${who}", said to be ${as ?? 'nobody'}`, async (t) => {
    t.same(namesOf(who, as), expected);
  });

const MAIL: SentBy = {
  submitter: { kind: 'account', name: 'ehr' },
  reversePath: 'bob@clinic.example',
  from: ['bob@clinic.example'],
  mayUse: ['*@clinic.example'],
};

interface Case {
  readonly name: string;
  readonly who: string;
  readonly as?: string;
  readonly mail?: Partial<SentBy>;
  readonly mayUse?: readonly string[];
  readonly own: boolean;
}

const cases: readonly Case[] = [
  { name: 'somebody else’s', who: 'ann', own: false },
  { name: 'their account submitted it', who: 'ehr', own: true },
  { name: 'their account, in other letters', who: 'kim', as: 'EHR', own: true },
  { name: 'a certificate of that name is no account', who: 'ehr', mail: { submitter: { kind: 'certificate', name: 'ehr' } }, own: false },
  { name: 'the reverse-path is theirs', who: 'kim', as: 'bob@clinic.example', own: true },
  { name: 'the reverse-path, in other letters', who: 'kim', as: 'BOB@CLINIC.example', own: true },
  {
    name: 'only From is theirs',
    who: 'kim',
    as: 'dr@clinic.example',
    mail: { from: ['x@clinic.example', 'dr@clinic.example'] },
    own: true,
  },
  { name: 'the system user stands before the @', who: 'bob', own: true },
  { name: 'by sudo too', who: 'bob as root', own: true },
  {
    name: 'the account that submitted it may use their address',
    who: 'ann',
    as: 'ann@clinic.example',
    mail: { mayUse: ['ann@clinic.example'] },
    own: true,
  },
  { name: 'a pattern is nobody’s own', who: 'ann', as: 'ann@clinic.example', own: false },
  { name: 'their own account may use the reverse-path', who: 'ann', mayUse: ['ann@clinic.example', 'bob@clinic.example'], own: true },
  { name: 'their own account may use all of the domain', who: 'ann', mayUse: ['*@clinic.example'], own: false },
  { name: 'a null reverse-path is nobody’s', who: 'ann', mail: { reversePath: '', from: [] }, mayUse: [''], own: false },
  { name: 'part of a name is no name', who: 'bo', own: false },
];
for (const { name, who, as = null, mail = {}, mayUse = [], own } of cases)
  t.test(name, async (t) => {
    t.equal(isTheirOwn(namesOf(who, as), { ...MAIL, ...mail }, mayUse), own);
  });
