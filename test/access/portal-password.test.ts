// Passwords of the portal: length and what is tried first, nothing about how they are made.
import t from 'tap';
import { PASSWORD_LENGTH, passwordFault } from '../../src/access/portal-password.ts';

const KNOWN = ['Riverside Clinic', 'pat.doe@home.example', 'Pat Doe'];

t.test('taken', async (t) => {
  const taken = [
    'purple llama dances',
    'wir fahren morgen nach Ulm',
    'el perro come manzanas verdes',
    'sevenquietboatsdrift',
    'kRz8-vv2Qp-77Lxw-m',
    '我的小猫喜欢在下午三点睡觉并且喝牛奶',
    'niño ñandú cigüeña',
    'all small letters are fine',
    '🐢🐙🦊🐼🦉🐝🦋🐌🐛🦗🕷🦂🐠🐡🐬',
    'x'.repeat(20) + ' quiet boats drift',
    Array.from({ length: 16 }, (_, i) => `boat ${'jkqvwxz'.charAt(i % 7)}`)
      .join(' ')
      .slice(0, PASSWORD_LENGTH.most),
  ];
  for (const password of taken) t.equal(passwordFault(password, KNOWN), null, password);
});

t.test('refused', async (t) => {
  const refused: readonly (readonly [password: string, fault: string])[] = [
    ['', 'too-short'],
    ['quiet boats dr', 'too-short'],
    ['🐢🐙🦊🐼🦉🐝🦋🐌🐛🦗🕷🦂🐠🐡', 'too-short'],
    ['quiet boats drift '.repeat(8), 'too-long'],
    ['passwordpassword', 'too-common'],
    ['Password12345678', 'too-common'],
    ['P@ssw0rd P@ssw0rd!', 'too-common'],
    ['qwertyuiopasdfghjkl', 'too-common'],
    ['123456789012345', 'too-common'],
    ['aaaaaaaaaaaaaaaa', 'too-common'],
    ['abcabcabcabcabcabc', 'too-common'],
    ['abcdefghijklmnopqr', 'too-common'],
    ['correcthorsebatterystaple', 'too-common'],
    ['RiversideClinic2026', 'too-common'],
    ['riverside-clinic-pat', 'too-common'],
    ['pat.doe@home.example', 'too-common'],
    ['PatDoe PatDoe PatDoe', 'too-common'],
    ['iloveyou my princess', 'too-common'],
    ['contraseña segura 1', 'too-common'],
  ];
  for (const [password, fault] of refused) t.equal(passwordFault(password, KNOWN), fault, password);
});
