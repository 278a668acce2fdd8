import type { Messages } from './format.ts';

/** Counts: zones and lists, counting together, looking again, judging, the sheet on paper. */
export const COUNTS_EN = {
  'counts.accuracy': 'Accuracy',
  'counts.accuracyHelp': 'as near to the books as counting can be',
  'counts.again': 'Count again',
  'counts.againHelp':
    'One more look at this one. It begins at nothing and counts in place of what was seen before.',
  'counts.aisleDone': '{aisle}: {done} of {of}',
  'counts.aisles': 'Aisles',
  'counts.allDone': 'Everything on the list is counted.',
  'counts.alsoCounted':
    '{item}: {quantity} {unit}. {who} counted {theirs} at {time}: nothing is added up, the later one holds.',
  'counts.at': '{no} of {of}, {bin}',
  'counts.becomes': 'On-hand becomes {sum} {unit}: {counted} counted, {since} recorded after it.',
  'counts.beginSheet': 'Start and print sheet',
  'counts.bins': 'Bins',
  'counts.blind': 'Blind',
  'counts.blindChoice':
    'Who counts does not see what the books say, and neither does anybody else while the count is open.',
  'counts.blindHelp':
    'A blind count: what the books say is shown to those who approve and counted none of it, and to all once it is decided.',
  'counts.cause.lot': 'Lot {lot} differs by as much the other way: were they mixed up?',
  'counts.cause.movement':
    'As much was recorded before: {movement} {quantity}, {time}. Was it recorded twice, or not done?',
  'counts.cause.negative': 'The books were below zero: something that came in was not recorded.',
  'counts.cause.unit': 'The numbers agree if one of them is in packs: {unit} of {pieces}.',
  'counts.codeOf': 'Code of this count',
  'counts.contested': 'Two people counted it differently',
  'counts.contestedItem': '{item}: two people counted it differently',
  'counts.contestedLot': '{item}, lot {lot}: two people counted it differently',
  'counts.counting': 'Counting',
  'counts.effect':
    'If you approve, on-hand of each line is what was counted at that moment, plus what was recorded after it. What happened before and is recorded later changes nothing any more. Lines that were not counted stay as in the books.',
  'counts.effectSince': {
    one: '{n} line has moved since it was counted: choose it to see by how much.',
    other: '{n} lines have moved since they were counted: choose one to see by how much.',
  },
  'counts.exportName': 'count',
  'counts.far': 'Large',
  'counts.near': 'Small',
  'counts.finishAsk': 'Finish the count?',
  'counts.finishContested': {
    one: '{n} item was counted differently by two people. The later one holds.',
    other: '{n} items were counted differently by two people. The later ones hold.',
  },
  'counts.finishFar': {
    one: '{n} line is far from the books: {names}. Please look once more, or finish as it is: then somebody else approves it.',
    other:
      '{n} lines are far from the books: {names}. Please look once more, or finish as it is: then somebody else approves them.',
  },
  'counts.finishMissing': {
    one: '{n} item on the list is not counted. It stays as in the books.',
    other: '{n} items on the list are not counted. They stay as in the books.',
  },
  'counts.finishNow': 'Finish',
  'counts.finishOffline':
    'You are offline, and {names} counts as well. What has not reached this device is not taken any more once the count is judged: finish when both are back in the network.',
  'counts.finishOthers': '{names} counts as well: finish when they are done too.',
  'counts.fullHelp': 'Everything at the site, or in a zone of it.',
  'counts.goOn': 'Go on counting',
  'counts.howItWent': 'How it went',
  'counts.isBlind': 'Blind: what the books say is shown afterwards, to who approves.',
  'counts.isOpenBook': 'What the books say stands beside each line.',
  'counts.isRecount':
    'The differences of another count, counted again. Best by somebody else than the first time.',
  'counts.keyBack': 'Delete last digit',
  'counts.keyPoint': 'Decimal point',
  'counts.keypad': 'Keypad',
  'counts.laterHolds':
    'The later one holds until you say otherwise: {quantity} {unit}, {who}. They are not added up.',
  'counts.late': {
    one: '{n} line that was counted on this device came after the count had been judged, and is not in it: {names}. Count it again in a new count, and discard it under',
    other:
      '{n} lines that were counted on this device came after the count had been judged, and are not in it: {names}. Count them again in a new count, and discard them under',
  },
  'counts.linesN': { one: '{n} line', other: '{n} lines' },
  'counts.linesOnly': { one: '{n} line', other: '{n} lines' },
  'counts.linesPerMinute': {
    one: '{n} line, {pace} a minute',
    other: '{n} lines, {pace} a minute',
  },
  'counts.lookedAgain': 'counted again',
  'counts.movements': 'What was recorded',
  'counts.no': 'No.',
  'counts.noBin': 'no bin',
  'counts.noMovements': 'Nothing was recorded of it at this site.',
  'counts.open': 'not counted',
  'counts.original': 'Count by {who}',
  'counts.pace': 'Pace',
  'counts.paceChart': 'Lines over time',
  'counts.paceHelp': 'Breaks of more than two minutes are left out.',
  'counts.pacePerLine': 'Per line',
  'counts.paceWords': {
    one: '{n} line, {pace} a line',
    other: '{n} lines, {pace} a line, over time',
  },
  'counts.people': 'Who has counted what',
  'counts.percent': '{value} %',
  'counts.personLast': 'last: {item},',
  'counts.personLines': { one: '{n} line, {aisles};', other: '{n} lines, {aisles};' },
  'counts.plan': 'What there is to count',
  'counts.planEmpty': 'Nothing is kept in this zone.',
  'counts.planN': { one: '{n} line to count', other: '{n} lines to count' },
  'counts.print': 'Print sheet',
  'counts.recountOf': 'Counted again by {who}',
  'counts.recountOpen': 'Go on with my recount',
  'counts.recountStart': 'Count the differences again',
  'counts.recounted': 'Again',
  'counts.saw': '{who}: {quantity} {unit} at {time}',
  'counts.scanPace': 'Per scan, on this device',
  'counts.scansHere': { one: '{n} scan', other: '{n} scans' },
  'counts.seconds': '{value} s',
  'counts.seen': 'Counted ({n})',
  'counts.sendBack': 'Send back for recount',
  'counts.sentBack': 'Sent back: its differences are to be counted again. Saved on this device.',
  'counts.sentBackBy':
    '{who} wants the differences to be counted again. This count stays in review until that is done.',
  'counts.sentBackHelp': 'Its differences are to be counted again',
  'counts.sentBackShort': 'Recount',
  'counts.settled': '{item}: {quantity} {unit}. Saved on this device.',
  'counts.sheetBy': 'Counted by: ______________________   Date and time: ______________________',
  'counts.sheetFrom': { one: 'As of {time}, {n} line', other: 'As of {time}, {n} lines' },
  'counts.sheetHelp':
    'Write down what lies there, zero too. When the computers run again, scan the code and type the numbers in this order. Type this count first, and then what was used or received after it.',
  'counts.sheetQr': 'Scan to type in',
  'counts.show': 'Show',
  'counts.skip': 'Skip',
  'counts.somebody': 'Somebody',
  'counts.takeBoth': 'They lie in two places: {quantity}',
  'counts.takeOne': '{quantity} ({who})',
  'counts.time': 'Time',
  'counts.todo': 'To count ({n})',
  'counts.together': 'Count together',
  'counts.togetherHelp':
    'Scan this code on another device: the same count opens there, and everybody counts their part. The lines of all come together by themselves.',
  'counts.togetherOffline':
    'The other device must have got this count from the network once. After that, both may be offline.',
  'counts.unknown':
    'This count has not reached this device yet. It comes with the next sync; until then you can start a count of your own for your zone.',
  'counts.value': 'Value',
  'counts.verdictFar': {
    one: '{n} line differs by more than one unit and two per cent: somebody who did not count approves.',
    other:
      '{n} lines differ by more than one unit and two per cent: somebody who did not count approves.',
  },
  'counts.verdictFits':
    'Every line is within one unit or two per cent of the books, and all differences together are worth {value}, not more than {limit}: the count posts itself.',
  'counts.verdictUnpriced': {
    one: '{n} line that differs has no price: judged by its quantity.',
    other: '{n} lines that differ have no price: judged by their quantity.',
  },
  'counts.verdictValue':
    'The differences are worth {value} together, more than {limit}: somebody who did not count approves.',
  'counts.walk': 'One after the other',
  'counts.wholeList': 'All ({n})',
  'counts.wholeSite': 'The whole site',
  'counts.why': 'Why it may differ',
  'counts.whyHelp': 'Hints only. On paper, on the shelf and in deliveries is where the reason is.',
  'counts.whyNumbers': '{counted} {unit} were counted at {time}, where the books had {expected}.',
  'counts.you': 'You',
  'counts.zone': 'Zone',
  'counts.zoneHelp': 'Aisles or single bins; several people can take one each.',
  'counts.zoneIs': 'Zone {zone}',
  'counts.zoneLong': 'Too many names. Please choose whole aisles.',
  'counts.zoneNothing': 'No such bin.',
  'counts.zoneOption': '{zone} ({n})',
} as const satisfies Messages;
