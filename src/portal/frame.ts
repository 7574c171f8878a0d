// The body of a message as a page of its own, for a frame without rights. Its own pictures are written into it: a frame without an origin has no cookie
// to fetch them with. Streamed, so that large pictures fill no memory.
import { openPart } from '../mime/present/part-octets.ts';
import type { Content, Presented, ShownBody } from '../mime/present/presented.ts';
import { html, type Html, rendered } from './html.ts';
import type { Formats } from './formats.ts';
import type { Words } from './words/languages.ts';
import { mailboxes } from './pages/message.ts';

export interface FrameRequest {
  readonly shown: Presented;
  readonly content: Content;
  readonly body: Extract<ShownBody, { kind: 'html' }>;
  readonly pictures: 'own' | 'remote';
  readonly language: string;
  readonly words: Words;
  readonly formats: Formats;
}

/** Base64 in whole groups. */
const GROUP = 3;
/** Pictures of one message together; what is beyond is left out. */
const MOST_PICTURE_BYTES = 12_000_000;
/** Told from their octets: only what browsers draw, and nothing that they run. */
const PICTURES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/**
 * Only `part:` sources of the presenter are replaced; with 'remote' the sources it set aside come back. The frame's own headers keep everything else
 * from loading.
 */
export async function* frameOctets(request: FrameRequest): AsyncGenerator<Uint8Array, void, undefined> {
  const [before = '', after = ''] = rendered(around(request)).split(BODY);
  yield Buffer.from(before);
  const text = request.pictures === 'remote' ? request.body.html.replaceAll(' data-remote="', ' src="') : request.body.html;
  let spent = 0;
  // Every second piece is a place in the MIME structure.
  for (const [i, piece] of text.split(/ src="part:([0-9.]{1,40})"/).entries()) {
    if (i % 2 === 0) {
      yield Buffer.from(piece);
      continue;
    }
    for await (const octets of picture(request, piece, () => MOST_PICTURE_BYTES - spent)) {
      spent += octets.length;
      yield octets;
    }
  }
  yield Buffer.from(after);
}

async function* picture({ content, shown }: FrameRequest, place: string, left: () => number): AsyncGenerator<Uint8Array> {
  const found = shown.parts.find((one) => one.place === place);
  if (found === undefined) return;
  const part = await openPart(content, found);
  if (!PICTURES.includes(part.mediaType)) return part.close();
  yield Buffer.from(` src="data:${part.mediaType};base64,`);
  let rest = Buffer.alloc(0);
  for await (const piece of part.octets) {
    const all = Buffer.concat([rest, piece]);
    if (left() < all.length) break;
    const whole = all.length - (all.length % GROUP);
    rest = Buffer.from(all.subarray(whole));
    yield Buffer.from(all.subarray(0, whole).toString('base64'));
  }
  yield Buffer.from(`${rest.toString('base64')}"`);
}

/** Where the message's own HTML goes. No text that is shown can hold it: `<` is written `&lt;` there. */
const BODY = '<!-- body -->';

/** Above the text stands who wrote and when, seen on paper only. White in the dark too: senders write for white. */
function around({ shown, language, words, formats }: FrameRequest): Html {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <base target="_blank" />
        <title>${shown.subject ?? words.message.noSubject}</title>
        <style>
          :root {
            color-scheme: light;
          }
          body {
            margin: 12px;
            background: #fff;
            color: #1b1f24;
            font:
              17px/1.5 system-ui,
              sans-serif;
            overflow-wrap: anywhere;
          }
          img {
            max-width: 100%;
            height: auto;
          }
          table {
            max-width: 100%;
          }
          .postern-head {
            display: none;
          }
          @media print {
            .postern-head {
              display: block;
              margin: 0 0 12px;
              padding: 0 0 12px;
              border-bottom: 1px solid #818b95;
            }
          }
        </style>
      </head>
      <body>
        <div class="postern-head">
          <strong>${shown.subject ?? ''}</strong
          ><br />${mailboxes(shown.from)}${shown.date === null ? null : html`<br />${formats.moment(shown.date)}`}
        </div>
        <div><!-- body --></div>
      </body>
    </html>`;
}
