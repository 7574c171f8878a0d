// A sink for bench/transport.ts in a process of its own: takes everything over STARTTLS and forgets it.
import { SmtpPeer } from '../test/support/smtp-peer.ts';
import { createTestCa } from '../test/support/test-ca.ts';

const ca = createTestCa('Bench Root');
const peer = new SmtpPeer({
  identity: ca.issue({ names: [process.argv[2] ?? 'sink.bench.test'] }),
  script: (step, { session, peer: self }) => {
    if (step === 'dot') {
      session.lines.length = 0;
      session.reads.length = 0;
      self.messages.length = 0;
    }
    return undefined;
  },
});
await peer.listen();
process.send?.({ port: peer.port, ca: ca.certificatePem });
