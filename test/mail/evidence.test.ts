// Kinds of evidence: their form, that none is named twice, and that every final state has one.
import t from 'tap';
import { FINAL_STATES } from '../../src/mail/delivery.ts';
import { EVIDENCE_KINDS } from '../../src/mail/evidence.ts';

/** States of things rather than something done. */
const NOT_A_VERB: readonly string[] = ['disk.low', 'pickup.away'];

await t.test('form', async (t) => {
  t.equal(new Set(EVIDENCE_KINDS).size, EVIDENCE_KINDS.length, 'none twice');
  for (const kind of EVIDENCE_KINDS) {
    t.match(kind, /^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/, kind);
    if (!NOT_A_VERB.includes(kind))
      t.match(
        kind,
        /\.(?:[a-z-]*ed|[a-z-]*ed-up|held|lost|read|told|[a-z-]*sent|[a-z-]*made|signed-in|withheld|waiting)$/,
        `${kind}: noun.past-verb`,
      );
  }
});

await t.test('every end of a delivery is evidence', async (t) => {
  for (const state of FINAL_STATES) t.ok((EVIDENCE_KINDS as readonly string[]).includes(`delivery.${state}`), state);
});
