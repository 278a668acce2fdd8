import { useHotkeys } from '@mantine/hooks';
import type { T } from '../../ui/i18n.tsx';
import { hotkey } from './keys.ts';
import type { Keys } from './keys.ts';

interface PageKey {
  /** The first one acts through `usePageKeys`; a page that listens by itself names all that it hears. */
  readonly keys: readonly Keys[];
  readonly title: (t: T) => string;
  /** True when it holds while somebody types in a field as well. */
  readonly inFields?: true;
}

export interface KeysOfPage {
  /** Addresses on which they hold; the sheet shows those of the current page first. */
  readonly path: string | null;
  readonly title: (t: T) => string;
  readonly keys: Readonly<Record<string, PageKey>>;
}

const CLOSE: PageKey = { keys: ['Escape'], title: (t) => t('shortcuts.closeNearest') };

/** Keys that hold on one page only. A page hears them by `usePageKeys`, so the sheet has them all. */
export const PAGE_KEYS = {
  inventory: {
    path: '/inventory',
    title: (t) => t('nav.inventory'),
    keys: {
      search: { keys: ['/'], title: (t) => t('shortcuts.search') },
      close: CLOSE,
    },
  },
  item: {
    path: '/inventory',
    title: (t) => t('inventory.item'),
    keys: { label: { keys: ['mod+P'], title: (t) => t('shortcuts.label'), inFields: true } },
  },
  newItem: {
    path: '/inventory/new',
    title: (t) => t('catalog.new'),
    keys: { finish: { keys: ['mod+Enter'], title: (t) => t('catalog.create'), inFields: true } },
  },
  levels: {
    path: '/inventory/levels',
    title: (t) => t('levels.title'),
    keys: {
      search: { keys: ['/'], title: (t) => t('shortcuts.search') },
      undo: { keys: ['mod+Z'], title: (t) => t('levels.undo') },
    },
  },
  lots: {
    path: '/inventory/lots',
    title: (t) => t('lots.title'),
    keys: { search: { keys: ['/'], title: (t) => t('shortcuts.search') } },
  },
  duplicates: {
    path: '/inventory/duplicates',
    title: (t) => t('duplicates.title'),
    keys: { close: CLOSE },
  },
  vendors: {
    path: '/vendors',
    title: (t) => t('vendors.title'),
    keys: { close: CLOSE },
  },
  vendor: {
    path: '/vendors',
    title: (t) => t('vendors.new'),
    keys: { finish: { keys: ['mod+Enter'], title: (t) => t('vendors.create'), inFields: true } },
  },
  importItems: {
    path: '/inventory/import',
    title: (t) => t('import.title'),
    keys: { run: { keys: ['mod+Enter'], title: (t) => t('import.title'), inFields: true } },
  },
  safety: {
    path: '/inventory/safety',
    title: (t) => t('safety.title'),
    keys: {
      search: { keys: ['/'], title: (t) => t('shortcuts.search') },
      close: { ...CLOSE, inFields: true },
    },
  },
  safetySheet: {
    path: '/inventory/safety',
    title: (t) => t('safety.new'),
    keys: { finish: { keys: ['mod+Enter'], title: (t) => t('safety.create'), inFields: true } },
  },
  receive: {
    path: '/inventory/receive',
    title: (t) => t('receive.title'),
    keys: { finish: { keys: ['mod+Enter'], title: (t) => t('receive.finish'), inFields: true } },
  },
  take: {
    path: '/inventory/issue',
    title: (t) => t('take.title.issue'),
    keys: { finish: { keys: ['mod+Enter'], title: (t) => t('take.finishKey'), inFields: true } },
  },
  vials: {
    path: '/inventory/vials',
    title: (t) => t('vials.title'),
    keys: {
      open: { keys: ['alt+V'], title: (t) => t('vials.open') },
      close: CLOSE,
    },
  },
  transfers: {
    path: '/inventory/transfers',
    title: (t) => t('transfers.title'),
    keys: { close: CLOSE },
  },
  alerts: {
    path: '/inventory/alerts',
    title: (t) => t('alerts.title'),
    keys: { close: CLOSE },
  },
  counts: {
    path: '/counts',
    title: (t) => t('counts.title'),
    keys: { close: CLOSE },
  },
  orders: {
    path: '/orders',
    title: (t) => t('nav.orders'),
    keys: { close: CLOSE },
  },
  order: {
    path: '/orders',
    title: (t) => t('orders.next'),
    keys: { next: { keys: ['mod+Enter'], title: (t) => t('orders.nextHelp'), inFields: true } },
  },
  reorder: {
    path: '/orders/reorder',
    title: (t) => t('reorder.title'),
    keys: { close: CLOSE },
  },
  counting: {
    path: '/counts',
    title: (t) => t('counts.counting'),
    keys: {
      finish: { keys: ['mod+Enter'], title: (t) => t('counts.submit'), inFields: true },
      walk: { keys: ['alt+J'], title: (t) => t('counts.walk'), inFields: true },
      skip: { keys: ['alt+M'], title: (t) => t('counts.skip'), inFields: true },
      keypad: { keys: ['alt+K'], title: (t) => t('counts.keypad'), inFields: true },
      print: { keys: ['alt+P'], title: (t) => t('counts.print'), inFields: true },
    },
  },
  countReview: {
    path: '/counts',
    title: (t) => t('countStatus.in_review'),
    keys: {
      approve: { keys: ['alt+A'], title: (t) => t('counts.approve'), inFields: true },
      sendBack: { keys: ['alt+H'], title: (t) => t('counts.sendBack'), inFields: true },
      recount: { keys: ['alt+F'], title: (t) => t('counts.recountStart'), inFields: true },
      void: { keys: ['alt+V'], title: (t) => t('counts.void'), inFields: true },
    },
  },
  unmatched: {
    path: '/inventory/unmatched',
    title: (t) => t('unmatched.title'),
    keys: { close: CLOSE },
  },
  unmatchedCode: {
    path: '/inventory/unmatched',
    title: (t) => t('unmatched.code'),
    keys: {
      save: { keys: ['mod+Enter'], title: (t) => t('unmatched.link'), inFields: true },
      dismiss: { keys: ['alt+D'], title: (t) => t('unmatched.dismiss'), inFields: true },
    },
  },
  review: {
    path: '/review',
    title: (t) => t('nav.review'),
    keys: {
      move: { keys: ['J', 'K', '↓', '↑'], title: (t) => t('keys.move') },
      choose: { keys: ['1', '2', '…'], title: (t) => t('keys.choose') },
      confirm: { keys: ['Enter'], title: (t) => t('keys.confirm') },
      undo: { keys: ['U'], title: (t) => t('keys.undo') },
    },
  },
  patients: {
    path: '/patients',
    title: (t) => t('nav.patients'),
    keys: {
      search: { keys: ['/'], title: (t) => t('patients.search') },
      close: CLOSE,
    },
  },
  visits: {
    path: '/visits',
    title: (t) => t('nav.visits'),
    keys: { close: CLOSE },
  },
  visit: {
    path: '/visits',
    title: (t) => t('visits.type'),
    keys: { arrived: { keys: ['alt+A'], title: (t) => t('visits.arrived'), inFields: true } },
  },
  walkIn: {
    path: '/visits/walk-in',
    title: (t) => t('walkIn.title'),
    keys: { finish: { keys: ['mod+Enter'], title: (t) => t('walkIn.finish'), inFields: true } },
  },
  importPatients: {
    path: '/patients/import',
    title: (t) => t('patientImport.title'),
    keys: { close: CLOSE },
  },
  administration: {
    path: '/administration',
    title: (t) => t('nav.administration'),
    keys: { close: CLOSE },
  },
  /** Heard by every `DataTable` (`ui/use-grid.ts`). */
  lists: {
    path: null,
    title: (t) => t('shortcuts.lists'),
    keys: {
      move: { keys: ['↓', '↑', 'Home', 'End'], title: (t) => t('shortcuts.listMove') },
      open: { keys: ['Enter'], title: (t) => t('common.open') },
      select: { keys: ['Space'], title: (t) => t('grid.select') },
      type: { keys: ['A', '…', 'Z'], title: (t) => t('shortcuts.listType') },
    },
  },
} as const satisfies Readonly<Record<string, KeysOfPage>>;

export type PageName = keyof typeof PAGE_KEYS;

/**
 * The keys of pages: those of the page at hand with what holds in every list, and those of all others.
 * @param path address of the window
 */
export function pageKeysFor(path: string): {
  readonly here: readonly KeysOfPage[];
  readonly elsewhere: readonly KeysOfPage[];
} {
  const all: readonly KeysOfPage[] = Object.values(PAGE_KEYS);
  const here = [
    ...all.filter((page) => page.path === path),
    ...all.filter((page) => page.path === null),
  ];
  return { here, elsewhere: all.filter((page) => !here.includes(page)) };
}

/**
 * Listens to the keys of a page while it is shown.
 * @param run what each of them does; null: the page does not offer it now
 */
export function usePageKeys<N extends PageName>(
  page: N,
  run: Readonly<Record<keyof (typeof PAGE_KEYS)[N]['keys'], (() => void) | null>>,
): void {
  const { keys }: KeysOfPage = PAGE_KEYS[page];
  const offered = Object.entries(keys).flatMap(
    ([
      name,
      {
        keys: [first],
        inFields,
      },
    ]) => {
      const act = run[name as keyof typeof run];
      return act && first !== undefined ? [{ item: hotkey(first, onPage(act)), inFields }] : [];
    },
  );
  const items = (wanted: boolean) =>
    offered.filter(({ inFields = false }) => inFields === wanted).map(({ item }) => item);
  useHotkeys(items(false));
  useHotkeys(items(true), []);
}

/** Esc closes the nearest thing: what is pressed in a menu or a panel above the page is not the page's. */
const onPage = (act: () => void) => (event: KeyboardEvent) => {
  const isAbove =
    event.target instanceof Element && event.target.closest('[role="dialog"], [role="menu"]');
  if (event.key !== 'Escape' || !isAbove) act();
};
