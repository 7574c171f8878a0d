// Sessions of the portal: opaque, limited, replaced at every sign-in, and over when they must be.
import t from 'tap';
import { type PortalSession, portalSessions, SESSION_RULES } from '../../src/access/portal-sessions.ts';
import { digestOf } from '../support/store-names.ts';

const MINUTE = 60_000;
const HOME = digestOf('home');
const PAT: PortalSession = {
  address: HOME,
  assurance: 'address',
  personId: 1,
  brand: 'default',
  cameFor: null,
  provedBy: 'mailed-code',
  provedAt: 0,
};

function open(rules = SESSION_RULES) {
  let at = 0;
  const sessions = portalSessions(() => at, rules);
  const begin = (session: PortalSession = PAT, replaces: string | null = null): string => {
    const token = sessions.begin(session, sessions.moment(), replaces);
    if (token === null) throw new Error('not begun');
    return token;
  };
  return { sessions, begin, pass: (ms: number): void => void (at += ms) };
}

t.test('tokens: 256 bits, none like another, none kept', async (t) => {
  const { sessions, begin } = open();
  const tokens = Array.from({ length: 20 }, () => begin());
  t.ok(tokens.every((token) => /^[\w-]{43}$/.test(token)));
  t.equal(new Set(tokens).size, 20);
  t.match(sessions.find(tokens[0] ?? '', 'none'), PAT);
  for (const guess of ['', 'A'.repeat(43), tokens[0]?.slice(1) ?? '', `${tokens[0]} `]) t.equal(sessions.find(guess, 'none'), null);
});

t.test('idle and absolute limits', async (t) => {
  const { sessions, begin, pass } = open();
  const token = begin();
  pass(14 * MINUTE);
  t.not(sessions.find(token, 'person'), null);
  pass(14 * MINUTE);
  t.not(sessions.find(token, 'none'), null, 'a look that is no activity');
  pass(MINUTE);
  t.equal(sessions.find(token, 'person'), null, 'does not keep it');
  t.equal(sessions.size, 0);
  const long = begin();
  for (let i = 0; i < 71; i++) {
    pass(10 * MINUTE);
    t.not(sessions.find(long, 'person'), null);
  }
  pass(10 * MINUTE);
  t.equal(sessions.find(long, 'person'), null, 'twelve hours, whatever it does');
});

t.test('fixation: a sign-in gives a new token and ends the old one', async (t) => {
  const { sessions, begin, pass } = open();
  const planted = begin({ ...PAT, address: digestOf('attacker') });
  const token = begin(PAT, planted);
  t.not(token, planted);
  t.equal(sessions.find(planted, 'none'), null);
  pass(MINUTE);
  const raised = sessions.renew(token, { assurance: 'clinic' }) ?? '';
  t.equal(sessions.find(token, 'none'), null);
  t.match(sessions.find(raised, 'none'), { assurance: 'clinic', personId: 1, endsAt: SESSION_RULES.longestMs }, 'its end does not move');
  t.equal(sessions.renew(token, {}), null, 'one that is over');
  sessions.end(raised);
  t.equal(sessions.find(raised, 'none'), null);
});

t.test('ended: of an address, of a person, and what was under way', async (t) => {
  const { sessions, begin } = open();
  const [one, two] = [begin(), begin({ ...PAT, personId: 2 })];
  const other = begin({ ...PAT, address: digestOf('other'), personId: 3 });
  t.equal(sessions.endPerson(1, null), 1);
  t.equal(sessions.find(one, 'none'), null);
  const [mine, more] = [begin({ ...PAT, personId: 2 }), two];
  t.equal(sessions.endPerson(2, mine), 1, 'but one');
  t.equal(sessions.find(more, 'none'), null);
  const since = sessions.moment();
  t.equal(sessions.endAddress(HOME), 1);
  t.equal(sessions.find(mine, 'none'), null);
  t.not(sessions.find(other, 'none'), null);
  t.equal(sessions.begin(PAT, since, null), null, 'a sign-in that began before does not slip in');
  t.not(sessions.begin({ ...PAT, address: digestOf('other') }, since, null), null);
  t.not(sessions.begin(PAT, sessions.moment(), null), null);
  for (let i = 0; i < 1_001; i++) sessions.endAddress(digestOf(`address ${i}`));
  t.equal(sessions.begin(PAT, since, null), null, 'however many have ended since');
});

t.test('bounded: of one address and of all', async (t) => {
  const { sessions, begin } = open({ ...SESSION_RULES, ofAddress: 3, all: 5 });
  const tokens = [1, 2, 3, 4].map((personId) => begin({ ...PAT, personId }));
  t.same(
    tokens.map((token) => sessions.find(token, 'none')?.personId),
    [undefined, 2, 3, 4],
    'the oldest of the address goes',
  );
  for (let i = 0; i < 10; i++) begin({ ...PAT, address: digestOf(`a ${i}`) });
  t.equal(sessions.size, 5);
});
