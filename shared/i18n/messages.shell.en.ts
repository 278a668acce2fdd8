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
} as const satisfies Messages;
