import type { Messages } from './format.ts';

/** Words of the frame: search and commands, keys. */
export const SHELL_EN = {
  'palette.placeholder': 'Type an item, a number or a command',
  'palette.nothing': 'Nothing found',
  'palette.goTo': 'Go to {place}',
  'palette.dark': 'Use dark colors',
  'palette.light': 'Use light colors',
  'palette.language': 'Change language to {language}',
  'palette.recent': 'Recent',
  'palette.actions': 'Commands',
  'palette.items': 'Items',
  'palette.review': 'Review: {name}',

  'shortcuts.title': 'Keyboard shortcuts',
  'shortcuts.open': 'Shortcuts',
  'shortcuts.group.make': 'Stock',
  'shortcuts.group.go': 'Go to',
  'shortcuts.group.data': 'Data on this device',
  'shortcuts.group.window': 'Window',
  'shortcuts.group.account': 'Account',
  'shortcuts.lists': 'In a list',
  'shortcuts.listMove': 'Move through the rows',
  'shortcuts.listType': 'Go to a row by its first letters',
  'shortcuts.closeNearest': 'Close what is open beside the list',
  'shortcuts.search': 'Search on this page',
  'shortcuts.label': 'Print a label of the item',
  'shortcuts.nextSite': 'Change to the next site',
  'shortcuts.rail': 'Show or hide the names of the modules',

  'offline.aged': '{words}. Data from {time}.',
  'sync.all': 'All about the state of your data',
  'sync.means.synced':
    'Everything that you entered is on the server, and everything that others did is here.',
  'sync.means.saved-here': 'What you entered is safe on this device and is about to be sent.',
  'sync.means.queued':
    'What you entered is safe on this device. It is sent at the next try, by itself.',
  'sync.means.syncing':
    'Your changes go to the server, and what others did comes here. You can keep working.',
  'sync.means.offline':
    'The server cannot be reached. You can keep working: what you enter is safe on this device and is sent by itself.',
  'sync.means.needs-you':
    'The server did not take some of your changes. They are kept on this device until you decide.',
  'sync.means.paused':
    'Nothing moves until you sign in again or the app is updated. What you entered is safe on this device.',
  'sync.means.failed':
    'Something keeps your data from moving. What you entered is safe on this device. If it stays so, tell IT the code below.',
  'sync.answered': 'Last answer of the server',
  'sync.nothingWaits': 'Nothing waits. What you enter offline is listed here until it is sent.',
  'sync.what': 'What',
  'sync.changed': 'Changed',
  'sync.since': 'Since',
  'sync.isNew': 'new',
  'sync.openChange': 'Open: {name}',
  'sync.more': { one: '{n} more change', other: '{n} more changes' },
  'sync.files': { one: '{n} file is still to be sent.', other: '{n} files are still to be sent.' },
  'sync.here': 'On this device',
  'sync.allHere': 'Everything that you may see is on this device.',
  'sync.parts': '{done} of {total} parts',
  'sync.isHere': 'here',
  'sync.comes': 'to come',
  'module.authorizations': 'Authorizations',
  'module.eos': 'Team meetings and goals',
  'module.handouts': 'Handouts',
  'module.inventory': 'Inventory',
  'module.kiosk': 'Kiosk and check-in',
  'module.pharma': 'Representatives and samples',
  'module.shared': 'People, sites and patients',
  'module.sync': 'Review and history',

  'shortcuts.newWindow': 'Open another window',
  'drafts.left': 'You left this half filled: {what}.',
  'drafts.leftForm': 'You left a form half filled.',
  'drafts.continue': 'Continue',
  'drafts.notNow': 'Not now',
} as const satisfies Messages;
