// Open sessions of an account: bounded, and all ended when the account is.
import t from 'tap';
import { sessions } from '../../src/access/sessions.ts';
import type { SessionPlace, Sessions } from '../../src/access/sessions.ts';

/** A place, or null where there is none. */
function enter(
  open: Sessions,
  account: string,
  atMost: number,
  end: () => void = () => undefined,
  since = open.moment(),
): SessionPlace | null {
  const place = open.enter({ account, atMost, since, end });
  return typeof place === 'string' ? null : place;
}

await t.test('so many for an account', async (t) => {
  const open = sessions();
  const places = [1, 2].map(() => enter(open, 'ehr', 2));
  t.ok(places.every((place) => place !== null));
  t.equal(open.enter({ account: 'ehr', atMost: 2, since: open.moment(), end: () => undefined }), 'full');
  t.ok(enter(open, 'lab', 2), 'another account has its own');
  places[0]?.leave();
  places[0]?.leave();
  t.ok(enter(open, 'ehr', 2), 'one place is free');
  t.equal(enter(open, 'ehr', 2), null, 'and only one, though it was left twice');
});

await t.test('ended together', async (t) => {
  const open = sessions();
  const ended: string[] = [];
  const end = (): void => {
    ended.push('same');
  };
  enter(open, 'ehr', 9, () => ended.push('a'));
  const b = enter(open, 'ehr', 9, () => {
    ended.push('b');
    b?.leave();
  });
  enter(open, 'ehr', 9, end);
  enter(open, 'ehr', 9, end);
  enter(open, 'lab', 9, () => ended.push('lab'));
  t.equal(open.end('ehr'), 4);
  t.same(ended, ['a', 'b', 'same', 'same']);
  t.equal(open.end('nobody'), 0);
});

await t.test('a login that was being checked when the account was ended does not slip in', async (t) => {
  const open = sessions();
  const since = open.moment();
  open.end('ehr');
  t.equal(open.enter({ account: 'ehr', atMost: 9, since, end: () => undefined }), 'ended');
  t.ok(enter(open, 'lab', 9, undefined, since), 'only of that account');
  t.ok(enter(open, 'ehr', 9), 'a login begun later may come in, if the account lets it');
  open.end('lab');
  t.ok(enter(open, 'ehr', 9, undefined, since + 1));
});
