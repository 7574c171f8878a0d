// Fields of postern.yaml about unsubscribing from marketing and fundraising in one click.
import { absent, offSection, optional, required } from '../field.ts';
import { addressRange, httpsUrl, ipAddress, mailbox } from '../mail-kind.ts';
import { listOf, port, text } from '../value-kind.ts';

export const unsubscribing = {
  unsubscribe: offSection(
    'Where people unsubscribe in one click (RFC 8058). Off unless written, and then no mail goes out that is declared as marketing or fundraising. Behind a reverse proxy that holds the certificate.',
    {
      url: required(httpsUrl, {
        says: 'Public URL that mail programs post to, of the reverse proxy; a token is added as one more segment of the path.',
        example: 'https://mail.clinic.example/unsubscribe',
      }),
      mailto: required(mailbox, {
        says: 'Address of the organisation for people whose mail program cannot post. A person reads it.',
        example: 'privacy@clinic.example',
      }),
      name: absent(text('a name', 100), {
        says: 'The organisation, as its recipients know it: the page says it. Not written: the host name of the URL.',
        example: 'Riverside Clinic',
      }),
      address: optional(ipAddress, '127.0.0.1', { says: 'IP address to listen on, for the reverse proxy only.', example: '10.1.2.3' }),
      port: optional(port, 8467, { says: 'TCP port.', example: '8500' }),
      proxies: optional(listOf(addressRange, 'network ranges', 1), ['127.0.0.1', '::1'], {
        says: 'Whose X-Forwarded-For is believed, when it is counted how much one client asks.',
        example: '[10.1.2.0/24]',
      }),
    },
  ),
} as const;
