// Whom a request to unsubscribe counts for: the proxy's word only where the proxy is believed.
import t from 'tap';
import { clientsBehind } from '../../src/daemon/clients-behind.ts';

const clientOf = clientsBehind(['127.0.0.1', '::1', '10.1.0.0/16']);
const A = clientOf('198.51.100.1', undefined);

const cases: readonly (readonly [name: string, peer: string, forwardedFor: string | undefined, expected: string])[] = [
  ['a stranger that names another', '198.51.100.1', '198.51.100.2', A],
  ['the proxy on this machine', '127.0.0.1', '198.51.100.1', A],
  ['the same over IPv6', '::1', '198.51.100.1', A],
  ['the same on a socket for both', '::ffff:127.0.0.1', '198.51.100.1', A],
  ['a proxy in a network', '10.1.7.7', '198.51.100.1', A],
  ['a proxy of another network', '10.2.7.7', '198.51.100.1', clientOf('10.2.7.7', undefined)],
  ['a proxy that says nothing', '127.0.0.1', undefined, clientOf('127.0.0.1', undefined)],
  ['a proxy that says no address', '127.0.0.1', 'unknown', clientOf('127.0.0.1', undefined)],
  ['an IPv6 client counts with its /64', '127.0.0.1', '2001:db8::1', clientOf('127.0.0.1', '2001:db8::ffff')],
];
for (const [name, peer, forwardedFor, expected] of cases) {
  t.test(name, async (t) => t.equal(clientOf(peer, forwardedFor), expected));
}
