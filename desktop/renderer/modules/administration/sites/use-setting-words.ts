import { SETTINGS } from '#shared/access/settings.ts';
import type { SettingKey } from '#shared/access/settings.ts';
import { useI18n } from '../../../ui/i18n.tsx';

/** The value of a setting as people write it. */
export function useSettingWords(): (key: SettingKey, value: unknown) => string {
  const { t, fmt } = useI18n();
  return (key, value) => {
    // What somebody put there by hand is shown as it is.
    if (typeof value !== 'number') return JSON.stringify(value) ?? '';
    return SETTINGS[key].kind === 'money' ? fmt.money(value) : t('settings.years', { n: value });
  };
}
