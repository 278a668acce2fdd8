import type { Message } from './format.ts';
import type { FILES_EN } from './messages.files.en.ts';

/** Palabras sobre archivos. */
export const FILES_ES = {
  'detail.files': 'Archivos',
  'files.attach': 'Adjuntar archivo',
  'files.help': 'Fotos y PDF, o suéltelos aquí. Se guardan al momento en este equipo.',
  'files.drop': 'Suelte para adjuntar',
  'files.empty': 'Aquí están las fotos y hojas de seguridad de este artículo',
  'files.emptyHelp': 'Primero se guardan en este equipo y se envían cuando hay red.',
  'files.untitled': '{type} sin título',
  'files.captionOf': 'Título de {name}',
  'files.captionNone': 'Título',
  'files.someone': 'Alguien',
  'files.open': 'Abrir',
  'files.openOf': 'Abrir {name}',
  'files.saving': 'Guardando en este equipo',
  'files.taking': 'Guardando en este equipo: {done} de {size}',
  'files.onServer': 'En el servidor',
  'files.savedHere': 'Guardado aquí',
  'files.notSent': 'No está en el servidor',
  'files.elsewhere': 'En otro equipo',
  'files.offline': 'Esperando la red',
  'files.waitsServer': 'Esperando al servidor',
  'files.uploading': 'Subiendo {percent} %',
  'files.checking': 'El servidor lo comprueba',
  'files.loading': 'Cargando {percent} %',
  'files.refused': 'Rechazado',
  'files.removed': 'Eliminado',
  'files.notShown':
    'Un {type} de {size}. Ganger no muestra este tipo; guarde una copia para abrirlo.',
  'files.save': 'Guardar una copia…',
  'files.saveHelp': 'La copia que guarde no está cifrada. Bórrela cuando termine.',
  'files.saved': 'La copia está guardada.',
  'files.notInBackup': {
    one: '{n} archivo aún no está en el servidor y no forma parte de una copia de seguridad.',
    other: '{n} archivos aún no están en el servidor y no forman parte de una copia de seguridad.',
  },
  'files.goWithWipe': {
    one: 'Se perdería {n} archivo que aún no está en el servidor.',
    other: 'Se perderían {n} archivos que aún no están en el servidor.',
  },
} as const satisfies Readonly<Record<keyof typeof FILES_EN, Message>>;
