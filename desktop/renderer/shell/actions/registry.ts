import type { Language } from '#shared/i18n/format.ts';
import type { T } from '../../ui/i18n.tsx';
import { LANGUAGE_NAMES } from '../../ui/i18n.tsx';
import { ADMIN_KEYS, ADMIN_PARTS, adminParts } from '../admin-rights.ts';
import { helpFor } from '../help/help-names.ts';
import type { ProfileAction } from '../profile/profile-actions.tsx';
import type { Session } from '../session.tsx';
import type { Keys } from './keys.ts';

/** The order of the sheet of keys and of Ctrl+K. */
export const ACTION_GROUPS = ['make', 'go', 'data', 'window', 'account'] as const;
export type ActionGroup = (typeof ACTION_GROUPS)[number];

/** What the words of an action can depend on. */
export interface LooksNow {
  readonly dark: boolean;
  /** The language that the screen is not in. */
  readonly other: Language;
}

/** What actions can do. */
export interface ActionTools {
  /** Goes to an address of the window, for example `/counts?start=true`. */
  readonly goTo: (address: string) => void;
  /** Where the window is. */
  readonly pathname: () => string;
  readonly show: (what: 'palette' | 'keys') => void;
  readonly syncNow: () => void;
  readonly newWindow: () => void;
  readonly copyLink: () => void;
  readonly toggleNotifications: () => void;
  readonly nextSite: () => void;
  readonly toggleRail: () => void;
  readonly toggleScheme: () => void;
  readonly setLanguage: (language: Language) => void;
  readonly profile: (id: ProfileAction['id']) => void;
  readonly signOut: () => void;
}

/** Something that a person can do from anywhere: it has a key, and stands in Ctrl+K and on the sheet. */
export interface ActionDefinition {
  readonly id: string;
  /** Holds in fields as well, so that a hand on the keyboard never needs the mouse. */
  readonly keys: Keys;
  /** Other keys that do the same outside of fields. */
  readonly also?: Keys;
  readonly group: ActionGroup;
  readonly title: (t: T, now: LooksNow) => string;
  /** For whom it is there; absent: for everybody. */
  readonly when?: (session: Pick<Session, 'may' | 'mayRow' | 'holds'>) => boolean;
  readonly run: (tools: ActionTools, now: LooksNow) => void;
}

/**
 * Every action of the suite that is not bound to one page; the places of the rail are added by their
 * order (`placeKey`), the keys of pages stand in `page-keys.ts`.
 */
export const ACTIONS: readonly ActionDefinition[] = [
  {
    id: 'receive',
    keys: 'alt+R',
    group: 'make',
    title: (t) => t('receive.title'),
    when: ({ may }) => may('stock_acts', 'create', { kind: 'receive' }),
    run: ({ goTo }) => goTo('/inventory/receive'),
  },
  {
    id: 'count',
    keys: 'alt+C',
    group: 'make',
    title: (t) => t('counts.start'),
    when: ({ may }) => may('count_sessions', 'create'),
    run: ({ goTo }) => goTo('/counts?start=true'),
  },
  {
    id: 'order',
    keys: 'alt+O',
    group: 'make',
    title: (t) => t('orders.make'),
    when: ({ may }) => may('purchase_orders', 'create', { status: 'draft' }),
    run: ({ goTo }) => goTo('/orders?make=true'),
  },
  {
    id: 'reorder',
    keys: 'alt+S',
    group: 'go',
    title: (t) => t('reorder.title'),
    when: ({ may }) => may('purchase_orders', 'read'),
    run: ({ goTo }) => goTo('/orders/reorder'),
  },
  {
    id: 'walk-in',
    keys: 'alt+W',
    group: 'make',
    title: (t) => t('walkIn.title'),
    when: ({ may }) => may('patients', 'create'),
    run: ({ goTo }) => goTo('/visits/walk-in'),
  },
  {
    id: 'import-patients',
    keys: 'alt+shift+I',
    group: 'make',
    title: (t) => t('patientImport.title'),
    when: ({ may }) => may('patients', 'create'),
    run: ({ goTo }) => goTo('/patients/import'),
  },
  {
    id: 'new-item',
    keys: 'alt+N',
    group: 'make',
    title: (t) => t('catalog.new'),
    when: ({ may }) => may('inventory_items', 'create'),
    run: ({ goTo }) => goTo('/inventory/new'),
  },
  {
    id: 'import-items',
    keys: 'alt+I',
    group: 'make',
    title: (t) => t('import.title'),
    when: ({ may }) => may('inventory_items', 'create'),
    run: ({ goTo }) => goTo('/inventory/import'),
  },
  {
    id: 'emergency',
    keys: 'alt+E',
    group: 'go',
    title: (t) => t('safety.card'),
    when: ({ may }) => may('sds_documents', 'read'),
    run: ({ goTo }) => goTo('/inventory/safety'),
  },
  {
    id: 'missing-sheets',
    keys: 'alt+shift+E',
    group: 'go',
    title: (t) => t('safety.goMissing'),
    when: ({ may }) => may('sds_documents', 'create'),
    run: ({ goTo }) => goTo('/inventory/safety?incomplete=true'),
  },
  {
    id: 'levels',
    keys: 'alt+B',
    group: 'go',
    title: (t) => t('levels.title'),
    when: ({ may }) => may('item_locations', 'read'),
    run: ({ goTo }) => goTo('/inventory/levels'),
  },
  {
    id: 'duplicates',
    keys: 'alt+shift+J',
    group: 'go',
    title: (t) => t('duplicates.title'),
    when: ({ may }) => may('item_merges', 'create'),
    run: ({ goTo }) => goTo('/inventory/duplicates'),
  },
  {
    id: 'vendors',
    keys: 'alt+shift+P',
    group: 'go',
    title: (t) => t('vendors.title'),
    when: ({ may }) => may('vendors', 'read'),
    run: ({ goTo }) => goTo('/vendors'),
  },
  {
    id: 'issue',
    keys: 'alt+G',
    group: 'make',
    title: (t) => t('take.title.issue'),
    when: ({ may }) =>
      may('stock_acts', 'create', { kind: 'issue' }) || may('patient_uses', 'create'),
    run: ({ goTo }) => goTo('/inventory/issue'),
  },
  {
    id: 'waste',
    keys: 'alt+shift+U',
    group: 'make',
    title: (t) => t('take.title.waste'),
    when: ({ may }) => may('stock_acts', 'create', { kind: 'waste' }),
    run: ({ goTo }) => goTo('/inventory/waste'),
  },
  {
    id: 'vials',
    keys: 'alt+shift+V',
    group: 'go',
    title: (t) => t('vials.title'),
    when: ({ may }) => may('vial_acts', 'read'),
    run: ({ goTo }) => goTo('/inventory/vials'),
  },
  {
    id: 'samples',
    keys: 'alt+shift+M',
    group: 'go',
    title: (t) => t('samples.title'),
    when: ({ may }) => may('sample_log', 'create') || may('sample_log', 'read'),
    run: ({ goTo }) => goTo('/inventory/samples'),
  },
  {
    id: 'transfers',
    keys: 'alt+T',
    group: 'go',
    title: (t) => t('transfers.title'),
    when: ({ may }) => may('transfers', 'read'),
    run: ({ goTo }) => goTo('/inventory/transfers'),
  },
  {
    id: 'alerts',
    keys: 'alt+L',
    group: 'go',
    title: (t) => t('alerts.title'),
    when: ({ may }) => may('stock_movements', 'read'),
    run: ({ goTo }) => goTo('/inventory/alerts'),
  },
  {
    id: 'expiry',
    keys: 'alt+X',
    group: 'go',
    title: (t) => t('expiry.title'),
    when: ({ may }) => may('stock_movements', 'read'),
    run: ({ goTo }) => goTo('/inventory/expiry'),
  },
  {
    id: 'lots',
    keys: 'alt+Q',
    group: 'go',
    title: (t) => t('lots.title'),
    when: ({ may }) => may('inventory_lots', 'read'),
    run: ({ goTo }) => goTo('/inventory/lots'),
  },
  {
    id: 'unmatched',
    keys: 'alt+U',
    group: 'go',
    title: (t) => t('unmatched.title'),
    when: ({ may }) => may('unmatched_scans', 'read'),
    run: ({ goTo }) => goTo('/inventory/unmatched'),
  },
  {
    id: 'palette',
    keys: 'mod+K',
    group: 'go',
    title: (t) => t('top.search'),
    run: ({ show }) => show('palette'),
  },
  {
    id: 'away',
    keys: 'mod+shift+A',
    group: 'go',
    title: (t) => t('away.title'),
    run: ({ goTo }) => goTo('/away'),
  },
  {
    id: 'sync-page',
    keys: 'mod+shift+S',
    group: 'go',
    title: (t) => t('sync.title'),
    run: ({ goTo }) => goTo('/sync'),
  },
  ...ADMIN_PARTS.map((part): ActionDefinition => ({
    id: `admin-${part}`,
    keys: ADMIN_KEYS[part],
    group: 'go',
    title: (t) => t('admin.goTo', { part: t(`admin.${part}`) }),
    when: (session) => adminParts(session).includes(part),
    run: ({ goTo }) => goTo(`/administration/${part}`),
  })),
  {
    id: 'sync',
    keys: 'alt+shift+S',
    group: 'data',
    title: (t) => t('sync.now'),
    run: ({ syncNow }) => syncNow(),
  },
  {
    id: 'profile-lock',
    keys: 'mod+L',
    group: 'account',
    title: (t) => t('device.lock'),
    run: ({ profile }) => profile('lock'),
  },
  {
    id: 'profile-keys',
    keys: 'alt+shift+K',
    group: 'data',
    title: (t) => t('keys.title'),
    run: ({ profile }) => profile('keys'),
  },
  {
    id: 'profile-factor',
    keys: 'alt+shift+F',
    group: 'account',
    title: (t) => t('factor.title'),
    run: ({ profile }) => profile('factor'),
  },
  {
    id: 'profile-backup',
    keys: 'alt+shift+B',
    group: 'data',
    title: (t) => t('device.backup').replace(/…$/, ''),
    run: ({ profile }) => profile('backup'),
  },
  {
    id: 'profile-restore',
    keys: 'alt+shift+O',
    group: 'data',
    title: (t) => t('device.restore').replace(/…$/, ''),
    run: ({ profile }) => profile('restore'),
  },
  {
    id: 'profile-wipe',
    keys: 'alt+shift+W',
    group: 'data',
    title: (t) => t('device.wipe').replace(/…$/, ''),
    run: ({ profile }) => profile('wipe'),
  },
  {
    id: 'help',
    keys: 'F1',
    group: 'window',
    title: (t) => t('help.open'),
    run: ({ goTo, pathname }) => goTo(`/help/${helpFor(pathname())}`),
  },
  {
    id: 'keys',
    keys: 'mod+/',
    also: '?',
    group: 'window',
    title: (t) => t('shortcuts.title'),
    run: ({ show }) => show('keys'),
  },
  {
    id: 'window',
    keys: 'mod+shift+N',
    group: 'window',
    title: (t) => t('shortcuts.newWindow'),
    run: ({ newWindow }) => newWindow(),
  },
  {
    id: 'link',
    keys: 'mod+shift+C',
    group: 'window',
    title: (t) => t('links.copy'),
    run: ({ copyLink }) => copyLink(),
  },
  {
    id: 'notifications',
    keys: 'alt+shift+N',
    group: 'window',
    title: (t) => t('desk.notifications'),
    run: ({ toggleNotifications }) => toggleNotifications(),
  },
  {
    id: 'site',
    keys: 'mod+shift+L',
    group: 'window',
    title: (t) => t('shortcuts.nextSite'),
    run: ({ nextSite }) => nextSite(),
  },
  {
    id: 'rail',
    keys: 'mod+B',
    group: 'window',
    title: (t) => t('shortcuts.rail'),
    run: ({ toggleRail }) => toggleRail(),
  },
  {
    id: 'scheme',
    keys: 'alt+shift+D',
    group: 'window',
    title: (t, { dark }) => t(dark ? 'palette.light' : 'palette.dark'),
    run: ({ toggleScheme }) => toggleScheme(),
  },
  {
    id: 'language',
    keys: 'alt+shift+L',
    group: 'window',
    title: (t, { other }) => t('palette.language', { language: LANGUAGE_NAMES[other] }),
    run: ({ setLanguage }, { other }) => setLanguage(other),
  },
  {
    id: 'sign-out',
    keys: 'alt+shift+Q',
    group: 'account',
    title: (t) => t('user.signOut'),
    run: ({ signOut }) => signOut(),
  },
];
