// postern policy replay as an administrator types it: counts, weaker ones first, pages, exit codes, no address on the screen.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openReplay } from '../../src/daemon/policy-replay.ts';
import type { FactsReport } from '../../src/control/commands.ts';
import type { Decision } from '../../src/mail/decision.ts';
import { commandLine } from '../support/command-line.ts';
import { idOf } from '../support/store-names.ts';
import { DECISION, storedFacts, T0 } from '../support/store-units.ts';

const held: Decision = { ...DECISION, action: 'hold', rule: 'phi-outside', methods: ['relay'] };
const sent: Decision = { ...DECISION, rule: 'everything', methods: ['relay'] };

function decided(number: number, decision: Decision): FactsReport {
  const onFile = { consents: [[]], attested: false, revision: 0 };
  return { messageId: idOf(number), at: T0 + number, facts: storedFacts(), decisions: [{ n: 0, decision }], onFile };
}

const DRAFT = `version: 1
rules:
  - id: phi-outside
    when: { phi: high }
    hold: "Health data."
  - id: everything
    deliver: [relay]
`;

async function scene(t: Parameters<typeof commandLine>[0], pages: readonly (readonly FactsReport[])[]) {
  const asked: unknown[] = [];
  const line = await commandLine(t, {
    service: {
      'policy.facts': async (request) => {
        asked.push(request);
        const page = request.after === null ? 0 : Number(request.after);
        const next = page + 1 < pages.length ? String(page + 1) : null;
        return { kind: 'done', value: { messages: pages[page] ?? [], next } };
      },
    },
    work: { openReplay },
  });
  const draft = join(line.folder, 'draft.yaml');
  writeFileSync(draft, DRAFT);
  return { line, draft, asked };
}

t.test('what would go out weaker stands first, and the exit code says that there is any', async (t) => {
  const { line, draft, asked } = await scene(t, [
    [decided(1, sent)],
    [decided(2, held), decided(3, { ...held, released: true, action: 'deliver' })],
  ]);
  const { code, out, err } = await line.run(['policy', 'replay', '--with', draft, '--since', '7d']);
  t.equal(err, '');
  t.equal(code, 1);
  t.match(out, /^3 messages, 3 recipients:\n +2 {2}would go out WEAKER than was decided\n +1 {2}would be decided the same$/m);
  t.match(out, new RegExp(`^${idOf(2)}/0 +weaker +hold \\(phi-outside\\) +relay at tls-verified \\(everything\\)$`, 'm'));
  t.match(out, `${idOf(3)}/0`, 'what a person released was held by its rule');
  t.notMatch(out, /partner\.example|hospital/, 'no address');
  t.equal(asked.length, 2);
  t.match(asked[0], { after: null, limit: 100 });
});

t.test('nothing weaker', async (t) => {
  const { line, draft } = await scene(t, [[decided(1, sent)]]);
  const { code, out } = await line.run(['policy', 'replay', '--with', draft]);
  t.equal(code, 0);
  t.equal(out.trim(), '1 message, 1 recipient:\n       1  would be decided the same');
});

t.test('no past mail', async (t) => {
  const { line, draft } = await scene(t, []);
  t.match(await line.run(['policy', 'replay', '--with', draft]), { code: 0, out: /^0 messages, 0 recipients:/ });
});

t.test('one object a line', async (t) => {
  const { line, draft } = await scene(t, [[decided(1, sent), decided(2, held)]]);
  const { out } = await line.run(['policy', 'replay', '--with', draft, '--json']);
  const lines = out
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one) as object);
  t.match(lines, [
    { deliveryId: `${idOf(2)}/0`, compared: 'weaker', before: { action: 'hold' }, after: { action: 'deliver' } },
    { messages: 2, same: 1, weaker: 1, stricter: 0, other: 0 },
  ]);
});

t.test('a draft with faults is told with its places, and nothing is asked', async (t) => {
  const { line, draft, asked } = await scene(t, [[decided(1, sent)]]);
  writeFileSync(draft, DRAFT.replace('deliver: [relay]', 'deliver: [relais]'));
  t.match(await line.run(['policy', 'replay', '--with', draft]), { code: 3, err: /draft\.yaml:7:\d+: .*relais.*relay/ });
  t.same(asked, []);
});

t.test('how far back', async (t) => {
  const { line, draft } = await scene(t, [[]]);
  for (const since of ['0d', 'soon', '-3', '30h'])
    t.match(await line.run(['policy', 'replay', '--with', draft, '--since', since]), { code: 2 }, since);
});
