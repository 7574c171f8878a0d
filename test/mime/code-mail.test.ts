// The mail with a code: in the languages of our pages, labelled for what it is, with nothing else in it.
import t from 'tap';
import { codeToHear, codeToRead, composeCodeMail } from '../../src/mime/code-mail.ts';
import { LANGUAGES } from '../../src/mail/language.ts';
import { seenMessages } from '../support/seen-message.ts';

const BRAND = { from: 'messages@clinic.test', organisation: 'Clínica Río', help: '+1 555 0100' };
const FACTS = {
  id: '01M0',
  at: Date.UTC(2026, 10, 28),
  hostname: 'mx.clinic.test',
  brand: BRAND,
  to: 'pat@home.example',
  code: '1234-5678',
};
const WORDS = {
  en: { subject: 'Your code', says: [/confirms your address, nothing more/, /once, for 10 minutes/, /tell it to nobody/] },
  es: { subject: 'Su código', says: [/Confirma su dirección y nada más/, /una vez, durante 10 minutos/, /no se lo diga a nadie/] },
} as const;

await t.test('each language, as a mail program reads it', async (t) => {
  for (const language of LANGUAGES) {
    const octets = Buffer.from(composeCodeMail({ ...FACTS, language }));
    const [seen] = await seenMessages([octets]);
    const text = (seen?.leaves[0]?.text ?? '').replace(/\s+/g, ' ');
    const { subject, says } = WORDS[language];
    t.equal(seen?.header['subject'], subject, 'neutral');
    t.match(seen?.header['auto-submitted'], 'auto-generated');
    t.equal(seen?.header['content-language'], language);
    t.match(text, /1234-5678/);
    t.match(text, /Clínica Río/);
    t.match(text, /\+1 555 0100/);
    for (const words of says) t.match(text, words, language);
    t.notMatch(text, /https?:|www\.|pat@/, 'no link, no address');
    t.ok(
      octets
        .toString('latin1')
        .split('\r\n')
        .every((line) => line.length <= 78 && /^[ -~]*$/.test(line)),
      'lines of 7-bit text',
    );
  }
});

await t.test('for a telephone: the code, how long, whose page; no name, no organisation, no link', async (t) => {
  for (const language of LANGUAGES) {
    const read = codeToRead(FACTS.code, 'portal.clinic.test', language);
    t.match(read, /1234-5678.*10 minut/, language);
    t.equal(read.split('\n').at(-1), '@portal.clinic.test #12345678', 'a phone fills it in on our page only');
    t.notMatch(read, /https?:|www\.|Clínica|pat/, 'nothing else');
    t.ok(read.length <= 160, 'no more than two or three parts, whatever the alphabet');
    const heard = codeToHear(FACTS.code, language);
    t.equal(heard.split('1, 2, 3, 4. 5, 6, 7, 8').length, 3, 'digit by digit, twice');
    t.match(heard, /10 minut/);
    t.notMatch(heard, /1234|Clínica/);
  }
});
