// A message as the portal shows it, made from its octets. Nothing in here has been believed: all texts are plain text but `html`, which has been
// sanitised in a child process without rights and still goes only into a sandboxed frame.

import type { OutlinePart } from './outline.ts';

/** Octets of a message that can be had again from the start. */
export type Content = () => AsyncIterable<Uint8Array>;

export interface Presented {
  readonly from: readonly ShownMailbox[];
  readonly to: readonly ShownMailbox[];
  readonly cc: readonly ShownMailbox[];
  /** Of the Date field, milliseconds since the epoch; null where there is none that can be read. */
  readonly date: number | null;
  readonly subject: string | null;
  /** With angle brackets. */
  readonly headerMessageId: string | null;
  readonly references: string | null;
  readonly body: ShownBody;
  readonly attachments: readonly ShownAttachment[];
  /** Where the attachments and the pictures of the body lie in the content, so that it is not searched for each of them again. */
  readonly parts: readonly OutlinePart[];
  /** The message is larger or deeper than is shown: the whole of it can be downloaded all the same. */
  readonly end: 'complete' | 'over-limits';
}

export interface ShownMailbox {
  readonly name: string | null;
  readonly address: string;
}

export type ShownBody =
  | { readonly kind: 'text'; readonly text: string }
  /**
   * `html` names pictures of the message itself as `cid:` no more: their `src` is `part:<place>`, to be replaced by the page; remote pictures are
   * kept in `data-remote` only. `data:` pictures are PNG, JPEG, GIF or WebP of at most 64 kB.
   */
  | { readonly kind: 'html'; readonly html: string; readonly remotePictures: number; readonly text: string }
  | { readonly kind: 'none' };

export interface ShownAttachment {
  /** Place in the MIME structure: `2`, `1.3`. */
  readonly part: string;
  /** Cleaned: no path, no control or bidi-override character, at most 150 characters; never empty. */
  readonly name: string;
  /** Told from the octets, not from what the header says; `application/octet-stream` where unsure. Never one that a browser runs. */
  readonly mediaType: string;
  /** Decoded. */
  readonly sizeBytes: number;
  readonly preview: Preview;
}

/** 'picture': PNG, JPEG, GIF or WebP. Of 'pdf' and 'text' the presenter gives the text. */
export type Preview = 'picture' | 'pdf' | 'text' | 'none';
