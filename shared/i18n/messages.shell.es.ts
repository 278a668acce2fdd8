import type { Message } from './format.ts';
import type { SHELL_EN } from './messages.shell.en.ts';

/** The same in Spanish. */
export const SHELL_ES = {
  'palette.placeholder': 'Escriba un artículo, un número o un comando',
  'palette.nothing': 'No se encontró nada',
  'palette.goTo': 'Ir a {place}',
  'palette.dark': 'Usar colores oscuros',
  'palette.light': 'Usar colores claros',
  'palette.language': 'Cambiar el idioma a {language}',
  'palette.recent': 'Recientes',
  'palette.actions': 'Comandos',
  'palette.items': 'Artículos',
  'palette.review': 'Revisión: {name}',

  'shortcuts.title': 'Atajos de teclado',
  'shortcuts.open': 'Atajos',
  'shortcuts.group.make': 'Existencias',
  'shortcuts.group.go': 'Ir a',
  'shortcuts.group.data': 'Datos en este equipo',
  'shortcuts.group.window': 'Ventana',
  'shortcuts.group.account': 'Cuenta',
  'shortcuts.lists': 'En una lista',
  'shortcuts.listMove': 'Moverse por las filas',
  'shortcuts.listType': 'Ir a una fila por sus primeras letras',
  'shortcuts.closeNearest': 'Cerrar lo que está abierto junto a la lista',
  'shortcuts.search': 'Buscar en esta página',
  'shortcuts.label': 'Imprimir una etiqueta del artículo',
  'shortcuts.nextSite': 'Cambiar a la siguiente sede',
  'shortcuts.rail': 'Mostrar u ocultar los nombres de los módulos',

  'offline.aged': '{words}. Datos de las {time}.',
  'sync.all': 'Todo sobre el estado de sus datos',
  'sync.means.synced':
    'Todo lo que usted escribió está en el servidor, y lo que hicieron otros está aquí.',
  'sync.means.saved-here': 'Lo que usted escribió está a salvo en este equipo y está por enviarse.',
  'sync.means.queued':
    'Lo que usted escribió está a salvo en este equipo. Se envía solo en el próximo intento.',
  'sync.means.syncing':
    'Sus cambios van al servidor y llega lo que hicieron otros. Puede seguir trabajando.',
  'sync.means.offline':
    'No se puede llegar al servidor. Puede seguir trabajando: lo que escriba está a salvo en este equipo y se envía solo.',
  'sync.means.needs-you':
    'El servidor no aceptó algunos de sus cambios. Se conservan en este equipo hasta que usted decida.',
  'sync.means.paused':
    'Nada se mueve hasta que inicie sesión de nuevo o se actualice la aplicación. Lo que usted escribió está a salvo en este equipo.',
  'sync.means.failed':
    'Algo impide que sus datos se muevan. Lo que usted escribió está a salvo en este equipo. Si sigue así, diga a Sistemas el código de abajo.',
  'sync.answered': 'Última respuesta del servidor',
  'sync.nothingWaits': 'Nada espera. Lo que escriba sin conexión aparece aquí hasta que se envíe.',
  'sync.what': 'Qué',
  'sync.changed': 'Cambiado',
  'sync.since': 'Desde',
  'sync.isNew': 'nuevo',
  'sync.openChange': 'Abrir: {name}',
  'sync.more': { one: '{n} cambio más', other: '{n} cambios más' },
  'sync.files': { one: 'Falta enviar {n} archivo.', other: 'Faltan por enviar {n} archivos.' },
  'sync.here': 'En este equipo',
  'sync.allHere': 'Todo lo que usted puede ver está en este equipo.',
  'sync.parts': '{done} de {total} partes',
  'sync.isHere': 'aquí',
  'sync.comes': 'por llegar',
  'module.authorizations': 'Autorizaciones',
  'module.eos': 'Reuniones y metas del equipo',
  'module.handouts': 'Folletos',
  'module.inventory': 'Inventario',
  'module.kiosk': 'Quiosco y recepción',
  'module.pharma': 'Representantes y muestras',
  'module.shared': 'Personas, sedes y pacientes',
  'module.sync': 'Revisión e historial',

  'shortcuts.newWindow': 'Abrir otra ventana',
  'drafts.left': 'Dejó esto a medias: {what}.',
  'drafts.leftForm': 'Dejó un formulario a medias.',
  'drafts.continue': 'Continuar',
  'drafts.notNow': 'Ahora no',

  'links.copy': 'Copiar el enlace de esta pantalla',
  'links.copied': 'Enlace copiado. Nombra la página y no lo que hay en ella.',
  'links.none': 'Esta pantalla no tiene enlace.',
  'links.nowhere':
    'Este enlace no lleva a ninguna parte de esta aplicación. Pida uno nuevo a quien lo envió.',
  'links.signIn': 'Inicie sesión para abrir el enlace.',
  'desk.open': 'Abrir Ganger',
  'desk.quit': 'Salir',
  'desk.signedOut': 'Nadie ha iniciado sesión',
  'desk.offline': 'Sin conexión',
  'desk.failed': 'La sincronización falló',
  'desk.firstSyncDone': 'Sus datos ya están en este equipo.',
  'desk.notifications': 'Activar o desactivar las notificaciones',
  'desk.notifies': 'Las notificaciones están activadas. Son silenciosas y no nombran a nadie.',
  'desk.silent': 'Las notificaciones están desactivadas.',
} as const satisfies Readonly<Record<keyof typeof SHELL_EN, Message>>;
