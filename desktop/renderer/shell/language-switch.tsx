import { Button } from '@mantine/core';
import { LANGUAGES } from '#shared/i18n/format.ts';
import { LANGUAGE_NAMES, useI18n } from '../ui/i18n.tsx';

/** Changes to the other language; its name is written in itself. */
export function LanguageSwitch() {
  const { language, setLanguage } = useI18n();
  const other = LANGUAGES.find((name) => name !== language) ?? language;
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      lang={other}
      onClick={() => setLanguage(other)}
      data-testid="language-switch"
    >
      {LANGUAGE_NAMES[other]}
    </Button>
  );
}
