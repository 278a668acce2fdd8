import type { HelpName, HelpPage } from './help.en.ts';

/** The same in Spanish: the same pages, parts and keys (`help.test.ts`). */
export const HELP_ES = {
  start: {
    title: 'Cómo moverse',
    lead: 'Todo se puede hacer con el ratón y con el teclado, con red y sin ella.',
    parts: [
      {
        title: 'Encontrar cualquier cosa',
        text: [
          '{key:palette} abre la búsqueda y los comandos. Escriba un nombre, un número o lo que quiere hacer; Intro toma la primera respuesta. Lo que eligió hace poco aparece primero.',
          'Los módulos que abre su función están a la izquierda. Alt y su número llevan allí.',
        ],
      },
      {
        title: 'Teclas',
        text: [
          '{key:keys} muestra todas las teclas; primero las de la página en la que está. {key:help} abre la ayuda de la página.',
        ],
      },
      {
        title: 'Varias ventanas',
        text: [
          '{key:window} abre otra ventana. Cada una recuerda dónde estaba y lo que dejó a medias, también si la aplicación se cerró o se fue la luz.',
          '{key:link} copia un enlace a lo que muestra la ventana. Quien lo abre inicia sesión primero y ve lo que puede ver. El enlace no lleva nombres.',
        ],
      },
      {
        title: 'Al volver',
        text: [
          'Tras unas horas fuera, una línea bajo la barra superior dice qué le espera y qué hicieron sus colegas. {key:away} lo muestra de nuevo.',
        ],
      },
      {
        title: 'Compartir un equipo',
        text: [
          '{key:profile-lock} bloquea sus datos con su PIN, {key:sign-out} cierra su sesión para que otra persona inicie la suya. Nadie ve lo que hizo el otro; cada quien tiene sus propios datos cifrados.',
        ],
      },
    ],
  },
  inventory: {
    title: 'Inventario',
    lead: 'Lo que tiene cada una de sus sedes, lo que llegó y lo que se usó.',
    parts: [
      {
        title: 'En una emergencia',
        text: [
          '{key:emergency} abre la tarjeta de emergencia desde cualquier lugar, también sin red. Escriba el producto, su número CAS o el peligro: los primeros auxilios aparecen al momento. {key:missing-sheets} muestra los artículos peligrosos cuya hoja no está completa.',
        ],
      },
      {
        title: 'El catálogo',
        text: [
          '{key:new-item} crea un artículo, {key:import-items} lee muchos de un archivo: usted ve qué pasaría antes de que se escriba nada. {key:levels} abre nivel deseado, mínimo, máximo y lugar de una sede como una hoja para escribir.',
          'En la pestaña {word:catalog.tab}, quien puede cambiar artículos define SKU, tipo, normas, lista de control y peligro. Si desde ahora hay que indicar lote o fecha, primero se muestra el inventario que no los tiene.',
          '{key:duplicates} muestra artículos que pueden ser el mismo. Elija qué valores quedan y fusione: existencias, historial y códigos del otro se encuentran desde entonces allí. {word:duplicates.separate} lo deshace. Si dos solo se parecen, «{word:duplicates.differ}», y no se vuelve a preguntar a nadie.',
        ],
      },
      {
        title: 'Encontrar un artículo',
        text: [
          'Escriba para buscar en la lista, o escanee un código en cualquier página. Intro abre el artículo junto a la lista; Esc lo cierra.',
          '«{word:stock.belowPar}» dice dónde hay que pedir. Una fecha cercana está marcada.',
        ],
      },
      {
        title: 'Recibir existencias',
        text: [
          '{key:receive} comienza una recepción. Intro pasa al siguiente campo y al final agrega la línea; {key:receive.finish} recibe todas las líneas a la vez.',
          'Una recepción no se edita después, porque ya ocurrió: un error se corrige con un registro nuevo.',
        ],
      },
      {
        title: 'Usar, desechar, enviar',
        text: [
          '{key:issue} usa existencias, {key:waste} las desecha; {key:take.finish} termina. Se propone el lote que caduca primero; para otro se dice por qué.',
          '{key:transfers} muestra lo que está en camino entre sedes. La sede que envía lo despacha, la que recibe dice qué llegó.',
          'Un movimiento se anula desde {word:detail.history}, una vez. Nada se borra.',
        ],
      },
      {
        title: 'Viales abiertos',
        text: [
          '{key:vials} reúne lo que está abierto, cada envase con lo que queda y su reloj. {word:vials.open} saca uno del estante; {word:vials.draw} toma del que caduca primero.',
          '{word:vials.discard} pregunta por qué. Lo controlado se desecha ante alguien que escribe su propio PIN en este equipo.',
          'El personal clínico puede decir para qué paciente se usa algo. Los demás solo ven que fue para uno.',
        ],
      },
      {
        title: 'Muestras',
        text: [
          '{key:samples} es el armario de muestras: qué llegó, qué se entregó a quién, con la firma de quien la recetó. Una vez al mes se cuenta contra su registro y se firma.',
        ],
      },
      {
        title: 'Lo que necesita a alguien',
        text: [
          '{key:alerts} reúne lo que falta, caduca, ha caducado o está bajo cero, y lleva a lo que lo resuelve. {key:expiry} muestra qué caduca dónde, y dónde se usaría antes.',
          '{key:lots} encuentra un lote por su número o número de serie, y muestra los lotes sin documento de transacción.',
          'El número de un lote abre dónde está y estuvo, para una retirada.',
        ],
      },
      {
        title: 'Escanear',
        text: [
          'El lector funciona en todas las páginas, esté donde esté el cursor. Si un código puede significar dos cosas, se le pregunta; no se adivina nada.',
          'Un código que ningún artículo tiene va a {word:unmatched.title} ({key:unmatched}). Enlácelo una vez y desde entonces significa ese artículo.',
        ],
      },
      {
        title: 'Lo deseado, el lugar y los archivos',
        text: [
          '{word:stock.par} y {word:stock.bin} se editan en su lugar y se guardan solos. Durante diez segundos puede deshacer.',
          'Fotos y PDF se adjuntan a un artículo en {word:detail.files}; se envían solos.',
        ],
      },
    ],
  },
  counts: {
    title: 'Recuentos',
    lead: 'Un recuento corrige las existencias donde el estante y los libros difieren.',
    parts: [
      {
        title: 'Contar',
        text: [
          '{key:count} comienza un recuento. Escriba lo que ve línea por línea, o escanee: el mismo artículo otra vez es uno más.',
          'Los libros no se muestran mientras cuenta, para que diga lo que hay.',
        ],
      },
      {
        title: 'Terminar',
        text: [
          'Un recuento cercano a los libros se registra solo. Con diferencias mayores, alguien que no contó lo aprueba en {word:nav.review}.',
          'Lo que se mueve mientras cuenta o después se suma; nada tiene que detenerse.',
        ],
      },
    ],
  },
  orders: {
    title: 'Pedidos',
    lead: 'Lo que se compra: preparado, aprobado, encargado, recibido.',
    parts: [
      {
        title: 'Hacer un pedido',
        text: [
          '{key:order} hace un pedido; {key:reorder} muestra lo que falta, con cómo se calculó la cantidad, y hace pedidos de ello.',
          '{key:vendors} muestra a quién compra, qué, a qué precio y qué está en camino.',
          'Funciona sin red. Quien aprueba es otra persona que quien lo hizo.',
        ],
      },
      {
        title: 'Cuando llega',
        text: [
          'Reciba en el pedido, tantas veces como lleguen partes. Lo que llega es existencia enseguida, con sus lotes.',
        ],
      },
      {
        title: 'Enviarlo al proveedor',
        text: [
          'Un pedido hecho tiene «{word:orders.summary}»: envíelo por correo o a Slack, cópielo o imprímalo. Sin red espera en este equipo y sale una sola vez. El pedido dice cuándo se envió, o por qué no.',
          'Donde dice que quizá se envió, pregunte al proveedor antes de enviarlo otra vez.',
        ],
      },
    ],
  },
  review: {
    title: 'Revisión',
    lead: 'Preguntas que necesitan a una persona: dos cambiaron el mismo campo, un recuento difiere, un cambio no se aceptó.',
    parts: [
      {
        title: 'Decidir',
        text: [
          'Cada valor dice quién lo escribió, cuándo y dónde. Elija uno por su número y pulse {key:review.confirm}; la siguiente pregunta aparece enseguida.',
          'Primero ve lo que decide usted. Lo que deciden otros está en {word:review.showAll}.',
        ],
      },
      {
        title: 'Deshacer',
        text: [
          '{key:review.undo} retira su última decisión, durante 24 horas y mientras nadie haya cambiado el valor.',
        ],
      },
      {
        title: 'Cambios que no se aceptaron',
        text: [
          'Se conservan en este equipo con el motivo. Edite de nuevo, envíe de nuevo o descarte; lo que descarta se puede recuperar durante diez segundos.',
        ],
      },
    ],
  },
  administration: {
    title: 'Administración',
    lead: 'Personas y sus derechos, equipos, ajustes, la auditoría y cómo está todo.',
    parts: [
      {
        title: 'Qué necesita el servidor',
        text: [
          'Personas, equipos y ajustes se ven también sin red, desde este equipo. Los cambios se hacen enseguida en el servidor o no se hacen; nada de ellos queda en cola.',
        ],
      },
      {
        title: 'Lo que sale de la casa',
        text: [
          '{key:admin-outbox} muestra quién envía por nosotros y cómo está, y lo que no se pudo enviar. «{word:outbox.again}» lo intenta otra vez. Si pudo haber llegado, pregunte antes al otro lado; «{word:outbox.arrived}» lo anota como enviado.',
          'Un servidor de pruebas no envía nada; muestra lo que habría enviado.',
          'También están allí los pagos con tarjeta cuyo resultado nadie conoce todavía. Se consultan solos; no cobre el mismo importe otra vez antes de que terminen. «{word:payments.compare}» muestra dónde difieren las cuentas.',
        ],
      },
      {
        title: 'Alguien nuevo',
        text: [
          '{key:admin-people}, «{word:people.invite}»: el nombre y la dirección con la que entra con Google. Después «{word:people.give}»: sede, función, primer y último día. Está activa cuando haya entrado.',
          'Ve las funciones que usted puede dar. Una función que necesita a una segunda persona se propone, y cuenta cuando otra la haya dado. Nadie se da nada a sí mismo.',
        ],
      },
      {
        title: 'Alguien se va, por un tiempo o para siempre',
        text: [
          '«{word:people.suspend}» cierra el paso y lo guarda todo. «{word:people.leave}» termina todas las funciones y sesiones; su perfil se quita de cada equipo en el próximo contacto. «{word:people.end}» junto a una función termina esa.',
        ],
      },
      {
        title: 'Un equipo se perdió o lo robaron',
        text: [
          'Abra {key:admin-devices}, elija el equipo y «{word:devices.lost}». Desde entonces el servidor lo rechaza. En su próximo contacto entrega lo que espera, para decidirlo en la revisión, y quita todos los perfiles; la lista muestra cuándo lo ha hecho.',
          'Mientras siga sin red, sus datos están cifrados en él.',
        ],
      },
      {
        title: 'Un ajuste que vale desde un día',
        text: [
          '{key:admin-sites} muestra qué vale, desde cuándo y qué viene. Un cambio es un valor nuevo con su primer día; el anterior se puede seguir leyendo.',
        ],
      },
      {
        title: 'Cuando algo falla en el sistema',
        text: [
          '{key:admin-health} muestra las alertas activas y a quién se avisó. «{word:monitor.takeUp}» dice a los demás que alguien está en ello; «{word:monitor.silence.do}» la calla un tiempo. Qué hacer en cada alerta está en el manual de operaciones.',
        ],
      },
      {
        title: 'Quién hizo qué',
        text: [
          '{key:admin-audit} lista la auditoría por persona, equipo, tabla, acción, días y paciente. «{word:audit.check}» vuelve a calcular las cadenas. Una exportación se anota antes de guardar el archivo.',
          'Las lecturas están junto a los cambios: cada equipo anota qué pacientes se abrieron, listaron, exportaron o imprimieron en él, también sin red, y lo entrega cuando la tiene. «{word:audit.readsOpen}» dice hasta dónde llegó cada uno.',
        ],
      },
    ],
  },
  sync: {
    title: 'Estado de sus datos',
    lead: 'Lo que escribe se guarda enseguida en este equipo. La marca de arriba dice cómo está.',
    parts: [
      {
        title: 'Los ocho estados',
        text: [
          '{word:sync.synced}: todo está en el servidor. {word:sync.savedHere}: por enviarse. Cambios esperan: se envían en el próximo intento. {word:sync.syncing}: en camino.',
          'Sin conexión: no se llega al servidor; la marca dice de cuándo son los datos. Le necesita: el servidor no aceptó algo. {word:sync.paused}: inicie sesión de nuevo o actualice. Falló: diga el código a Sistemas.',
        ],
      },
      {
        title: 'Lo que espera',
        text: [
          '{key:sync-page} muestra cada cambio que espera, desde cuándo, y lo que le necesita. {key:sync} lo intenta enseguida; también ocurre solo.',
        ],
      },
      {
        title: 'Sin red',
        text: [
          'Puede seguir trabajando, durante días si hace falta. Cuando vuelve la red todo se envía, en el orden en que lo hizo.',
        ],
      },
      {
        title: 'Fuera de la ventana',
        text: [
          'Una marca junto al reloj también dice el estado, y el icono de la aplicación lleva el número de cambios que le necesitan. Las notificaciones son silenciosas, llegan solo cuando algo le necesita o termina la primera sincronización, y no nombran a nadie; {key:notifications} las desactiva.',
        ],
      },
    ],
  },
  patients: {
    title: 'Pacientes',
    lead: 'Encontrar a un paciente, ver qué pasó con él y quién viene hoy.',
    parts: [
      {
        title: 'Encontrar a alguien',
        text: [
          'Escriba principios de nombres en cualquier orden, un nacimiento como suele escribirlo, cifras de un teléfono o del expediente. {key:patients.search} va al campo, Intro abre el primero.',
          'En este equipo solo están los pacientes que vienen estos días; la página dice cuántos días.',
        ],
      },
      {
        title: 'Un paciente',
        text: [
          'Una cronología muestra visitas, pagos, folletos, autorizaciones y consentimientos. Idioma y nota se guardan solos; todo lo demás es del EHR: use {word:patientProposal.open}.',
        ],
      },
      {
        title: 'Visitas y pacientes sin cita',
        text: [
          'Elija una visita y pulse {key:visit.arrived} cuando hayan llegado. {key:walk-in} agrega a alguien sin cita y muestra antes quién puede ser la misma persona.',
        ],
      },
      {
        title: 'Importar',
        text: [
          '{key:import-patients} toma un paquete FHIR o una tabla. Antes de escribir nada ve qué es nuevo, conocido, por elegir o con error; lo que queda fuera se puede guardar y corregir.',
        ],
      },
    ],
  },
  data: {
    title: 'Datos en este equipo',
    lead: 'Sus datos están cifrados en este equipo. La clave los hace legibles solo para usted.',
    parts: [
      {
        title: 'PIN y bloqueo',
        text: [
          'Con un PIN ({key:profile-keys}) bloquea sus datos con {key:profile-lock} y los abre de nuevo sin red.',
          'Tras varios PIN incorrectos solo Sistemas puede abrirlos, con la copia de recuperación.',
        ],
      },
      {
        title: 'Segundo factor',
        text: [
          'Con un segundo factor ({key:profile-factor}) se pide al entrar un código de su teléfono. Su PIN abre este equipo sin él.',
          '¿Teléfono nuevo o sin código? Un administrador lo restablece y usted configura uno nuevo al entrar.',
        ],
      },
      {
        title: 'Copia de seguridad',
        text: [
          '{key:profile-backup} escribe una copia cifrada donde usted elija; {key:profile-restore} la recupera. Anote la frase: sin ella nadie puede leer la copia.',
        ],
      },
      {
        title: 'Dejar un equipo para siempre',
        text: [
          '{key:profile-wipe} quita sus datos de este equipo. Lo que aún no se envió se va con ellos, y se le avisa antes.',
        ],
      },
    ],
  },
} as const satisfies Readonly<Record<HelpName, HelpPage>>;
