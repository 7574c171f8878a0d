// Fields of postern.yaml about the portal: where messages wait that could not go safely, who may open them, and what people see.
import { ASSURANCES, PHONE_WAYS } from '../../mail/pickup.ts';
import { LANGUAGES } from '../../mail/language.ts';
import { absent, list, offSection, optional, required, section } from '../field.ts';
import { accentColour, gatewayUrl, phonePrefix, portalUrl, timeZone } from '../portal-kind.ts';
import { addressRange, domain, domainPattern, ipAddress, mailbox, shortName } from '../mail-kind.ts';
import { count, duration, file, listOf, oneOf, otherFile, pictureFile, port, secretFile, text } from '../value-kind.ts';

const assurance = oneOf(...ASSURANCES);
const language = oneOf(...LANGUAGES);
const words = text('a line of words', 300);
const name = text('a name', 100);

const LOOK = {
  logo: absent(pictureFile, {
    says: 'Logo: a PNG, JPEG or WebP file of at most 20 kB. It stands on pages, never in mail.',
    example: '/etc/postern/logo.png',
  }),
  texts: section('Lines of your own.', {
    notice: absent(words, {
      says: 'Under the text of every notice.',
      example: '"We send messages from this address only."',
    }),
    page: absent(words, { says: 'At the foot of every page.', example: '"Not for emergencies: call 911."' }),
  }),
  start: optional(listOf(mailbox, 'mail addresses', 0), [], {
    says: 'To whom anybody may begin a message from the page. Empty: to nobody.',
    example: '[frontdesk@clinic.example]',
  }),
};

const opening = section(
  'How sure it must be who reads, by how sure it is that a message holds PHI. With address, whoever reads mail there; with clinic, who also had a code that the organisation gave. It can only be made stronger; what could not be read counts as high.',
  {
    low: optional(assurance, 'address', { says: 'Little or no sign of PHI.', example: 'clinic' }),
    medium: optional(assurance, 'address', { says: 'Signs of PHI.', example: 'clinic' }),
    high: optional(assurance, 'clinic', { says: 'PHI. Never less than clinic.', example: 'clinic' }),
  },
);

const sms = offSection(
  'Codes to telephones, by text message or by a call, through an HTTP gateway: one POST a code, never repeated. Numbers come from you ("postern pickup phone") and stay sealed. What a telephone company carries can be read and redirected on its way: keep another way open (docs/portal.md).',
  {
    url: required(gatewayUrl, {
      says: 'Where codes are posted to. https, or http to this machine itself.',
      example: 'https://sms.clinic.example/send',
    }),
    ca: absent(file, {
      says: 'PEM file of the certificate authorities that its certificate may come from. Not written: those that mail goes by.',
      example: '/etc/postern/sms-ca.pem',
    }),
    secret_file: absent(secretFile, {
      says: 'File whose first line is what the gateway knows us by: a bearer token, or with "user" that user\'s password (Basic authentication).',
      example: '/etc/postern/sms.secret',
    }),
    user: absent(text('a user', 200), { says: 'User of Basic authentication.', example: 'AC0123' }),
    kinds: optional(listOf(oneOf(...PHONE_WAYS), 'kinds', 1), ['sms'], {
      says: 'What the gateway can do: sms (a text message), voice (a call that speaks the code).',
      example: '[sms, voice]',
    }),
    content: optional(oneOf('json', 'form'), 'json', {
      says: 'How it is posted: a JSON object, or a form (application/x-www-form-urlencoded).',
      example: 'form',
    }),
    body: list('Its fields. Not written: to, text, code, language and kind.', {
      name: required(text('a name', 100), { says: 'Name of the field.', example: 'Body' }),
      value: required(text('a value', 1000), {
        says: 'Its value: words of yours, and {to}, {text}, {code}, {language} or {kind} where these shall stand.',
        example: '"{text}"',
      }),
    }),
    countries: required(listOf(phonePrefix, 'beginnings of numbers', 1), {
      says: 'Country codes, or longer beginnings of numbers, that codes may go to, in quotes. No other number is ever asked for.',
      example: '["+1"]',
    }),
    per_person_per_day: optional(count(1, 100), 5, {
      says: 'Codes for one address, and to one number, in 24 hours.',
      example: '3',
    }),
    per_hour: optional(count(1, 100_000), 100, {
      says: 'Codes in an hour, all together: what a fraud can cost at most.',
      example: '30',
    }),
    timeout: optional(duration, '10s', { says: 'How long the gateway may take for one.', example: '5s' }),
  },
);

const brands = list('Other faces of the portal, by the domain of who wrote. What is not written here is as above.', {
  name: required(shortName, { says: 'Stands in evidence and with each message.', example: 'lakeside' }),
  domains: required(listOf(domainPattern, 'domain patterns', 1), { says: 'Of who wrote.', example: '[lakeside.example]' }),
  url: absent(portalUrl, { says: 'Public URL of its own.', example: 'https://portal.lakeside.example' }),
  from: absent(mailbox, { says: 'From of its notices.', example: 'messages@lakeside.example' }),
  organisation: absent(name, { says: 'The organisation, as its patients know it.', example: 'Lakeside Practice' }),
  help: absent(words, { says: 'Whom to call.', example: '"+1 555 0199"' }),
  accent: absent(accentColour, { says: 'Its colour.', example: '"#7a3e9d"' }),
  language: absent(language, { says: 'Language of its notices.', example: 'es' }),
  zone: absent(timeZone, { says: 'Time zone of its dates.', example: 'America/Denver' }),
  ...LOOK,
});

export const portal = {
  portal: offSection(
    'A page where messages wait that cannot go safely, or that policy wants kept: the recipient gets a notice with a link. Off unless written. The page is a process of its own, "postern portal".',
    {
      url: required(portalUrl, {
        says: 'Public URL: scheme and host, nothing behind. In sandbox mode http://localhost with a port will do.',
        example: 'https://portal.clinic.example',
      }),
      address: optional(ipAddress, '127.0.0.1', { says: 'IP address that the page listens on.', example: '10.1.2.3' }),
      port: optional(port, 8443, { says: 'TCP port.', example: '443' }),
      certificate: absent(otherFile, {
        says: 'PEM file with the certificate chain of the page, read by its process only. Without it: behind a reverse proxy that holds one.',
        example: '/etc/postern/portal/fullchain.pem',
      }),
      key: absent(otherFile, { says: 'PEM file with its private key.', example: '/etc/postern/portal/key.pem' }),
      proxies: optional(listOf(addressRange, 'network ranges', 1), ['127.0.0.1', '::1'], {
        says: 'Whose X-Forwarded-For is believed, when it is counted how much one client asks.',
        example: '[10.1.2.0/24]',
      }),
      from: required(mailbox, {
        says: 'From of notices. Its domain should have a DKIM key.',
        example: 'messages@clinic.example',
      }),
      name: required(name, { says: 'The organisation, as its patients know it.', example: 'Riverside Clinic' }),
      help: required(words, { says: 'Whom to call, in words: stands in every notice and on every page.', example: '"+1 555 0100"' }),
      accent: optional(accentColour, '#0b5fa5', {
        says: 'Colour of buttons and links, in quotes. It must show on white: 4.5 to 1 (WCAG 2.2, 1.4.3).',
        example: '"#7a3e9d"',
      }),
      language: optional(language, 'en', { says: 'Language of notices: en or es. Pages follow the browser.', example: 'es' }),
      zone: absent(timeZone, {
        says: "Time zone of dates in notices, and on pages where the browser does not say its own. Without it the machine's.",
        example: 'America/Chicago',
      }),
      ...LOOK,
      expire_after: optional(duration, '30d', { says: 'How long a message waits, unless policy says otherwise.', example: '14d' }),
      remind_after: optional(duration, '3d', { says: 'An unopened one is brought to mind once, after this time.', example: '2d' }),
      alarm_after: optional(duration, '7d', { says: 'Who wrote is told that it stands unopened, after this time.', example: '5d' }),
      urgent_after: optional(duration, '30m', { says: 'The same for urgent mail.', example: '15m' }),
      opening,
      tell_sender: optional(oneOf('yes', 'no'), 'yes', {
        says: 'Whether notices, and the page before a message is opened, say who wrote.',
        example: 'no',
      }),
      answers: optional(oneOf('originator', 'all', 'none'), 'originator', {
        says: 'Whom a reader may answer: who wrote, everybody who may be seen, or nobody.',
        example: 'all',
      }),
      sms,
      return: offSection(
        'What comes back about notices: bounces, automatic answers, replies. Without it notices have a null reverse-path, and none of that is seen.',
        {
          domain: required(domain, {
            says: 'Domain whose MX is this gateway and which takes no other mail.',
            example: 'return.clinic.example',
          }),
          address: absent(ipAddress, { says: 'IP address to listen on. Not written: all.', example: '10.1.2.3' }),
          port: optional(port, 25, { says: 'TCP port.', example: '2525' }),
        },
      ),
      brands,
    },
  ),
} as const;
