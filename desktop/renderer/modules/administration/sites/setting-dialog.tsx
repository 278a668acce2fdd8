import { Button, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { SETTINGS } from '#shared/access/settings.ts';
import type { SettingKey } from '#shared/access/settings.ts';
import { clinicDate, instantOf } from '#shared/kernel/dates.ts';
import { DateField } from '../../../ui/date-field.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { MoneyInput } from '../../../ui/money-input.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { AdminError } from '../admin-error.tsx';
import { useAdminActs } from '../use-admin.ts';
import type { Place } from './site.ts';
import { useSettingWords } from './use-setting-words.ts';

/** A new value, and the day from which it holds: midnight of the site, or now when that is today. */
export function SettingDialog(props: { settingKey: SettingKey; place: Place; close: () => void }) {
  const { settingKey: key, place } = props;
  const { t, fmt, timeZone } = useI18n();
  const { done } = useToasts();
  const { setSetting } = useAdminActs();
  const words = useSettingWords();
  const task = useTask();
  const zone = place.site?.time_zone ?? timeZone;
  const [today] = useState(() => clinicDate(Date.now(), zone));
  const [value, setValue] = useState<number | null>(null);
  const [day, setDay] = useState<string | null>(today);
  const { kind, least, most } = SETTINGS[key];
  const [tried, setTried] = useState(false);
  const isOutside = value !== null && (value < least || value > most);
  // A field takes what is typed when it is left, so the button waits for no value: it asks for one.
  const problem = !tried
    ? null
    : isOutside
      ? limitsWords()
      : value === null
        ? t('form.required')
        : null;
  const name = t(`settings.key.${key}`);
  const save = async () => {
    setTried(true);
    if (value === null || day === null || isOutside) return;
    // The midnight before now is now to the server: nothing holds from an earlier instant.
    const from = instantOf(day, 0, zone);
    const went = await task.run(async () => {
      await setSetting({ key, locationId: place.site?.id ?? null, value, from });
    });
    if (!went) return;
    done(t('settings.saved', { setting: name, value: words(key, value), date: fmt.date(day) }));
    props.close();
  };
  return (
    <Dialog
      title={t('settings.changeTitle', { setting: name })}
      close={props.close}
      busy={task.busy}
      testId="setting-dialog"
    >
      <form
        className="g-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p className="g-dim" style={{ margin: 0 }}>
          {place.name}. {t(`settings.help.${key}`)}
        </p>
        {kind === 'money' ? (
          <MoneyInput
            label={t('settings.value')}
            value={value}
            onChange={setValue}
            min={least}
            max={most}
            required
            help={limitsWords()}
            error={problem}
            testId="setting-value"
          />
        ) : (
          <NumberInput
            label={t('settings.value')}
            description={limitsWords()}
            error={problem}
            value={value ?? ''}
            onChange={(entered) => setValue(typeof entered === 'number' ? entered : null)}
            min={least}
            max={most}
            allowDecimal={false}
            required
            data-testid="setting-value"
          />
        )}
        <DateField
          label={t('settings.from')}
          value={day}
          onChange={setDay}
          today={today}
          min={today}
          required
          help={t('settings.fromHelp')}
          testId="setting-from"
        />
        {task.error && <AdminError error={task.error} />}
        <div className="g-row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={props.close} disabled={task.busy}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={task.busy} data-testid="setting-save">
            {t('settings.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );

  function limitsWords(): string {
    const [from, to] = [words(key, least), words(key, most)];
    return `${t('settings.least', { value: from })}. ${t('settings.most', { value: to })}.`;
  }
}
