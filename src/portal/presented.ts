// What the portal asks of the presenter (src/daemon/presenter.ts), which holds the children that read what is dangerous. Attachments are streamed
// by src/mime/present/part-octets.ts and src/mime/present/zip.ts, without a child.
import type { OutlinePart } from '../mime/present/outline.ts';
import type { Content, Presented } from '../mime/present/presented.ts';

export type { Content, Presented, Preview, ShownAttachment, ShownBody, ShownMailbox } from '../mime/present/presented.ts';

export interface Presenter {
  /** Never rejects for what the message holds. @throws what `content` throws */
  present(content: Content): Promise<Presented>;
  /** Text of an attachment whose preview is 'pdf' or 'text', at most 1,000,000 characters; null where there is none to show. */
  previewText(content: Content, part: OutlinePart): Promise<string | null>;
  close(): Promise<void>;
}
