// Mail that comes back, in the shapes of the systems that send it: reports of Postfix, Exchange, Gmail, qmail and Exim, automatic answers of Outlook,
// Gmail and Sieve, receipts, and answers of people. Names and hosts are made up.

export interface ReturnedMail {
  readonly name: string;
  readonly reversePath: string;
  readonly message: Buffer;
}

const LOCAL = 'notice-x@return.clinic.example';

function mail(name: string, reversePath: string, header: readonly string[], body: readonly string[]): ReturnedMail {
  return { name, reversePath, message: Buffer.from([...header, '', ...body, ''].join('\r\n')) };
}

const WELL_KNOWN = [`To: ${LOCAL}`, 'Date: Tue, 24 Nov 2026 10:00:00 +0000', 'MIME-Version: 1.0'];

/** A multipart/report (RFC 6522) around per-recipient fields. */
function report(name: string, header: readonly string[], text: string, fields: readonly string[], type = 'delivery-status'): ReturnedMail {
  const status = type === 'delivery-status' ? 'message/delivery-status' : 'message/disposition-notification';
  return mail(
    name,
    '',
    [...WELL_KNOWN, ...header, `Content-Type: multipart/report; report-type=${type};`, '\tboundary="B0/report.example"'],
    [
      'This is a MIME-encapsulated message.',
      '',
      '--B0/report.example',
      'Content-Description: Notification',
      'Content-Type: text/plain; charset=us-ascii',
      '',
      text,
      '',
      '--B0/report.example',
      'Content-Description: Delivery report',
      `Content-Type: ${status}`,
      '',
      'Reporting-MTA: dns; mail.example.net',
      'Arrival-Date: Tue, 24 Nov 2026 09:59:00 +0000 (UTC)',
      '',
      ...fields,
      '',
      '--B0/report.example',
      'Content-Type: text/rfc822-headers',
      '',
      'Subject: You have a message',
      'Auto-Submitted: auto-generated',
      '',
      '--B0/report.example--',
    ],
  );
}

const FAILED = ['Final-Recipient: rfc822; pat@example.net', 'Action: failed', 'Status: 5.1.1', 'Diagnostic-Code: smtp; 550 5.1.1 unknown'];
const POSTFIX = ['From: MAILER-DAEMON@mail.example.net (Mail Delivery System)', 'Auto-Submitted: auto-replied'];

export const REPORTS: readonly (ReturnedMail & { readonly action: string; readonly status: string | null })[] = [
  {
    ...report(
      'Postfix: no such user',
      [...POSTFIX, 'Subject: Undelivered Mail Returned to Sender'],
      "I'm sorry to have to inform you",
      FAILED,
    ),
    action: 'failed',
    status: '5.1.1',
  },
  {
    ...report(
      'Postfix: late',
      [...POSTFIX, 'Subject: Delayed Mail (still being retried)'],
      'THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. It could not be delivered for more than 4 hours.',
      ['Final-Recipient: rfc822; pat@example.net', 'Action: delayed', 'Status: 4.4.1', 'Will-Retry-Until: Sun, 29 Nov 2026 09:59:00 +0000'],
    ),
    action: 'delayed',
    status: '4.4.1',
  },
  {
    ...report(
      'Exchange: no such user',
      [
        'From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.net>',
        'Subject: Undeliverable: You have a message',
        'X-MS-Exchange-Message-Is-Ndr:',
        'Auto-Submitted: auto-replied',
      ],
      "Your message to pat@example.net couldn't be delivered.",
      [
        'Final-Recipient: rfc822;pat@example.net',
        'Action: failed',
        'Status: 5.1.10',
        'Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.NotFound',
      ],
    ),
    action: 'failed',
    status: '5.1.10',
  },
  {
    ...report(
      'Gmail: no such user',
      [
        'From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>',
        'X-Failed-Recipients: pat@example.net',
        'Auto-Submitted: auto-replied',
        'Subject: Delivery Status Notification (Failure)',
      ],
      '** Address not found **',
      FAILED,
    ),
    action: 'failed',
    status: '5.1.1',
  },
  {
    ...report('relayed further', [...POSTFIX, 'Subject: Successful Mail Delivery Report'], 'Your message was successfully delivered', [
      'Final-Recipient: rfc822; pat@example.net',
      'Action: relayed',
      'Status: 2.1.5',
    ]),
    action: 'delivered',
    status: null,
  },
  {
    ...report('a list: one of two failed', POSTFIX, 'One of two', [
      'Final-Recipient: rfc822; joe@example.net',
      'Action: delivered',
      'Status: 2.0.0',
      '',
      ...FAILED,
    ]),
    action: 'failed',
    status: '5.1.1',
  },
  {
    ...mail(
      'qmail',
      '',
      [
        'To: notice-x@return.clinic.example',
        'Date: 24 Nov 2026 10:00:00 -0000',
        'From: MAILER-DAEMON@old.example.net',
        'Subject: failure notice',
      ],
      [
        'Hi. This is the qmail-send program at old.example.net.',
        "I'm afraid I wasn't able to deliver your message to the following addresses.",
        "This is a permanent error; I've given up. Sorry it didn't work out.",
        '',
        '<pat@example.net>:',
        '192.0.2.7 does not like recipient.',
        'Remote host said: 550 5.1.1 <pat@example.net>: Recipient address rejected',
      ],
    ),
    action: 'failed',
    status: '5.1.1',
  },
  {
    ...mail(
      'Exim of long ago: late',
      '',
      [
        ...WELL_KNOWN,
        'From: Mail Delivery System <Mailer-Daemon@old.example.net>',
        'Auto-Submitted: auto-replied',
        'Subject: Warning: message 1abcde-0001 delayed 24 hours',
      ],
      [
        'This message was created automatically by mail delivery software.',
        'A message has not yet been delivered after 24 hours on the queue.',
      ],
    ),
    action: 'delayed',
    status: null,
  },
  {
    ...mail(
      'Exim of long ago: given up',
      '',
      [...WELL_KNOWN, 'X-Failed-Recipients: pat@example.net', 'Subject: Mail delivery failed: returning message to sender'],
      ['A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.'],
    ),
    action: 'failed',
    status: null,
  },
  {
    ...mail(
      'a status in base64 (RFC 6533)',
      '',
      [...WELL_KNOWN, 'From: postmaster@example.net', 'Content-Type: multipart/report; report-type="global-delivery-status"; boundary=b'],
      [
        '--b',
        'Content-Type: message/global-delivery-status',
        'Content-Transfer-Encoding: base64',
        '',
        Buffer.from('Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: utf-8; pát@example.net\r\nAction: failed\r\nStatus: 5.2.2\r\n').toString(
          'base64',
        ),
        '--b--',
      ],
    ),
    action: 'failed',
    status: '5.2.2',
  },
  {
    ...mail('says nothing', '', [...WELL_KNOWN, 'From: robot@example.net', 'Subject: Hello'], ['Confirm that you are a person.']),
    action: 'unclear',
    status: null,
  },
];

export const AWAY: readonly ReturnedMail[] = [
  mail(
    'Exchange: automatic reply',
    '',
    [
      ...WELL_KNOWN,
      'From: Pat Roe <pat@example.net>',
      'Subject: Automatic reply: You have a message',
      'Auto-Submitted: auto-generated',
      'X-Auto-Response-Suppress: All',
      'X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent',
    ],
    ['I am away until Monday.'],
  ),
  mail(
    'Gmail: vacation responder',
    'pat@gmail.example',
    [
      ...WELL_KNOWN,
      'From: Pat <pat@gmail.example>',
      'Subject: Away Re: You have a message',
      'Precedence: bulk',
      'X-Autoreply: yes',
      'Auto-Submitted: auto-replied',
    ],
    ['I am away.'],
  ),
  mail(
    'Sieve vacation (RFC 5230)',
    '',
    [
      ...WELL_KNOWN,
      'From: pat@example.net',
      'Subject: Auto: You have a message',
      'Auto-Submitted: auto-replied (vacation)',
      'X-Sieve: Pigeonhole Sieve',
      'Precedence: bulk',
    ],
    ['I am away.'],
  ),
  mail(
    'vacation(1) of long ago',
    'pat@old.example.net',
    [...WELL_KNOWN, 'From: pat@old.example.net', 'Subject: away from my mail', 'Precedence: junk'],
    ['Back soon.'],
  ),
  mail(
    'an autoresponder of a host',
    'pat@example.net',
    [...WELL_KNOWN, 'From: pat@example.net', 'Subject: Thanks!', 'X-Autorespond: yes'],
    ['Thank you for writing.'],
  ),
  mail(
    'by its subject alone, German',
    'pat@example.net',
    [...WELL_KNOWN, 'From: pat@example.net', 'Subject: Abwesenheitsnotiz: Nachricht'],
    ['Bin weg.'],
  ),
  mail(
    'by its subject alone, encoded Spanish',
    '',
    [
      ...WELL_KNOWN,
      'From: pat@example.net',
      `Subject: =?UTF-8?B?${Buffer.from('Respuesta automática: Tiene un mensaje').toString('base64')}?=`,
    ],
    ['Vuelvo el lunes.'],
  ),
];

export const AUTOMATIC: readonly ReturnedMail[] = [
  report(
    'a receipt (RFC 8098): displayed',
    ['From: pat@example.net', 'Subject: Read: You have a message'],
    'Your message was read',
    ['Final-Recipient: rfc822; pat@example.net', 'Disposition: manual-action/MDN-sent-manually; displayed'],
    'disposition-notification',
  ),
  mail(
    'our notice, sent on to its own return address',
    'notice-x@return.clinic.example',
    [...WELL_KNOWN, 'From: messages@clinic.example', 'Subject: You have a message', 'Auto-Submitted: auto-generated'],
    ['A message waits.'],
  ),
  mail(
    'a list',
    'list-bounces@example.net',
    [...WELL_KNOWN, 'From: list@example.net', 'List-Id: <list.example.net>', 'Subject: Digest'],
    ['News.'],
  ),
];

export const OF_PEOPLE: readonly ReturnedMail[] = [
  mail(
    'a reply',
    'pat@example.net',
    [
      ...WELL_KNOWN,
      'From: Pat Roe <pat@example.net>',
      'Subject: Re: You have a message',
      'In-Reply-To: <n@clinic.example>',
      'Auto-Submitted: no',
    ],
    ['I cannot open this.'],
  ),
  mail('a reply about being away', 'pat@example.net', [...WELL_KNOWN, 'From: pat@example.net', 'Subject: Re: Automatic reply'], ['Sorry.']),
  mail('no subject at all', 'pat@example.net', [...WELL_KNOWN, 'From: pat@example.net'], ['?']),
  mail(
    'of somebody called Postmaster-Jones',
    'jones@example.net',
    [...WELL_KNOWN, 'From: "Jo Postmaster-Jones" <jones@example.net>', 'Subject: Re: message'],
    ['?'],
  ),
  mail(
    'urgent, with the precedence of people',
    'pat@example.net',
    [...WELL_KNOWN, 'From: pat@example.net', 'Precedence: first-class', 'Subject: Re: m'],
    ['?'],
  ),
];
