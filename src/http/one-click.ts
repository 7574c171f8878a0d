// The body of a one-click request (RFC 8058 section 3.2): `List-Unsubscribe=One-Click`, form-encoded or multipart, and small.
import type http from 'node:http';

/** What a form with one field of this kind takes, several times over. */
export const ONE_CLICK_BYTES = 4_096;

/** 'other': it says something else, or nothing. */
export type OneClick = 'one-click' | 'other' | 'too-large';

/** Reads no more than so much. Rejects where the client goes away or takes too long. */
export async function readOneClick(request: http.IncomingMessage): Promise<OneClick> {
  if (Number(request.headers['content-length'] ?? 0) > ONE_CLICK_BYTES) return 'too-large';
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  // Not ended with the loop: the answer goes over the same connection.
  for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    sizeBytes += piece.length;
    if (sizeBytes > ONE_CLICK_BYTES) return 'too-large';
    pieces.push(piece);
  }
  return saysOneClick(request.headers['content-type'] ?? '', Buffer.concat(pieces));
}

/** Exactly one field of that name, and that value in it; what else stands beside it says nothing. */
async function saysOneClick(contentType: string, body: Buffer<ArrayBuffer>): Promise<OneClick> {
  try {
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    const values = form.getAll('List-Unsubscribe');
    return values.length === 1 && values[0] === 'One-Click' ? 'one-click' : 'other';
  } catch {
    // Neither of the two kinds of form, or a broken one.
    return 'other';
  }
}
