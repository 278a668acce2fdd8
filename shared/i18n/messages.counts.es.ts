import type { Message } from './format.ts';
import type { COUNTS_EN } from './messages.counts.en.ts';

export const COUNTS_ES = {
  'counts.accuracy': 'Exactitud',
  'counts.accuracyHelp': 'tan cerca de los libros como se puede contar',
  'counts.again': 'Contar otra vez',
  'counts.againHelp': 'Una mirada más a este. Empieza en cero y vale en lugar de lo visto antes.',
  'counts.aisleDone': '{aisle}: {done} de {of}',
  'counts.aisles': 'Pasillos',
  'counts.allDone': 'Todo lo de la lista está contado.',
  'counts.alsoCounted':
    '{item}: {quantity} {unit}. {who} contó {theirs} a las {time}: no se suma nada, vale lo último.',
  'counts.at': '{no} de {of}, {bin}',
  'counts.becomes':
    'Las existencias serán {sum} {unit}: {counted} contados, {since} registrados después.',
  'counts.beginSheet': 'Empezar e imprimir hoja',
  'counts.bins': 'Lugares',
  'counts.blind': 'A ciegas',
  'counts.blindChoice':
    'Quien cuenta no ve lo que dicen los libros, y nadie más mientras el recuento está abierto.',
  'counts.blindHelp':
    'Recuento a ciegas: lo que dicen los libros lo ven quienes aprueban y no contaron nada, y todos cuando está decidido.',
  'counts.cause.lot': 'El lote {lot} difiere lo mismo al revés: ¿se confundieron?',
  'counts.cause.movement':
    'Antes se registró lo mismo: {movement} {quantity}, {time}. ¿Se registró dos veces, o no se hizo?',
  'counts.cause.negative': 'Los libros estaban bajo cero: no se registró algo que llegó.',
  'counts.cause.unit': 'Los números coinciden si uno está en envases: {unit} de {pieces}.',
  'counts.codeOf': 'Código de este recuento',
  'counts.contested': 'Dos personas lo contaron distinto',
  'counts.contestedItem': '{item}: dos personas lo contaron distinto',
  'counts.contestedLot': '{item}, lote {lot}: dos personas lo contaron distinto',
  'counts.counting': 'Al contar',
  'counts.effect':
    'Si aprueba, las existencias de cada línea son lo contado en ese momento más lo registrado después. Lo que pasó antes y se registra más tarde ya no cambia nada. Lo que no se contó queda como en los libros.',
  'counts.effectSince': {
    one: '{n} línea se ha movido desde que se contó: elíjala para ver cuánto.',
    other: '{n} líneas se han movido desde que se contaron: elija una para ver cuánto.',
  },
  'counts.exportName': 'recuento',
  'counts.far': 'Grande',
  'counts.near': 'Pequeña',
  'counts.finishAsk': '¿Terminar el recuento?',
  'counts.finishContested': {
    one: '{n} artículo lo contaron distinto dos personas. Vale lo último.',
    other: '{n} artículos los contaron distinto dos personas. Vale lo último.',
  },
  'counts.finishFar': {
    one: '{n} línea está lejos de los libros: {names}. Mire otra vez, o termine así: entonces la aprueba otra persona.',
    other:
      '{n} líneas están lejos de los libros: {names}. Mire otra vez, o termine así: entonces las aprueba otra persona.',
  },
  'counts.finishMissing': {
    one: '{n} artículo de la lista no está contado. Queda como en los libros.',
    other: '{n} artículos de la lista no están contados. Quedan como en los libros.',
  },
  'counts.finishNow': 'Terminar',
  'counts.finishOffline':
    'Está sin red y {names} también cuenta. Lo que no ha llegado a este equipo ya no se acepta cuando el recuento esté juzgado: termine cuando ambos tengan red.',
  'counts.finishOthers': '{names} también cuenta: termine cuando haya acabado.',
  'counts.fullHelp': 'Todo lo de la sede, o de una zona.',
  'counts.goOn': 'Seguir contando',
  'counts.howItWent': 'Cómo fue',
  'counts.isBlind': 'A ciegas: lo que dicen los libros se muestra después, a quien aprueba.',
  'counts.isOpenBook': 'Lo que dicen los libros está junto a cada línea.',
  'counts.isRecount':
    'Las diferencias de otro recuento, contadas otra vez. Mejor por otra persona que la primera vez.',
  'counts.keyBack': 'Borrar la última cifra',
  'counts.keyPoint': 'Punto decimal',
  'counts.keypad': 'Teclado grande',
  'counts.laterHolds':
    'Vale lo último mientras usted no diga otra cosa: {quantity} {unit}, {who}. No se suman.',
  'counts.late': {
    one: '{n} línea contada en este equipo llegó cuando el recuento ya estaba juzgado y no está en él: {names}. Cuéntela en un recuento nuevo y descártela en',
    other:
      '{n} líneas contadas en este equipo llegaron cuando el recuento ya estaba juzgado y no están en él: {names}. Cuéntelas en un recuento nuevo y descártelas en',
  },
  'counts.linesN': { one: '{n} línea', other: '{n} líneas' },
  'counts.linesOnly': { one: '{n} línea', other: '{n} líneas' },
  'counts.linesPerMinute': {
    one: '{n} línea, {pace} por minuto',
    other: '{n} líneas, {pace} por minuto',
  },
  'counts.lookedAgain': 'contado otra vez',
  'counts.movements': 'Lo registrado',
  'counts.no': 'N.º',
  'counts.noBin': 'sin lugar',
  'counts.noMovements': 'No se registró nada de esto en esta sede.',
  'counts.open': 'sin contar',
  'counts.original': 'Recuento de {who}',
  'counts.pace': 'Ritmo',
  'counts.paceChart': 'Líneas en el tiempo',
  'counts.paceHelp': 'Las pausas de más de dos minutos no cuentan.',
  'counts.pacePerLine': 'Por línea',
  'counts.paceWords': {
    one: '{n} línea, {pace} por línea',
    other: '{n} líneas, {pace} por línea, a lo largo del tiempo',
  },
  'counts.people': 'Quién ha contado qué',
  'counts.percent': '{value} %',
  'counts.personLast': 'lo último: {item},',
  'counts.personLines': { one: '{n} línea, {aisles};', other: '{n} líneas, {aisles};' },
  'counts.plan': 'Lo que hay que contar',
  'counts.planEmpty': 'En esta zona no se guarda nada.',
  'counts.planN': { one: '{n} línea por contar', other: '{n} líneas por contar' },
  'counts.print': 'Imprimir hoja',
  'counts.recountOf': 'Contado otra vez por {who}',
  'counts.recountOpen': 'Seguir con mi recuento',
  'counts.recountStart': 'Contar otra vez las diferencias',
  'counts.recounted': 'Otra vez',
  'counts.saw': '{who}: {quantity} {unit} a las {time}',
  'counts.scanPace': 'Por lectura, en este equipo',
  'counts.scansHere': { one: '{n} lectura', other: '{n} lecturas' },
  'counts.seconds': '{value} s',
  'counts.seen': 'Contado ({n})',
  'counts.sendBack': 'Devolver para recontar',
  'counts.sentBack': 'Devuelto: sus diferencias se cuentan otra vez. Guardado en este equipo.',
  'counts.sentBackBy':
    '{who} quiere que las diferencias se cuenten otra vez. Este recuento sigue en revisión hasta entonces.',
  'counts.sentBackHelp': 'Sus diferencias se cuentan otra vez',
  'counts.sentBackShort': 'Recontar',
  'counts.settled': '{item}: {quantity} {unit}. Guardado en este equipo.',
  'counts.sheetBy': 'Contado por: ______________________   Fecha y hora: ______________________',
  'counts.sheetFrom': { one: 'Según {time}, {n} línea', other: 'Según {time}, {n} líneas' },
  'counts.sheetHelp':
    'Anote lo que hay, también cero. Cuando los equipos funcionen, lea el código y escriba los números en este orden. Primero este recuento, y después lo usado o recibido tras él.',
  'counts.sheetQr': 'Leer para escribir',
  'counts.show': 'Mostrar',
  'counts.skip': 'Saltar',
  'counts.somebody': 'Alguien',
  'counts.takeBoth': 'Están en dos sitios: {quantity}',
  'counts.takeOne': '{quantity} ({who})',
  'counts.time': 'Hora',
  'counts.todo': 'Por contar ({n})',
  'counts.together': 'Contar juntos',
  'counts.togetherHelp':
    'Lea este código en otro equipo: allí se abre el mismo recuento y cada uno cuenta su parte. Las líneas de todos se juntan solas.',
  'counts.togetherOffline':
    'El otro equipo debe haber recibido este recuento por la red una vez. Después ambos pueden estar sin red.',
  'counts.unknown':
    'Este recuento aún no ha llegado a este equipo. Llega con la próxima sincronización; mientras tanto puede empezar uno propio para su zona.',
  'counts.value': 'Valor',
  'counts.verdictFar': {
    one: '{n} línea difiere en más de una unidad y del dos por ciento: aprueba alguien que no contó.',
    other:
      '{n} líneas difieren en más de una unidad y del dos por ciento: aprueba alguien que no contó.',
  },
  'counts.verdictFits':
    'Cada línea está a una unidad o al dos por ciento de los libros, y todas las diferencias juntas valen {value}, no más de {limit}: el recuento se contabiliza solo.',
  'counts.verdictUnpriced': {
    one: '{n} línea que difiere no tiene precio: se juzga por la cantidad.',
    other: '{n} líneas que difieren no tienen precio: se juzgan por la cantidad.',
  },
  'counts.verdictValue':
    'Las diferencias valen {value} juntas, más de {limit}: aprueba alguien que no contó.',
  'counts.walk': 'Uno tras otro',
  'counts.wholeList': 'Todo ({n})',
  'counts.wholeSite': 'Toda la sede',
  'counts.why': 'Por qué puede diferir',
  'counts.whyHelp': 'Solo indicios. La razón está en los papeles, en el estante y en las entregas.',
  'counts.whyNumbers': 'Se contaron {counted} {unit} el {time}; los libros tenían {expected}.',
  'counts.you': 'Usted',
  'counts.zone': 'Zona',
  'counts.zoneHelp': 'Pasillos o lugares; varias personas pueden tomar uno cada una.',
  'counts.zoneIs': 'Zona {zone}',
  'counts.zoneLong': 'Demasiados nombres. Elija pasillos enteros.',
  'counts.zoneNothing': 'No hay tal lugar.',
  'counts.zoneOption': '{zone} ({n})',
} as const satisfies Record<keyof typeof COUNTS_EN, Message>;
