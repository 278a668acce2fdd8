import { Radio } from '@mantine/core';
import { useState } from 'react';
import { addDays, clinicDate, instantOf } from '#shared/kernel/dates.ts';
import { useSites } from '../../../shell/sites.tsx';
import { DateField } from '../../../ui/date-field.tsx';
import { roleWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { ActForm } from '../act-form.tsx';
import { useAdminActs } from '../use-admin.ts';
import type { Grant, Person } from './person.tsx';

/** Lets a role end, now or after a day. */
export function EndRoleDialog(props: { person: Person; grant: Grant; close: () => void }) {
  const { person, grant } = props;
  const { t, fmt, timeZone } = useI18n();
  const { byId } = useSites();
  const { done } = useToasts();
  const { endRole } = useAdminActs();
  const task = useTask();
  const site = grant.location_id === null ? undefined : byId.get(grant.location_id);
  const zone = site?.time_zone ?? timeZone;
  const [opened] = useState(() => Date.now());
  const today = clinicDate(opened, zone);
  const [when, setWhen] = useState('now');
  const [day, setDay] = useState<string | null>(today);
  const role = roleWord(t, grant.role);
  const words = { name: person.name, role, site: site?.name ?? t('user.allSites') };
  const end = async () => {
    if (when === 'day' && day === null) return;
    const at = when === 'now' || day === null ? 0 : instantOf(addDays(day, 1), 0, zone);
    const went = await task.run(async () => {
      await endRole({ grantId: grant.id, at });
    });
    if (!went) return;
    done(
      at === 0
        ? t('people.endedNow', words)
        : t('people.endsLater', { ...words, date: fmt.date(day ?? today) }),
    );
    props.close();
  };
  return (
    <ActForm
      title={t('people.endTitle', words)}
      what={[t('people.endWhat', words), t('people.effectData')]}
      act={t('people.endDo')}
      task={task}
      submit={() => void end()}
      close={props.close}
      isGrave
      testId="end-dialog"
    >
      <Radio.Group label={t('people.endWhen')} value={when} onChange={setWhen}>
        <div className="g-stack" style={{ gap: 8, marginTop: 8 }}>
          <Radio value="now" label={t('people.endNow')} data-testid="end-now" />
          <Radio value="day" label={t('people.endDay')} data-testid="end-day" />
        </div>
      </Radio.Group>
      {when === 'day' && (
        <DateField
          label={t('people.lastDay')}
          value={day}
          onChange={setDay}
          today={today}
          min={today}
          required
          error={day === null ? t('form.required') : null}
          testId="end-date"
        />
      )}
    </ActForm>
  );
}
