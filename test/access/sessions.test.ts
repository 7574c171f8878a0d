// Open sessions of an account: bounded, and all ended when the account is.
import t from 'tap';
import { sessions } from '../../src/access/sessions.ts';

await t.test('so many for an account', async (t) => {
  const open = sessions();
  const places = [1, 2].map(() => open.enter('ehr', 2, () => undefined));
  t.ok(places.every((place) => place !== null));
  t.equal(
    open.enter('ehr', 2, () => undefined),
    null,
  );
  t.ok(
    open.enter('lab', 2, () => undefined),
    'another account has its own',
  );
  places[0]?.leave();
  places[0]?.leave();
  t.ok(
    open.enter('ehr', 2, () => undefined),
    'one place is free',
  );
  t.equal(
    open.enter('ehr', 2, () => undefined),
    null,
    'and only one, though it was left twice',
  );
});

await t.test('ended together', async (t) => {
  const open = sessions();
  const ended: string[] = [];
  const end = (): void => {
    ended.push('same');
  };
  open.enter('ehr', 9, () => ended.push('a'));
  const b = open.enter('ehr', 9, () => {
    ended.push('b');
    b?.leave();
  });
  open.enter('ehr', 9, end);
  open.enter('ehr', 9, end);
  open.enter('lab', 9, () => ended.push('lab'));
  t.equal(open.end('ehr'), 4);
  t.same(ended, ['a', 'b', 'same', 'same']);
  t.equal(open.end('nobody'), 0);
});
