// Delivery reports as a mail client sees them: parsed by Python's email package (Debian package python3), not by ours.
import { z } from 'zod';
import { askPython } from './python.ts';

const fields = z.record(z.string(), z.string());
const report = z.object({
  /** Names in lower case; the same name twice joined by a line end. */
  header: fields,
  reportType: z.string(),
  /** Content types of the parts. */
  parts: z.array(z.string()),
  text: z.string(),
  /** The per-message fields of the delivery status (RFC 3464 2.2), and those of each recipient (2.3). */
  message: fields,
  recipients: z.array(fields),
  /** What is given back of the message, '' for nothing. */
  original: z.string(),
  defects: z.array(z.string()),
});
export type SeenReport = z.output<typeof report>;

/** Reads reports, all of them in one go. */
export async function readReports(raw: readonly Uint8Array[]): Promise<readonly SeenReport[]> {
  return z.array(report).parse(
    await askPython(
      SCRIPT,
      raw.map((one) => Buffer.from(one).toString('base64')),
    ),
  );
}

const SCRIPT = `
import sys, json, base64, email, email.policy, quopri
def fields(m):
    found = {}
    for name, value in m.items():
        name = name.lower()
        found[name] = found[name] + '\\n' + str(value) if name in found else str(value)
    return found
def blocks_of(status):
    if status.get_content_type() == 'message/delivery-status': return status.get_payload()
    # Encoded, which Python does not look for below message/* (RFC 6533 6.2 allows it).
    body = status.as_bytes().replace(b'\\r\\n', b'\\n').split(b'\\n\\n', 1)[1]
    if status['Content-Transfer-Encoding'] == 'quoted-printable': body = quopri.decodestring(body)
    return [email.message_from_bytes(b, policy=email.policy.default) for b in body.strip().split(b'\\n\\n')]
def read(raw):
    m = email.message_from_bytes(raw, policy=email.policy.default)
    parts = m.get_payload() if m.is_multipart() else []
    of = lambda *types: next((p for p in parts if p.get_content_type() in types), None)
    text, status = of('text/plain'), of('message/delivery-status', 'message/global-delivery-status')
    original = of('text/rfc822-headers', 'message/rfc822', 'message/global-headers', 'message/global')
    blocks = [] if status is None else blocks_of(status)
    blocks = [b for b in (fields(b) for b in blocks) if b]
    return {
        'header': fields(m), 'reportType': m.get_param('report-type') or '',
        'parts': [p.get_content_type() for p in parts],
        'text': '' if text is None else text.get_content(),
        'message': blocks[0] if blocks else {}, 'recipients': blocks[1:],
        'original': '' if original is None else original.as_string(),
        'defects': [type(d).__name__ for p in m.walk() for d in p.defects],
    }
json.dump([read(base64.b64decode(one)) for one in json.load(sys.stdin)], sys.stdout)
`;
