// Messages as a mail client sees them: parsed by Python's email package (Debian package python3), not by ours.
import { z } from 'zod';
import { askPython } from './python.ts';

const message = z.object({
  /** Names in lower case; the same name twice joined by a line end. */
  header: z.record(z.string(), z.string()),
  /** Display name and address. */
  from: z.array(z.tuple([z.string(), z.string()])),
  to: z.array(z.string()),
  cc: z.array(z.string()),
  /** Leaves in order: media type, and content where it is text. */
  leaves: z.array(z.object({ type: z.string(), text: z.string(), name: z.string() })),
  defects: z.array(z.string()),
});
export type SeenMessage = z.output<typeof message>;

export async function seenMessages(raw: readonly Uint8Array[]): Promise<readonly SeenMessage[]> {
  return z.array(message).parse(
    await askPython(
      SCRIPT,
      raw.map((one) => Buffer.from(one).toString('base64')),
    ),
  );
}

const SCRIPT = `
import sys, json, base64, email, email.policy
def read(raw):
    m = email.message_from_bytes(raw, policy=email.policy.default)
    header = {}
    for name, value in m.items():
        name = name.lower()
        header[name] = header[name] + '\\n' + str(value) if name in header else str(value)
    of = lambda name: [a for v in m.get_all(name, []) for a in v.addresses]
    leaves = [p for p in m.walk() if not p.is_multipart()]
    return {
        'header': header,
        'from': [[a.display_name, a.addr_spec] for a in of('from')],
        'to': [a.addr_spec for a in of('to')], 'cc': [a.addr_spec for a in of('cc')],
        'leaves': [{'type': p.get_content_type(), 'text': p.get_content() if p.get_content_maintype() == 'text' else '', 'name': p.get_filename() or ''} for p in leaves],
        'defects': [type(d).__name__ for p in m.walk() for d in p.defects],
    }
json.dump([read(base64.b64decode(one)) for one in json.load(sys.stdin)], sys.stdout)
`;
