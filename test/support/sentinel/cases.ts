// The cases of the sentinel set: every payload in every carrier, carriers in carriers, depths, bodies, charsets and header fields.
import { CARRIERS, type Carrier } from './carriers.ts';
import {
  encodedWords,
  extendedParameter,
  makeMail,
  makeMailWith,
  makeNestedMultiparts,
  TRANSFER_ENCODINGS,
  uuencoded,
} from './mail-files.ts';
import { makeMsg } from './outlook-files.ts';
import { charsetSamples, ownPayloads, type Payload, realPayloads } from './payloads.ts';
import { type Carried, LETTERS, numbersFrom, pick, SENTENCE } from './sentence.ts';
import { makeCalendar, makeCard, makeCutHtml, makeHtml, makeText } from './text-files.ts';

export interface Case {
  readonly name: string;
  readonly family: string;
  readonly bytes: Buffer;
  /** A whole message, or a file by its name. */
  readonly file: string | null;
  readonly wanted: readonly string[];
}

type Cases = readonly Case[];

function caseOf(name: string, family: string, { bytes, name: file, type }: Carried, wanted: readonly string[] = [SENTENCE]): Case {
  return { name, family, bytes, file: type === 'message/rfc822' ? null : file, wanted };
}

const mailCase = (name: string, family: string, bytes: Buffer, wanted: readonly string[] = [SENTENCE]): Case => ({
  name,
  family,
  bytes,
  file: null,
  wanted,
});

/** Each payload as a file of its own. */
export function plainCases(payloads: readonly Payload[]): Cases {
  return payloads.map((one) => caseOf(one.name, one.family, one));
}

/** Each payload in each carrier. */
export function carriedCases(payloads: readonly Payload[], carriers: readonly Carrier[] = CARRIERS): Cases {
  return carriers.flatMap((carrier) =>
    payloads.flatMap((one) => {
      const around = carrier.wrap(one);
      return around === null ? [] : [caseOf(`${carrier.name} > ${one.name}`, one.family, around)];
    }),
  );
}

/** Some payloads in each carrier in each carrier. */
export function twiceCarriedCases(payloads: readonly Payload[]): Cases {
  return CARRIERS.flatMap((outer, i) =>
    CARRIERS.flatMap((inner, j) => {
      const one = payloads[(i * CARRIERS.length + j) % payloads.length];
      const first = one === undefined ? null : inner.wrap(one);
      const second = first === null ? null : outer.wrap(first);
      return one === undefined || second === null ? [] : [caseOf(`${outer.name} > ${inner.name} > ${one.name}`, one.family, second)];
    }),
  );
}

/** The carriers around the payload, the innermost first. Null where one of them cannot hold the other. */
function nested(payload: Payload, carriers: readonly Carrier[]): Carried | null {
  return carriers.reduce<Carried | null>((inside, one) => (inside === null ? null : one.wrap(inside)), payload);
}

const levelsOf = (carriers: readonly Carrier[]): number => carriers.reduce((sum, { levels }) => sum + levels, 0);

/** Each carrier in itself up to 15 times, and mixed chains, as far as `levels` and a file size go. */
export function deepCases(payloads: readonly Payload[], levels: number, chains: number, seed: number): Cases {
  const selves = CARRIERS.flatMap((carrier) => Array.from({ length: 13 }, (_, i) => Array.from({ length: i + 3 }, () => carrier)));
  const random = numbersFrom(seed);
  const mixed = Array.from({ length: chains }, () => Array.from({ length: 3 + Math.floor(random() * 6) }, () => pick(CARRIERS, random)));
  return [...selves, ...mixed].flatMap((carriers) => {
    if (levelsOf(carriers) > levels) return [];
    const one = pick(payloads, random);
    const file = nested(one, carriers);
    if (file === null || file.bytes.length > 400_000) return [];
    const name = `${carriers.map((carrier) => carrier.name).join(' < ')}`;
    return [caseOf(`${one.name} < ${name}`, one.family, file)];
  });
}

/** Deeper than the limit of depth lets anybody read: must be told, not passed over. */
export function tooDeepCases(payload: Payload): Cases {
  return CARRIERS.filter(({ name }) => ['zip', 'tar', 'gzip', 'tgz', 'eml-binary'].includes(name)).flatMap((carrier) => {
    const file = nested(
      payload,
      Array.from({ length: 40 }, () => carrier),
    );
    return file === null ? [] : [caseOf(`40 times ${carrier.name}`, payload.family, file)];
  });
}

/** Bodies of each kind in each transfer encoding. */
export function bodyCases(): Cases {
  const bodies = [
    ['text/plain; charset=utf-8', makeText([`${SENTENCE} ${LETTERS}`])],
    ['text/html; charset=utf-8', makeHtml([`${SENTENCE} ${LETTERS}`])],
    ['text/html; charset=utf-8', makeCutHtml([`${SENTENCE} ${LETTERS}`])],
    ['text/calendar; charset=utf-8; method=REQUEST', makeCalendar([`${SENTENCE} ${LETTERS}`])],
    ['text/vcard; charset=utf-8', makeCard([`${SENTENCE} ${LETTERS}`])],
    ['text/x-unknown; charset=utf-8', makeText([`${SENTENCE} ${LETTERS}`])],
  ] as const;
  const wanted = [`${SENTENCE} ${LETTERS}`];
  const whole = bodies.flatMap(([type, body]) =>
    TRANSFER_ENCODINGS.filter((one) => one !== '7bit').map((encoding) =>
      mailCase(`body ${type} ${encoding}`, 'body', makeMail(body, type, encoding), wanted),
    ),
  );
  const flowed = SENTENCE.replaceAll(' ', ' \r\n');
  return [
    ...whole,
    mailCase('body 7bit', 'body', makeMail(makeText([SENTENCE]), 'text/plain', '7bit')),
    mailCase('body format=flowed', 'body', makeMail(makeText([flowed]), 'text/plain; format=flowed', '7bit')),
    mailCase(
      'body format=flowed delsp=yes',
      'body',
      makeMail(makeText([SENTENCE.replaceAll(' ', '  \r\n')]), 'text/plain; format=flowed; delsp=yes', '7bit'),
    ),
    mailCase(
      'uuencoded file in a body',
      'body',
      makeMail(Buffer.concat([makeText(['See below', '']), uuencoded(makeText([SENTENCE]), 'a.txt')]), 'text/plain', '7bit'),
    ),
    ...Array.from({ length: 15 }, (_, i) => mailCase(`${i + 1} nested multiparts`, 'body', makeNestedMultiparts(SENTENCE, i + 1))),
    mailCase(
      'a message embedded in .msg',
      'msg',
      makeMailWith([{ name: 'a.msg', type: 'application/vnd.ms-outlook', bytes: makeMsg(['See'], [[SENTENCE]]) }], 'base64'),
    ),
  ];
}

/** Where else in a message, and where in HTML, words can stand. */
export function placeCases(): Cases {
  const part = `Content-Type: text/plain\r\n\r\n${SENTENCE}\r\n`;
  const other = 'Content-Type: text/plain\r\n\r\nNothing here\r\n';
  const multipart = (subtype: string, inside: string): Buffer =>
    Buffer.from(`From: a@clinic.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/${subtype}; boundary=b\r\n\r\n${inside}`);
  const report = `--b\r\n${other}--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.clinic.example\r\n\r\nFinal-Recipient: rfc822; a@lab.example\r\nAction: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; 550 ${SENTENCE}\r\n\r\n--b--\r\n`;
  const inMail: readonly (readonly [string, Buffer])[] = [
    ['multipart/alternative, first', multipart('alternative', `--b\r\n${part}--b\r\n${other}--b--\r\n`)],
    ['multipart/alternative, last', multipart('alternative', `--b\r\n${other}--b\r\n${part}--b--\r\n`)],
    ['multipart/related', multipart('related; type="text/html"', `--b\r\n${other}--b\r\nContent-ID: <1@x>\r\n${part}--b--\r\n`)],
    ['multipart/digest', multipart('digest', `--b\r\n\r\nSubject: x\r\nFrom: a@b.example\r\n\r\n${SENTENCE}\r\n--b--\r\n`)],
    ['multipart/report', multipart('report; report-type=delivery-status', report)],
    [
      'multipart/report, headers',
      multipart('report', `--b\r\n${other}--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: ${SENTENCE}\r\n--b--\r\n`),
    ],
    ['multipart/unheard-of', multipart('x-unheard-of', `--b\r\n${part}--b--\r\n`)],
    ['multipart not closed', multipart('mixed', `--b\r\n${part}`)],
    ['preamble', multipart('mixed', `${SENTENCE}\r\n--b\r\n${other}--b--\r\n`)],
    ['epilogue', multipart('mixed', `--b\r\n${other}--b--\r\n${SENTENCE}\r\n`)],
    ['bare line feeds', Buffer.from(multipart('mixed', `--b\r\n${part}--b--\r\n`).toString().replaceAll('\r\n', '\n'))],
    ['no MIME at all', Buffer.from(`From: a@b.example\r\nSubject: x\r\n\r\n${SENTENCE}\r\n`)],
    ['no header at all', Buffer.from(`\r\n${SENTENCE}\r\n`)],
  ];
  const cell = SENTENCE.replaceAll(' ', '</span> <span>');
  const inHtml = [
    `<title>${SENTENCE}</title>`,
    `<img alt="${SENTENCE}">`,
    `<a href="https://x.example/" title="${SENTENCE}">x</a>`,
    `<a href="https://x.example/?q=${encodeURIComponent(SENTENCE)}">x</a>`,
    `<!-- ${SENTENCE} -->`,
    `<!--[if mso]><p>${SENTENCE}</p><![endif]-->`,
    `<p style="display:none">${SENTENCE}</p>`,
    `<p style="font-size:0;color:#fff">${SENTENCE}</p>`,
    `<input value="${SENTENCE}">`,
    `<textarea>${SENTENCE}</textarea>`,
    `<meta name="description" content="${SENTENCE}">`,
    `<noscript>${SENTENCE}</noscript>`,
    `<template><p>${SENTENCE}</p></template>`,
    `<script>var a = "${SENTENCE}";</script>`,
    `<svg><text>${SENTENCE}</text></svg>`,
    `<select><option>${SENTENCE}</option></select>`,
    `<p><span>${cell}</span></p>`,
    `<p>${SENTENCE.replace(/[aeo]/g, '$&\u00ad')}</p>`,
    `<p>${SENTENCE.replace(/[aeo]/g, '$&&#8203;')}</p>`,
    `<p>${SENTENCE.replace(/n/g, 'n<wbr>')}</p>`,
  ];
  return [
    ...inMail.map(([name, bytes]) => mailCase(name, 'place', bytes)),
    ...inHtml.map((html) =>
      mailCase(`in HTML ${html.slice(0, 24)}`, 'place', makeMail(Buffer.from(html), 'text/html; charset=utf-8', 'base64')),
    ),
  ];
}

/** Charsets in bodies, attachments and header fields. */
export function charsetCases(): Cases {
  return charsetSamples().flatMap(({ charset, letters, octets }) => {
    const wanted = [SENTENCE, letters];
    const type = (main: string): string => `${main}; charset=${charset}`;
    const html = octetsAround('<html><body><p>', octets, '</p></body></html>', charset);
    // Octets of two or four to a character stand in no line of a message but encoded, and in no header field.
    const wide = /^utf-(?:16|32)/.test(charset);
    const encodings = TRANSFER_ENCODINGS.filter((one) => one !== '7bit' && one !== 'x-uuencode' && !(wide && one === '8bit'));
    const bodies = encodings.map((encoding) =>
      mailCase(`${charset} ${encoding}`, 'charset', makeMail(octets, type('text/plain'), encoding), wanted),
    );
    const files = (['text/plain', 'text/csv'] as const).map((main) =>
      mailCase(
        `${charset} attached ${main}`,
        'charset',
        makeMailWith([{ name: 'a.txt', type: type(main), bytes: octets }], 'base64'),
        wanted,
      ),
    );
    const pages = html === null ? [] : [mailCase(`${charset} html`, 'charset', makeMail(html, type('text/html'), 'base64'), wanted)];
    return [...bodies, ...files, ...pages, ...(wide ? [] : headerCharsetCases(charset, octets, wanted))];
  });
}

/** Header fields hold no line ends, and each encoded word is whole: so the two lines are words of their own. */
function headerCharsetCases(charset: string, octets: Buffer, wanted: readonly string[]): Cases {
  const end = octets.indexOf('\r\n');
  const rest = octets.subarray(end + 2, octets.length - 2);
  const text = makeText(['Nothing here']);
  const subject = (coding: 'B' | 'Q'): string =>
    [
      'Subject: ',
      encodedWords(octets.subarray(0, end), charset, coding, 200),
      rest.length > 0 ? `\r\n ${encodedWords(rest, charset, coding, 200)}` : '',
    ].join('');
  const name = Buffer.concat([octets.subarray(0, end), rest, Buffer.from('.txt')]);
  const attached = `Content-Disposition: attachment${extendedParameter('filename', name, charset)}`;
  // The second line of a shifted charset relies on what the first line's end resets.
  const shifted = /^(?:iso-2022|hz|utf-7)/.test(charset);
  return [
    mailCase(`${charset} subject B`, 'header', makeMail(text, 'text/plain', '7bit', [subject('B')]), shifted ? wanted.slice(0, 1) : wanted),
    mailCase(`${charset} subject Q`, 'header', makeMail(text, 'text/plain', '7bit', [subject('Q')]), shifted ? wanted.slice(0, 1) : wanted),
    ...(shifted
      ? []
      : [mailCase(`${charset} file name RFC 2231`, 'header', makeMail(text, 'text/plain', '7bit', ['Subject: x', attached]), wanted)]),
  ];
}

/** Markup in the charset of the text between; null where its ASCII is not ASCII. */
function octetsAround(before: string, octets: Buffer, after: string, charset: string): Buffer | null {
  const unit = { 'utf-16': 2, 'utf-16le': 2, 'utf-16be': 2, 'utf-32': 4, 'utf-32le': 4, 'utf-32be': 4 }[charset] ?? 1;
  if (charset === 'utf-7' || charset === 'hz-gb-2312' || charset === 'utf-16' || charset === 'utf-32') return null;
  const widened = (text: string): Buffer => {
    const wide = Buffer.alloc(text.length * unit);
    for (let i = 0; i < text.length; i++) wide[i * unit + (charset.endsWith('be') ? unit - 1 : 0)] = text.charCodeAt(i);
    return wide;
  };
  return Buffer.concat([widened(before), octets, widened(after)]);
}

/** Header fields of a message and of a part, as they stand and encoded. */
export function headerCases(): Cases {
  const both = `${SENTENCE} ${LETTERS}`;
  const utf8 = Buffer.from(both);
  const text = makeText(['Nothing here']);
  const fields = ['Subject', 'Comments', 'Keywords', 'X-Patient', 'Organization', 'Thread-Topic', 'Content-Description'];
  const forms = [
    ['plain', SENTENCE, SENTENCE],
    ['folded', SENTENCE.replaceAll(' ', '\r\n '), SENTENCE],
    ['UTF-8', both, both],
    ['encoded words B', encodedWords(utf8, 'utf-8', 'B'), both],
    ['encoded words Q', encodedWords(utf8, 'utf-8', 'Q'), both],
    ['encoded words cut inside a character', encodedWords(utf8, 'utf-8', 'B', 7), both],
  ] as const;
  const whole = fields.flatMap((field) =>
    forms.map(([form, value, wanted]) =>
      mailCase(`${field} ${form}`, 'header', makeMail(text, 'text/plain', '7bit', [`${field}: ${value}`]), [wanted]),
    ),
  );
  const names = [
    ['quoted', `; filename="${SENTENCE}.txt"`, SENTENCE],
    ['RFC 2231', extendedParameter('filename', utf8, 'utf-8'), both],
    ['RFC 2047 in quotes', `; filename="${encodedWords(utf8, 'utf-8', 'B', 200)}"`, both],
    ['raw UTF-8', `; filename="${both}"`, both],
  ] as const;
  const phrases = (['From', 'To', 'Cc', 'Reply-To'] as const).flatMap((field) =>
    [`"${SENTENCE}"`, encodedWords(Buffer.from(SENTENCE), 'utf-8', 'Q')].map((phrase) =>
      mailCase(`${field} ${phrase.slice(0, 9)}`, 'header', makeMail(text, 'text/plain', '7bit', [`${field}: ${phrase} <a@b.example>`])),
    ),
  );
  return [
    ...whole,
    ...phrases,
    ...names.map(([form, parameter, wanted]) =>
      mailCase(
        `file name ${form}`,
        'header',
        makeMail(text, 'text/plain', '7bit', ['Subject: x', `Content-Disposition: attachment${parameter}`]),
        [wanted],
      ),
    ),
  ];
}

/** Without those that only their name tells: binary OpenPGP begins like anything, and not every carrier keeps names. */
export function nameless(payloads: readonly Payload[]): readonly Payload[] {
  return payloads.filter(({ family }) => family !== 'gpg');
}

/** All that must be found, as many as `chains` of mixed depth among them. */
export function allCases(chains: number, seed: number): Cases {
  const [own, real] = [ownPayloads(), realPayloads('found')];
  // LibreOffice's and Python's larger files would cost the time of a hundred small ones in every carrier.
  const small = [...own, ...real.filter(({ bytes }) => bytes.length < 6_000)];
  const random = numbersFrom(seed);
  const some = nameless(small).filter(() => random() < 0.5);
  return [
    ...plainCases([...own, ...real]),
    ...carriedCases(own),
    ...carriedCases(nameless(real).filter(({ bytes }) => bytes.length < 40_000)).filter(() => random() < 0.35),
    ...twiceCarriedCases(some),
    ...deepCases(
      own.filter(({ family }) => family !== 'pdf'),
      22,
      chains,
      seed,
    ),
    ...bodyCases(),
    ...placeCases(),
    ...charsetCases(),
    ...headerCases(),
  ];
}
