// Notices about a pickup, in Spanish.
import type { NoticeWords } from './words.ts';

export const ES: NoticeWords = {
  subjects: {
    first: 'Su mensaje de {organisation}',
    reminder: 'Su mensaje de {organisation} sigue esperando',
    again: 'Su mensaje de {organisation}: otra vez el enlace',
    'lost-factor': 'Ha cambiado su acceso a {organisation}',
    code: 'Un código para decir por teléfono: su mensaje espera en el portal',
  },
  titles: {
    first: 'Tiene un mensaje',
    reminder: 'Su mensaje sigue esperando',
    again: 'Aquí tiene otra vez el enlace',
    'lost-factor': 'Su acceso ha cambiado',
  },
  from: '{from} de {organisation} le ha escrito. Para que nadie más lo lea, el texto no está en este correo. Puede leerlo en nuestra página.',
  fromNobody: '{organisation} le ha escrito. Para que nadie más lo lea, el texto no está en este correo. Puede leerlo en nuestra página.',
  reminder: 'Todavía no lo ha abierto.',
  again: 'Usted o alguien de {organisation} nos pidió que le mandáramos otra vez este enlace.',
  lostFactor:
    '{organisation} le ha dado una nueva forma de abrir sus mensajes, porque se perdió la anterior. La anterior ya no sirve. Si usted no lo pidió, llámenos, por favor.',
  until: 'Puede leerlo hasta el {date}.',
  open: 'Leer su mensaje',
  byMail: 'No necesita una cuenta. La página manda un código a esta dirección de correo y usted lo escribe allí.',
  byClinic: 'Para abrirlo necesita un código de {organisation}. Se lo dirán por teléfono o en persona. Si nadie se lo ha dicho, llámenos.',
  genuineTitle: '¿Es auténtico este correo?',
  genuine:
    'El enlace lleva a {host} y a ningún otro sitio. Puede guardar esa dirección y mirar allí usted mismo. Nunca le pedimos su contraseña ni dinero por correo.',
  call: '¿Tiene dudas? Llame a {organisation}: {help}',
  answerThere: 'Por favor, conteste en la página. Una respuesta a este correo no va protegida.',
  noAnswers: 'Por favor, conteste en la página. Nadie lee las respuestas a este correo.',
  code: {
    title: 'Diga este código, por favor',
    what: 'Su mensaje del {date} espera en el portal, porque no podía ir seguro por correo o porque dice mucho de un paciente. A quienes va dirigido se les ha mandado un enlace. Para abrirlo necesitan además un código de usted.',
    how: 'Dígalo por teléfono o en persona. No lo mande por correo: quien lea ese correo también podría abrir el mensaje.',
    line: 'Código para {recipient}: {code}',
    until: 'Sirve hasta el {date}, una sola vez y solo para este mensaje.',
    questions: '¿Preguntas? {help}',
  },
};
