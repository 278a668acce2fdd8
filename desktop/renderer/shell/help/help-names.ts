import type { Language } from '#shared/i18n/format.ts';
import { HELP_EN } from '#shared/i18n/help.en.ts';
import type { HelpName, HelpPage } from '#shared/i18n/help.en.ts';
import { HELP_ES } from '#shared/i18n/help.es.ts';

export const HELP_NAMES = Object.keys(HELP_EN) as HelpName[];

/** Which page of help an address has; the first that fits counts. */
const HELP_OF: readonly (readonly [prefix: string, name: HelpName])[] = [
  ['/inventory', 'inventory'],
  ['/counts', 'counts'],
  ['/orders', 'orders'],
  ['/review', 'review'],
  ['/administration', 'administration'],
  ['/sync', 'sync'],
  ['/patients', 'patients'],
  ['/visits', 'patients'],
];

export const isHelpName = (name: string): name is HelpName =>
  (HELP_NAMES as readonly string[]).includes(name);

/** The page of help for an address of the window. */
export const helpFor = (pathname: string): HelpName =>
  HELP_OF.find(([prefix]) => pathname === prefix || pathname.startsWith(`${prefix}/`))?.[1] ??
  'start';

export const helpIn = (language: Language): Readonly<Record<HelpName, HelpPage>> =>
  language === 'es' ? HELP_ES : HELP_EN;
