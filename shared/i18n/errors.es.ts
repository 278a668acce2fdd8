/** Words of the error catalogue in Spanish. That no code is missing is checked where it is used. */
export const ERRORS_ES = {
  AUTH_WRONG_PASSWORD: 'El correo o la contraseña no son correctos. Inténtelo de nuevo.',
  AUTH_TOO_MANY_ATTEMPTS: 'Demasiados intentos. Espere un minuto e inténtelo de nuevo.',
  AUTH_CANCELLED: 'Se canceló la entrada. Nada ha cambiado.',
  AUTH_SESSION_ENDED:
    'Su sesión ha terminado. Entre de nuevo. Sus cambios están guardados en este equipo.',
  AUTH_TOKEN_EXPIRED: 'Su sesión se renueva. Ocurre sola; sus cambios están guardados.',
  AUTH_TOKEN_INVALID: 'Su sesión no vale aquí. Entre de nuevo.',
  AUTH_NO_ACCESS:
    'Su cuenta no se puede usar aquí ahora: está suspendida o aún no tiene función. Pregunte a su gerente.',
  AUTH_MFA_NEEDED:
    'Esto necesita su segundo factor. Vuelva a entrar con él. Sus cambios están guardados en este equipo.',
  AUTH_CODE_WRONG:
    'Este código no es correcto. Escriba el que muestra ahora su aplicación de códigos.',
  AUTH_ACCOUNT_CLOSED: 'Su cuenta aquí se cerró, así que sus datos se quitaron de este equipo.',
  DEVICE_WIPED:
    'Este equipo se dio por perdido, así que se quitaron todos sus datos. Llévelo a informática.',
  DEVICE_REFUSED: 'Este equipo no puede sincronizar. Pregunte a informática.',
  SERVER_UNREACHABLE: 'No se pudo llegar al servidor. Lo que hizo está guardado en este equipo.',
  SERVER_ANSWER_INVALID:
    'La red dio una respuesta que no es de nuestro servidor. Sus cambios están guardados aquí.',
  SERVER_OLDER:
    'El servidor es anterior a esta aplicación. Este cambio espera aquí hasta que se actualice.',
  RATE_LIMITED: 'Demasiadas peticiones en poco tiempo. Seguiremos nosotros dentro de un momento.',
  SERVER_BUSY: 'El servidor está ocupado. Lo intentaremos de nuevo nosotros.',
  INTERNAL: 'Algo falló por nuestra parte. Nada de lo que escribió se ha perdido.',
  NOT_FOUND: 'Esto no existe.',
  REQUEST_INVALID: 'No se pudo entender la petición. No se cambió nada.',
  REQUEST_TOO_LARGE: 'Es demasiado grande para enviarlo de una vez.',
  SYNC_CLIENT_TOO_OLD:
    'Este programa es demasiado antiguo para sincronizar. Puede seguir trabajando; actualícelo.',
  SYNC_EPOCH_CHANGED:
    'El servidor se restauró desde una copia. Los datos se están cargando de nuevo.',
  SYNC_ROW_INVALID: 'El servidor no pudo leer este cambio. Queda guardado en este equipo.',
  SYNC_ROW_REFUSED: 'Usted no puede hacer este cambio.',
  SYNC_ROW_IMMUTABLE: 'Es un hecho registrado y no se puede cambiar. Registre una corrección.',
  SYNC_PARENT_MISSING: 'Este cambio espera a otro al que se refiere.',
  SYNC_TRANSITION_REFUSED: 'Este paso ya no es posible, porque otra persona se adelantó.',
  SYNC_UNIQUE_TAKEN: 'Otra persona ya ha usado esto. Elija otro.',
  COUNT_CLOSED: 'Este recuento ya está cerrado. Empiece uno nuevo.',
  SYNC_SLOT_TAKEN: 'Otra persona tiene este horario. Elija uno de los libres.',
  SYNC_ROW_QUARANTINED:
    'Su permiso para esto había terminado cuando llegó. Se guarda para que lo vea un gerente.',
  SYNC_ROW_CLOSED: 'Esto ya se entregó y no se puede editar.',
  SYNC_ROW_GONE:
    'Este registro, o aquel al que pertenece, cumplió su tiempo de conservación y se retiró. Su cambio queda en este equipo.',
  SYNC_OWN_APPROVAL: 'Esto lo debe aprobar otra persona.',
  COUNT_OWN_APPROVAL: 'Un recuento lo aprueba alguien que no lo contó.',
  REVIEW_MOVED_ON:
    'Esto cambió mientras usted decidía. Su elección no se usó; véalo de nuevo, por favor.',
  ITEM_MERGED:
    'Uno de estos artículos se fusionó o cambió mientras tanto. Véalos de nuevo, por favor.',
  ITEM_NOT_SENT:
    'Uno de estos artículos se creó en este equipo y aún no se ha enviado. Fusiónelos cuando se haya enviado.',
  REVIEW_DECIDED: 'Otra persona lo decidió antes y vale su elección. Puede verlo en la revisión.',
  REVIEW_UNDO_LATE:
    'Una decisión se puede deshacer durante 24 horas. Cambie el valor directamente, por favor.',
  REVIEW_UNDO_MOVED:
    'Esto cambió después de la decisión y no se deshizo. Véalo de nuevo, por favor.',
  ADMIN_OWN: 'Nadie cambia sus propias funciones ni su cuenta. Pida a otro administrador.',
  ADMIN_LAST:
    'Tiene que quedar alguien que pueda dar funciones. Dé antes esa función a otra persona.',
  ADMIN_PERIOD: 'Una función termina después de empezar, y su fin solo se puede adelantar.',
  ADMIN_HELD: 'Esta persona ya tiene esa función allí en ese tiempo.',
  ACCOUNTS_OFF: 'El servidor no puede crear ni cerrar cuentas para entrar. Avise a informática.',
  FILE_TOO_LARGE: 'Este archivo es demasiado grande.',
  FILE_TYPE_REFUSED: 'Este tipo de archivo no se puede adjuntar. Fotos y PDF sí.',
  FILE_HASH_WRONG: 'El archivo no llegó como se envió. Se envía de nuevo.',
  FILE_PART_WRONG: 'Una parte del archivo se dañó en el camino. Se envía de nuevo.',
  FILE_NOT_ALLOWED:
    'Usted ya no puede adjuntar archivos a este registro. El archivo queda en este equipo.',
  FILE_OWNER_MISSING: 'Este archivo espera al registro al que pertenece.',
  FILE_NOT_READY:
    'Este archivo aún no ha llegado al servidor. Sigue en el equipo en que se adjuntó.',
  FILE_GONE: 'Este archivo se eliminó, porque terminó su plazo de conservación.',
  FILE_DAMAGED: 'Este archivo está dañado en este equipo. No se mostrará ni se enviará.',
  FILES_OFF:
    'El servidor aún no acepta archivos. Quedan guardados en este equipo. Avise a informática.',
  FILES_NO_ROOM:
    'El servidor no tiene sitio para archivos. Quedan guardados en este equipo. Avise a informática.',
  IMPORT_UNREADABLE:
    'Este archivo no es un paquete FHIR ni una tabla que podamos leer. No se cambió nada.',
  IMPORT_EMPTY: 'En este archivo no hay ningún paciente ni visita. No se cambió nada.',
  IMPORT_TOO_LARGE: 'Este archivo es demasiado grande para verlo de una vez. Divídalo en partes.',
  HUB_OFF: 'Esta forma de enviar no está configurada en el servidor. Avise a informática.',
  HUB_UNREACHABLE: 'No se puede llegar al servicio por el que enviamos. Lo intentaremos de nuevo.',
  HUB_TIMEOUT: 'El servicio por el que enviamos tarda demasiado. Lo intentaremos de nuevo.',
  HUB_BUSY: 'El servicio por el que enviamos no acepta más por ahora. Lo intentaremos de nuevo.',
  HUB_FAILED: 'El servicio por el que enviamos tiene un fallo. Lo intentaremos de nuevo.',
  HUB_PAUSED:
    'El servicio por el que enviamos falló demasiadas veces; esperamos un poco antes de intentarlo de nuevo.',
  HUB_SIGN_IN: 'El servicio por el que enviamos no nos deja entrar. Avise a informática.',
  HUB_REFUSED: 'El otro lado no aceptó este mensaje.',
  HUB_OUTCOME_UNKNOWN: 'No sabemos si esto llegó. Pregunte antes de enviarlo de nuevo.',
  ORDER_NOT_PLACED: 'Solo se puede enviar un pedido marcado como pedido.',
  MESSAGE_NO_ADDRESS: 'No hay dirección a la que enviar esto. Añádala y envíe de nuevo.',
  MESSAGE_NO_CONSENT: 'Esta persona no ha aceptado que se le escriba por este medio.',
  MESSAGE_OPTED_OUT: 'Esta persona no quiere más mensajes de este tipo.',
  MESSAGE_NOT_NOW:
    'Es demasiado tarde o demasiado temprano para escribir a alguien. Se envía por la mañana.',
  MESSAGE_TOO_OLD: 'Esto esperó más de un día y no se envió por sí solo. Revíselo de nuevo.',
  MESSAGE_TEMPLATE_ENDED: 'El texto de este mensaje ya no está aprobado.',
  MESSAGE_HAS_PHI:
    'Este texto dice algo sobre un paciente, por eso no se envía como mensaje de texto.',
  PAYMENT_DECLINED: 'La tarjeta fue rechazada. Pruebe con otra.',
  PAYMENT_RISKY: 'Este pago parece inusual y no se hizo. Un gerente debe revisarlo.',
  PAYMENT_READER_BUSY: 'El lector de tarjetas está ocupado o apagado. Inténtelo de nuevo.',
  ROW_INVALID: 'Algo en este formulario no está bien. Mire los campos marcados.',
  ROW_NOT_DELETABLE: 'Los registros se retiran, no se borran.',
  STORE_NOT_OPEN: 'Primero entre con su cuenta.',
  STORE_RESTARTING: 'El almacén local está arrancando de nuevo. Espere un momento.',
  STORE_KEY_MISSING: 'Falta la llave de este perfil. Sus datos están intactos.',
  STORE_KEY_WRONG: 'La llave de este perfil no encaja. Sus datos están intactos.',
  STORE_DAMAGED: 'Los datos de este equipo están dañados.',
  STORE_NEWER:
    'Estos datos los escribió una versión más nueva de la aplicación. Actualice la aplicación; no se ha perdido nada.',
  STORE_UPGRADE_FAILED:
    'Los datos de este equipo no se pudieron poner al día. Están intactos; llame a informática.',
  STORE_DISK_FULL: 'El disco está lleno y no se puede guardar nada. Libere espacio.',
  STORE_IN_USE:
    'Estos datos están abiertos en otra ventana de Ganger o por otra persona en este equipo.',
  STORE_READ_ONLY:
    'No se puede escribir en la carpeta de estos datos, así que no se puede guardar nada. Llame a informática.',
  STORE_IO: 'El disco de este equipo no respondió. Lo guardado está a salvo; inténtelo de nuevo.',
  STORE_TIMEOUT: 'Esto tarda más de lo debido. Inténtelo de nuevo.',
  STORE_OVERLOADED: 'Esta ventana pide demasiado a la vez. Inténtelo de nuevo en un momento.',
  PIN_NEEDED: 'Introduzca su PIN.',
  PIN_WRONG: 'Este PIN no es correcto.',
  PIN_WAIT: 'Demasiados PIN incorrectos. Espere antes de intentarlo de nuevo.',
  PIN_BLOCKED:
    'Demasiados PIN incorrectos. Informática puede abrir este perfil con la copia de recuperación de su llave.',
  PIN_TOO_SIMPLE: 'Elija un PIN de 6 a 12 dígitos que no sea una serie ni una repetición.',
  PIN_OF_WITNESS:
    'Quien lo vio no lo confirmó con su propio PIN, o hace demasiado tiempo. No se guardó nada.',
  RECOVERY_INVALID: 'Este código de recuperación no es de este perfil, o ya se usó.',
  RECOVERY_NONE: 'No hay copia de recuperación de la llave de este perfil.',
  BACKUP_INVALID: 'Esto no es una copia de seguridad completa de Ganger. No se cambió nada.',
  BACKUP_PASSPHRASE_WRONG: 'La frase de contraseña no abre esta copia de seguridad.',
  BACKUP_OTHER_PERSON: 'Esta copia de seguridad es de otra persona. No se cambió nada.',
  CALL_NOT_ALLOWED: 'Esto no se permite desde aquí.',
  KEYCHAIN_UNAVAILABLE:
    'Este equipo no ofrece un lugar seguro para las llaves. Llame a informática.',
} as const;
