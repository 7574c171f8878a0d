// Handlers of control commands for tests: each answers 'unavailable' unless a test gives its own.
import type { ControlHandlers } from '../../src/control/commands.ts';

export function controlHandlers(own: Partial<ControlHandlers> = {}): ControlHandlers {
  const none = async () => ({ kind: 'failed', code: 'unavailable', text: 'not in this test' }) as const;
  return {
    status: none,
    reload: none,
    'queue.list': none,
    'queue.show': none,
    'queue.retry': none,
    'queue.hold': none,
    'queue.release': none,
    'queue.cancel': none,
    'queue.return': none,
    'review.list': none,
    'review.show': none,
    'review.content': none,
    'review.release': none,
    'review.return': none,
    'review.reroute': none,
    'review.verdicts': none,
    'pickup.list': none,
    'pickup.show': none,
    'pickup.recall': none,
    'pickup.restore': none,
    'pickup.resend': none,
    'pickup.code': none,
    'pickup.lost': none,
    'pickup.forget': none,
    'account.list': none,
    'account.add': none,
    'account.import': none,
    'account.disable': none,
    'account.enable': none,
    'account.password': none,
    'consent.record': none,
    'consent.revoke': none,
    'consent.list': none,
    'consent.show': none,
    'policy.facts': none,
    ...own,
  };
}
