// The one default: its decision says what was configured, and its version changes whenever a decision could.
import { NO_MODIFIERS } from '../../src/mail/decision.ts';
import t from 'tap';
import { configuredDefault } from '../../src/policy/configured-default.ts';
import { TLS_FLOORS } from '../../src/mail/tls.ts';

const OTHERWISE = ['hold', 'return'] as const;
const all = TLS_FLOORS.flatMap((floor) => OTHERWISE.map((otherwise) => ({ floor, otherwise })));

for (const settings of all) {
  t.test(`${settings.floor}, else ${settings.otherwise}`, async (t) => {
    const policy = configuredDefault(settings);
    t.match(policy.version, /^[0-9a-f]{16}$/);
    t.same(policy.decide(), {
      rule: 'configured-default',
      policyVersion: policy.version,
      action: 'deliver',
      ...settings,
      floors: [],
      methods: ['relay'],
      reason: null,
      modifiers: NO_MODIFIERS,
    });
  });
}

t.test('the version is that of the settings, not of the moment', async (t) => {
  const versions = all.map((settings) => configuredDefault(settings).version);
  t.equal(new Set(versions).size, all.length, 'other settings, another version');
  t.same(
    all.map((settings) => configuredDefault({ ...settings }).version),
    versions,
    'the same settings, the same version',
  );
});
