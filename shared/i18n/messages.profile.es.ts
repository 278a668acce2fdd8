import type { Message } from './format.ts';
import type { PROFILE_EN } from './messages.profile.en.ts';

/** The same words in Spanish: exactly the keys of English, or it does not compile. */
export const PROFILE_ES = {
  'common.back': 'Atrás',
  'common.copy': 'Copiar',
  'common.copied': 'Copiado',

  'lock.locked': 'Bloqueado. Su trabajo está guardado en este equipo.',
  'lock.pin': 'PIN',
  'lock.showPin': 'Mostrar PIN',
  'lock.unlock': 'Desbloquear',
  'lock.busy': 'Abriendo sus datos',
  'lock.otherPerson': 'Otra persona',
  'lock.forgotten': 'Olvidé el PIN',
  'lock.wrong': {
    one: 'Este PIN no es correcto. Queda {n} intento.',
    other: 'Este PIN no es correcto. Quedan {n} intentos.',
  },
  'lock.left': { one: 'Queda {n} intento.', other: 'Quedan {n} intentos.' },
  'lock.none': 'No queda ningún intento: el PIN ya no abre esto.',
  'lock.waitSeconds': {
    one: 'Puede intentarlo de nuevo en {n} segundo.',
    other: 'Puede intentarlo de nuevo en {n} segundos.',
  },
  'lock.waitMinutes': {
    one: 'Puede intentarlo de nuevo en alrededor de {n} minuto.',
    other: 'Puede intentarlo de nuevo en alrededor de {n} minutos.',
  },
  'lock.waitUntil': 'Próximo intento en {time}',
  'lock.again': 'Ya puede intentarlo de nuevo.',

  'pin.title': 'PIN',
  'pin.isSet': 'Hay un PIN',
  'pin.isNone': 'Sin PIN',
  'pin.help':
    'Con un PIN puede bloquear Ganger cuando se aleja. Se pide al abrir Ganger y nunca sale de este equipo.',
  'pin.lockNeeds': 'Para bloquear Ganger necesita un PIN. Póngalo aquí; después Ctrl+L bloquea.',
  'pin.set': 'Poner PIN',
  'pin.change': 'Cambiar PIN…',
  'pin.changeNow': 'Cambiar PIN',
  'pin.remove': 'Quitar PIN…',
  'pin.removeNow': 'Quitar PIN',
  'pin.removeHelp': 'Después Ganger se abre en este equipo sin PIN.',
  'pin.current': 'PIN actual',
  'pin.new': 'PIN nuevo',
  'pin.newHelp': 'De 6 a 12 dígitos.',
  'pin.repeat': 'PIN nuevo otra vez',
  'pin.wasSet': 'PIN puesto',
  'pin.wasChanged': 'PIN cambiado',
  'pin.wasRemoved': 'PIN quitado',
  'pin.problem.missing': 'Escriba un PIN.',
  'pin.problem.currentMissing': 'Escriba su PIN actual.',
  'pin.problem.short': 'Un PIN tiene al menos 6 dígitos.',
  'pin.problem.long': 'Un PIN tiene como mucho 12 dígitos.',
  'pin.problem.repetition': 'Use al menos tres dígitos distintos y no repita un mismo grupo.',
  'pin.problem.row': 'No use una serie como 123456.',
  'pin.problem.different': 'Los dos PIN no son iguales.',

  'factor.title': 'Segundo factor',
  'factor.open': 'Segundo factor…',
  'factor.lead': 'Escriba el código que muestra su aplicación de códigos para Ganger.',
  'factor.code': 'Código',
  'factor.codeHelp': '6 cifras; cada 30 segundos hay un código nuevo.',
  'factor.codeMissing': 'Escriba las 6 cifras del código.',
  'factor.confirm': 'Confirmar',
  'factor.busy': 'Comprobando el código',
  'factor.lost':
    '¿Teléfono nuevo o sin código? Pida a un administrador que restablezca su segundo factor. Después configura uno nuevo al entrar.',
  'factor.otherPerson': 'Otra cuenta',
  'factor.setUp': 'Configure su segundo factor',
  'factor.setUpLead':
    'Su cuenta necesita un segundo factor: un código de una aplicación de su teléfono, que se pide al entrar.',
  'factor.step1': '1. Escanee esto con una aplicación de códigos',
  'factor.step1Help': 'Por ejemplo Google Authenticator, Microsoft Authenticator o 1Password.',
  'factor.qr': 'Código QR para la aplicación de códigos',
  'factor.byHand': '¿Sin cámara? Escriba esta clave en la aplicación:',
  'factor.step2': '2. Escriba el código que muestra la aplicación',
  'factor.isSet': 'Configurado',
  'factor.isNone': 'Sin configurar',
  'factor.help':
    'Al entrar con su contraseña o con Google, Ganger pide también un código de su teléfono. Su PIN abre Ganger en este equipo sin él.',
  'factor.begin': 'Configurar…',
  'factor.wasSet': 'Segundo factor configurado. En sus otros equipos vuelve a entrar.',

  'keys.title': 'PIN y llave',
  'keys.open': 'PIN y llave…',
  'keys.key': 'Llave',
  'keys.help': 'Sus datos en este equipo están cifrados. Con la llave solo usted puede leerlos.',
  'keys.since': 'Creada',
  'keys.kept': 'La guarda',
  'keys.recovery': 'Copia de recuperación',
  'keys.recoveryYes': 'Sí. Informática puede ayudar si olvida el PIN.',
  'keys.recoveryNo': 'No. Si pone un PIN y lo olvida, nadie puede abrir los datos de este equipo.',
  'keys.rotate': 'Cambiar la llave…',
  'keys.rotateNow': 'Cambiar la llave',
  'keys.rotateAsk':
    'Todos sus datos en este equipo se cifran de nuevo con otra llave. Puede tardar unos minutos. Si el equipo se apaga mientras tanto, no se pierde nada.',
  'keys.rotated': 'Sus datos tienen una llave nueva',
  'keychain.gnome': 'el almacén de contraseñas de este equipo (GNOME)',
  'keychain.kwallet': 'el almacén de contraseñas de este equipo (KDE)',
  'keychain.mac': 'el llavero de este Mac',
  'keychain.windows': 'su cuenta de Windows',
  'keychain.file': 'un archivo sin protección, solo para pruebas',
  'keychain.other': 'el almacén de contraseñas de este equipo',

  'recovery.title': 'Abrir con ayuda de informática',
  'recovery.step1': '1. Dé esta solicitud a informática',
  'recovery.step1Help': 'No contiene nada secreto. Informática comprueba que es usted.',
  'recovery.make': 'Hacer una solicitud',
  'recovery.makeHelp':
    'Sustituye a una solicitud anterior. Si informática ya trabaja en una, escriba su respuesta abajo.',
  'recovery.request': 'Solicitud para informática',
  'recovery.save': 'Guardar como archivo',
  'recovery.qr': 'La solicitud como código que informática puede escanear',
  'recovery.copyByHand': 'No se pudo copiar. El texto está seleccionado: pulse Ctrl+C.',
  'recovery.step2': '2. Escriba lo que responde informática',
  'recovery.answer': 'Respuesta de informática',
  'recovery.answerMissing': 'Escriba la respuesta de informática.',
  'recovery.answerLong': 'Esto es más largo que una respuesta de informática. Revise lo que pegó.',
  'recovery.open': 'Abrir mis datos',
  'recovery.pinGone': 'Su PIN actual deja de valer. Después puede poner otro.',
  'recovery.done': 'Sus datos están abiertos de nuevo. El PIN anterior ya no vale; ponga otro.',
  'recovery.none': 'No hay copia de recuperación de esta llave',
  'recovery.noneHelp':
    'Sin el PIN nadie puede abrir los datos de este equipo, tampoco informática. Lo que se envió está seguro en el servidor. Llame a informática: puede preparar este equipo de nuevo para usted. Los cambios que aún no se enviaron solo se abren con el PIN; siga intentándolo si cree que puede recordarlo.',

  'stuck.title.KEY_MISSING': 'No se encontró la llave de sus datos',
  'stuck.help.KEY_MISSING':
    'Ocurre cuando el equipo se instaló de nuevo o se vació su almacén de contraseñas.',
  'stuck.title.KEY_WRONG': 'La llave no abre sus datos',
  'stuck.help.KEY_WRONG':
    'Ocurre cuando los archivos vienen de otro equipo o se cambió su almacén de contraseñas.',
  'stuck.title.DAMAGED': 'Sus datos en este equipo están dañados',
  'stuck.help.DAMAGED':
    'Una parte del archivo no se puede leer, por ejemplo tras un apagón o un fallo del disco.',
  'stuck.title.NEWER': 'Sus datos necesitan un Ganger más nuevo',
  'stuck.help.NEWER':
    'Los escribió una versión más nueva de Ganger. Actualice Ganger en este equipo e inténtelo de nuevo.',
  'stuck.title.UPGRADE_FAILED': 'Sus datos no se pudieron poner al día',
  'stuck.help.UPGRADE_FAILED':
    'Están como antes. Inténtelo de nuevo; si no ayuda, llame a informática.',
  'stuck.title.DISK_FULL': 'El disco de este equipo está lleno',
  'stuck.help.DISK_FULL':
    'Ganger necesita algo de espacio para abrir sus datos. Borre archivos que nadie necesite o vacíe la papelera e inténtelo de nuevo.',
  'stuck.title.IN_USE': 'Sus datos están abiertos en otro lugar',
  'stuck.help.IN_USE':
    'Otro Ganger de este equipo los usa, quizá el de otra persona. Ciérrelo allí e inténtelo de nuevo.',
  'stuck.title.READ_ONLY': 'Ganger no puede escribir en su carpeta',
  'stuck.help.READ_ONLY': 'Informática puede darle el permiso. Después inténtelo de nuevo.',
  'stuck.title.IO': 'El disco de este equipo no respondió',
  'stuck.help.IO':
    'Inténtelo de nuevo. Si vuelve a ocurrir, llame a informática: el disco puede estar fallando.',
  'stuck.title.TIMEOUT': 'Abrir sus datos tardó demasiado',
  'stuck.help.TIMEOUT': 'El equipo puede estar muy ocupado. Inténtelo de nuevo en un momento.',
  'stuck.title.KEYCHAIN': 'Este equipo no entrega la llave',
  'stuck.help.KEYCHAIN':
    'Su almacén de contraseñas está cerrado o falta. Vuelva a entrar en el equipo e inténtelo de nuevo. Si no ayuda, llame a informática.',
  'stuck.title.other': 'Sus datos en este equipo no se abren',
  'stuck.nothingDeleted': 'No se ha borrado nada.',
  'stuck.saved': {
    one: '{n} cambio que el servidor aún no tiene está seguro en este equipo.',
    other: '{n} cambios que el servidor aún no tiene están seguros en este equipo.',
  },
  'stuck.savedNone': 'El servidor tiene todos sus cambios.',
  'stuck.savedUnknown': 'Aún no se sabe si quedan cambios suyos por enviar.',
  'stuck.ways': 'Qué puede hacer',
  'stuck.noWays': 'Aquí solo ayuda informática. Dígales el código de arriba.',
  'stuck.retry': 'Intentar de nuevo',
  'stuck.retryHelp': 'Abre sus datos otra vez. No cambia nada.',
  'stuck.retryBusy': 'Abriendo sus datos',
  'stuck.reload': 'Cargar mis datos de nuevo',
  'stuck.reloadHelp': 'Toma todo del servidor. Necesita internet.',
  'stuck.reloadAsk':
    'El archivo que no se abre se aparta, no se borra. Sus datos vienen de nuevo del servidor. Necesita internet y puede tardar unos minutos.',
  'stuck.reloadSaved': {
    one: 'Su {n} cambio que aún no se envió se repone después.',
    other: 'Sus {n} cambios que aún no se enviaron se reponen después.',
  },
  'stuck.reloadUnknown':
    'Los cambios que aún no se enviaron pueden quedar en el archivo apartado. Si trabajó sin internet, pregunte a informática antes de seguir.',
  'stuck.reloadNow': 'Cargar mis datos de nuevo',
  'stuck.reloadBusy': 'Apartando el archivo y preguntando al servidor',
  'stuck.recover': 'Abrir con ayuda de informática',
  'stuck.recoverHelp':
    'Informática entrega la copia de recuperación de su llave. Sus datos quedan como están.',
  'stuck.rollBack': 'Volver a antes de la actualización',
  'stuck.rollBackHelp':
    'Toma la copia de antes de que el Ganger más nuevo la cambiara. Los cambios sin enviar también vuelven.',
  'stuck.restore': 'Restaurar de una copia de seguridad',
  'stuck.restoreHelp': 'Toma sus datos de una copia de seguridad que guardó.',

  'work.check': 'Comprobando sus datos',
  'work.upgrade': 'Poniendo sus datos al día',
  'work.rotate': 'Cifrando sus datos con una llave nueva',
  'work.backup': 'Guardando una copia de seguridad',
  'work.restore': 'Restaurando de una copia de seguridad',
  'work.reapply': 'Reponiendo cambios que aún no se enviaron',
  'work.of': '{done} de {total}',
  'work.percent': '{percent} %',
  'work.seconds': {
    one: 'queda alrededor de {n} segundo',
    other: 'quedan alrededor de {n} segundos',
  },
  'work.minutes': {
    one: 'queda alrededor de {n} minuto',
    other: 'quedan alrededor de {n} minutos',
  },
  'work.hours': { one: 'queda alrededor de {n} hora', other: 'quedan alrededor de {n} horas' },
  'work.stay': 'Deje el equipo encendido. Si se apaga de todos modos, no se pierde nada.',

  'device.title': 'Este equipo',
  'device.lock': 'Bloquear',
  'device.backup': 'Guardar una copia de seguridad…',
  'device.restore': 'Restaurar de una copia de seguridad…',
  'device.wipe': 'Quitarme de este equipo…',

  'backup.title': 'Guardar una copia de seguridad',
  'backup.help':
    'Una copia de seguridad es un archivo cifrado con sus datos de este equipo. Después elige dónde guardarlo.',
  'backup.passphrase': 'Frase de contraseña',
  'backup.passphraseHelp': 'Cuatro o más palabras que no tengan relación son buenas.',
  'backup.repeat': 'Frase de contraseña otra vez',
  'backup.show': 'Mostrar frase de contraseña',
  'backup.warning':
    'Guarde la frase en un lugar seguro. Sin ella nadie puede abrir la copia, tampoco informática.',
  'backup.save': 'Elegir lugar y guardar',
  'backup.busy': 'Guardando',
  'backup.saved': 'Copia de seguridad guardada',
  'backup.strength': 'Seguridad: {words}',
  'backup.strength.weak': 'débil',
  'backup.strength.fair': 'suficiente',
  'backup.strength.strong': 'fuerte',
  'backup.problem.missing': 'Escriba una frase de contraseña.',
  'backup.problem.short': 'Una frase de contraseña tiene al menos 12 caracteres.',
  'backup.problem.weak': 'Es fácil de adivinar. Añada palabras o varíela.',
  'backup.problem.different': 'Las dos frases no son iguales.',

  'restore.title': 'Restaurar de una copia de seguridad',
  'restore.help':
    'La copia toma el lugar de sus datos actuales en este equipo. Lo que sea más nuevo en el servidor llega solo después.',
  'restore.waiting': {
    one: '{n} cambio aún no ha llegado al servidor. Sincronice primero para que esté seguro allí.',
    other:
      '{n} cambios aún no han llegado al servidor. Sincronice primero para que estén seguros allí.',
  },
  'restore.waitingCheck': 'Restaurar de todos modos',
  'restore.passphrase': 'Frase de contraseña de la copia',
  'restore.now': 'Elegir copia y restaurar',
  'restore.busy': 'Restaurando',
  'restore.done': 'Sus datos se restauraron de la copia de seguridad',

  'wipe.title': 'Quitarme de este equipo',
  'wipe.help':
    'Borra para siempre sus datos y su llave de este equipo. Lo que está en el servidor queda allí, y puede volver a entrar aquí.',
  'wipe.unknown': 'Aún no se sabe si esperan cambios suyos. Espere un momento.',
  'wipe.nothingWaits': 'El servidor tiene todos sus cambios.',
  'wipe.waiting': {
    one: '{n} cambio no ha llegado al servidor. Se perdería para siempre.',
    other: '{n} cambios no han llegado al servidor. Se perderían para siempre.',
  },
  'wipe.waitingCheck': {
    one: 'Borrar también este cambio',
    other: 'Borrar también estos {n} cambios',
  },
  'wipe.type': 'Para confirmar, escriba su nombre: {name}',
  'wipe.typeWrong': 'No es el nombre de arriba.',
  'wipe.now': 'Quitarme',
  'wipe.busy': 'Quitando',
  'wipe.done': 'Sus datos se quitaron de este equipo',

  'again.loading': 'Sus datos se están cargando de nuevo desde el servidor.',
  'again.loadingSaved': {
    one: 'Sus datos se están cargando de nuevo desde el servidor. {n} cambio que aún no se envió está seguro y se repone.',
    other:
      'Sus datos se están cargando de nuevo desde el servidor. {n} cambios que aún no se enviaron están seguros y se reponen.',
  },
  'again.reapplied': {
    one: 'Sus datos se cargaron de nuevo. {n} cambio que aún no se envió está seguro y espera.',
    other:
      'Sus datos se cargaron de nuevo. {n} cambios que aún no se enviaron están seguros y esperan.',
  },
} as const satisfies Readonly<Record<keyof typeof PROFILE_EN, Message>>;
