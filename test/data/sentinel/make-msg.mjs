// Makes the .msg fixtures with @tutao/oxmsg; arguments: the folder of the other fixtures, which it writes to as well.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Attachment, Email, MessageEditorFormat } from '@tutao/oxmsg';

const SENTENCE = 'Sentinel Zebulon Quartermaine has glomerulonephritis 4711';
const found = join(process.argv[2], 'found');

function mail(subject, body, html) {
  const email = new Email(true, true);
  email.subject(subject);
  if (body !== null) email.bodyText(body);
  if (html !== null) email.bodyHtml(html);
  email.bodyFormat(html === null ? MessageEditorFormat.EDITOR_FORMAT_PLAINTEXT : MessageEditorFormat.EDITOR_FORMAT_HTML);
  email.sender('ann@clinic.example', 'Zoë Müller-Łukasz');
  email.to('bob@lab.example', 'Bob');
  return email;
}
const put = (name, email) => writeFileSync(join(found, name), Buffer.from(email.msg()));
const attach = (email, name, bytes) => email.attach(new Attachment(new Uint8Array(bytes), name));

put('oxmsg-text.msg', mail('Report', SENTENCE, null));
put('oxmsg-html.msg', mail('Report', null, `<p>${SENTENCE.slice(0, 20)}<b>${SENTENCE.slice(20)}</b></p>`));
put('oxmsg-subject.msg', mail(SENTENCE, 'Nothing here', null));
const carrier = mail('Report', 'See attached', null);
attach(carrier, 'writer.docx', readFileSync(join(found, 'writer.docx')));
put('oxmsg-docx.msg', carrier);
const outer = mail('Report', 'See attached', null);
attach(outer, 'text.msg', readFileSync(join(found, 'oxmsg-text.msg')));
put('oxmsg-msg.msg', outer);
