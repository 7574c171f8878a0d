// What the pages of one-click unsubscribe say, in each language. Short sentences, for anyone.
import type { Language } from '../mail/language.ts';

export type UnsubscribePage = 'ask-marketing' | 'ask-fundraising' | 'done-marketing' | 'done-fundraising' | 'unknown' | 'failed' | 'busy';

interface Words {
  readonly title: string;
  /** `{who}` is the organisation. */
  readonly text: readonly string[];
  /** On the button; null where the page has none. */
  readonly button: string | null;
}

export interface LanguageWords {
  readonly pages: Readonly<Record<UnsubscribePage, Words>>;
  /** Before the address of the organisation. */
  readonly questions: string;
}

export const UNSUBSCRIBE_WORDS: Readonly<Record<Language, LanguageWords>> = {
  en: {
    questions: 'Questions? Write to',
    pages: {
      'ask-marketing': {
        title: 'Stop advertising by email?',
        text: [
          '{who} sends you offers and other advertising by email. Press the button and it stops.',
          'Messages about your own care still come.',
        ],
        button: 'Stop advertising',
      },
      'ask-fundraising': {
        title: 'Stop emails that ask for gifts?',
        text: [
          '{who} sends you emails that ask for gifts. Press the button and they stop.',
          'Messages about your own care still come, and your care does not change.',
        ],
        button: 'Stop these emails',
      },
      'done-marketing': {
        title: 'You are unsubscribed',
        text: [
          '{who} sends you no more advertising by email. Your permission is withdrawn.',
          'An email that is already on its way may still reach you today.',
        ],
        button: null,
      },
      'done-fundraising': {
        title: 'You are unsubscribed',
        text: [
          '{who} sends you no more emails that ask for gifts. Your care does not change.',
          'An email that is already on its way may still reach you today.',
        ],
        button: null,
      },
      unknown: {
        title: 'This link does not work',
        text: ['It may have been cut in two, or it is too old. Nothing was changed.', 'Open the link in the newest email.'],
        button: null,
      },
      failed: {
        title: 'That did not work',
        text: ['Nothing was changed. Go back to the email, open its link again and press the button there.'],
        button: null,
      },
      busy: {
        title: 'Please wait a minute',
        text: ['Too many requests are coming in at the moment. Nothing was changed. Open the link again in a minute.'],
        button: null,
      },
    },
  },
  es: {
    questions: '¿Preguntas? Escriba a',
    pages: {
      'ask-marketing': {
        title: '¿Quiere dejar de recibir publicidad?',
        text: [
          '{who} le envía ofertas y otra publicidad por correo electrónico. Pulse el botón y dejará de recibirla.',
          'Seguirá recibiendo los mensajes sobre su atención médica.',
        ],
        button: 'Dejar de recibir publicidad',
      },
      'ask-fundraising': {
        title: '¿Quiere dejar de recibir correos que piden donaciones?',
        text: [
          '{who} le envía correos que piden donaciones. Pulse el botón y dejará de recibirlos.',
          'Seguirá recibiendo los mensajes sobre su atención médica, y su atención no cambiará.',
        ],
        button: 'Dejar de recibirlos',
      },
      'done-marketing': {
        title: 'Se ha dado de baja',
        text: [
          '{who} ya no le enviará publicidad por correo electrónico. Su autorización queda anulada.',
          'Es posible que hoy todavía le llegue algún correo que ya estaba en camino.',
        ],
        button: null,
      },
      'done-fundraising': {
        title: 'Se ha dado de baja',
        text: [
          '{who} ya no le enviará correos que piden donaciones. Su atención médica no cambia.',
          'Es posible que hoy todavía le llegue algún correo que ya estaba en camino.',
        ],
        button: null,
      },
      unknown: {
        title: 'Este enlace no funciona',
        text: ['Puede que esté incompleto o que sea demasiado antiguo. No se ha cambiado nada.', 'Abra el enlace del correo más reciente.'],
        button: null,
      },
      failed: {
        title: 'Algo ha fallado',
        text: ['No se ha cambiado nada. Vuelva al correo, abra otra vez el enlace y pulse el botón.'],
        button: null,
      },
      busy: {
        title: 'Espere un minuto, por favor',
        text: ['En este momento hay demasiadas solicitudes. No se ha cambiado nada. Vuelva a abrir el enlace en un minuto.'],
        button: null,
      },
    },
  },
};
