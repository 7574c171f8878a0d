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
    'A {organisation} le dijeron que usted perdió lo que usa para entrar. Eso ya no abre nada, y su sesión se cerró en todas partes. Le hicieron un código nuevo, que se le dirá por teléfono o en persona. Si usted no lo pidió, llame ahora al {help}.',
  until: 'Puede leerlo hasta el {date}.',
  open: 'Leer su mensaje',
  byMail: 'No necesita una cuenta. La página manda un código a esta dirección de correo y usted lo escribe allí.',
  byClinic:
    'Para abrirlo necesita un código de {organisation}. Se lo dirán por teléfono o en persona. Si nadie se lo ha dicho, llame al {help}.',
  genuineTitle: '¿Este correo es realmente nuestro?',
  genuine: 'Mire adónde lleva el enlace: tiene que ser {host}. Nunca le pedimos por correo dinero, un número de tarjeta ni una contraseña.',
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
