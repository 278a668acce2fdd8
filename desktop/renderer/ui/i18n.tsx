import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { CODES } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';
import { ERRORS_ES } from '#shared/i18n/errors.es.ts';
import { createTranslate, pickLanguage } from '#shared/i18n/format.ts';
import type { Language, Translate } from '#shared/i18n/format.ts';
import { createFormats } from '#shared/i18n/formats.ts';
import type { Formats } from '#shared/i18n/formats.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import { ES } from '#shared/i18n/messages.es.ts';
import { recall, remember } from './preferences.ts';

export type T = Translate<typeof EN>;

interface I18n {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  readonly t: T;
  readonly fmt: Formats;
  /** IANA name of the zone in which instants are shown. */
  readonly timeZone: string;
  /** The zone of the site that is being looked at. */
  readonly setTimeZone: (timeZone: string) => void;
  /** What an error code means, in words. */
  readonly say: (code: Code) => string;
}

/** Every code has Spanish words; a missing one does not compile. */
const SPANISH: Readonly<Record<Code, string>> = ERRORS_ES;

const Context = createContext<I18n | null>(null);

/** @param wish the language of the machine, used until the person chooses one */
export function I18nProvider(props: { wish: string | null; children: ReactNode }) {
  const [language, choose] = useState<Language>(() =>
    pickLanguage([recall('language'), props.wish, navigator.language]),
  );
  const [timeZone, setTimeZone] = useState(
    () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  );
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const value = useMemo<I18n>(
    () => ({
      language,
      setLanguage: (next) => {
        remember('language', next);
        choose(next);
      },
      t: createTranslate<typeof EN>(language, language === 'es' ? ES : EN),
      fmt: createFormats(language, timeZone),
      timeZone,
      setTimeZone,
      say: (code) => (language === 'es' ? SPANISH[code] : CODES[code].say),
    }),
    [language, timeZone],
  );
  return <Context value={value}>{props.children}</Context>;
}

/** Words, formats and language. @throws Error outside of an `I18nProvider` */
export function useI18n(): I18n {
  const value = useContext(Context);
  if (!value) throw new Error('useI18n needs an I18nProvider around it');
  return value;
}

/** The name of each language in itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', es: 'Español' };
