import { Select } from '@mantine/core';
import { IconUsersPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { givableRoles, mayGive } from '#shared/access/administration.ts';
import { addDays, clinicDate, instantOf } from '#shared/kernel/dates.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Role } from '#shared/schema/roles.ts';
import { useSites } from '../../../shell/sites.tsx';
import { DateField } from '../../../ui/date-field.tsx';
import { roleWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { ActForm } from '../act-form.tsx';
import { useAdminActs, useOwnGrants } from '../use-admin.ts';
import type { Person } from './person.tsx';

const EVERYWHERE = 'all';

/** Gives a person a role at a site, from a day on and up to another or open. */
export function RoleDialog(props: { person: Person; done: () => void; close: () => void }) {
  const { person } = props;
  const { t, fmt, timeZone } = useI18n();
  const { byId } = useSites();
  const { userId, grants } = useOwnGrants();
  const { done } = useToasts();
  const { giveRole } = useAdminActs();
  const task = useTask();
  const [id] = useState(newId);
  const places = [
    { value: EVERYWHERE, label: t('admin.allSites') },
    ...[...byId.values()]
      .filter((site) => site.active)
      .map((site) => ({ value: site.id, label: site.name })),
  ].filter(({ value }) => givableRoles(grants, userId, siteOf(value)).length > 0);
  const [place, setPlace] = useState<string | null>(
    // A role everywhere is chosen on purpose, never by default.
    places.find(({ value }) => value !== EVERYWHERE)?.value ?? places[0]?.value ?? null,
  );
  const [role, setRole] = useState<Role | null>(null);
  const site = place === null ? undefined : byId.get(place);
  const zone = site?.time_zone ?? timeZone;
  const [opened] = useState(() => Date.now());
  const today = clinicDate(opened, zone);
  const [from, setFrom] = useState<string | null>(today);
  const [to, setTo] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const roles = place === null ? [] : givableRoles(grants, userId, siteOf(place));
  const giving =
    role === null || place === null
      ? null
      : mayGive(grants, userId, person.id, { role, locationId: siteOf(place) });
  const isBackwards = from !== null && to !== null && to < from;
  const save = async () => {
    setTried(true);
    if (role === null || place === null || from === null || isBackwards || giving === null) return;
    let state = 'given';
    const went = await task.run(async () => {
      const wish = { id, userId: person.id, role, locationId: siteOf(place) };
      const answer = await giveRole({
        ...wish,
        // The midnight before now is now to the server.
        from: instantOf(from, 0, zone),
        to: to === null ? null : instantOf(addDays(to, 1), 0, zone),
      });
      ({ state } = answer);
    });
    if (!went) return;
    const words = { name: person.name, role: roleWord(t, role) };
    done(t(state === 'waiting' ? 'people.proposed' : 'people.given', words));
    props.done();
    props.close();
  };
  return (
    <ActForm
      title={t('people.giveTitle', { name: person.name })}
      what={[t('people.giveWhat')]}
      act={t(giving === 'proposes' ? 'people.proposeDo' : 'people.giveDo')}
      task={task}
      submit={() => void save()}
      close={props.close}
      testId="role-dialog"
    >
      <Select
        label={t('people.site')}
        required
        allowDeselect={false}
        data={places}
        value={place}
        onChange={(next) => {
          setPlace(next);
          setRole(null);
        }}
        data-testid="role-site"
      />
      <Select
        data-autofocus
        label={t('people.role')}
        required
        allowDeselect={false}
        placeholder={t('people.chooseRole')}
        data={roles.map((one) => ({ value: one, label: roleWord(t, one) }))}
        value={role}
        onChange={(next) => setRole(next as Role | null)}
        error={tried && role === null ? t('form.required') : null}
        data-testid="role-role"
      />
      <DateField
        label={t('people.from')}
        value={from}
        onChange={setFrom}
        today={today}
        min={today}
        required
        help={t('people.fromHelp')}
        error={tried && from === null ? t('form.required') : null}
        testId="role-from"
      />
      <DateField
        label={t('people.lastDay')}
        value={to}
        onChange={setTo}
        today={today}
        min={today}
        help={t('people.lastDayHelp')}
        error={isBackwards ? t('people.backwards') : null}
        testId="role-to"
      />
      {role !== null && place !== null && from !== null && (
        <p className="g-dim" style={{ margin: 0 }} data-testid="role-summary">
          {t(to === null ? 'people.summaryOpen' : 'people.summary', {
            name: person.name,
            role: roleWord(t, role),
            site: site?.name ?? t('user.allSites'),
            from: fmt.date(from),
            to: to === null ? '' : fmt.date(to),
          })}
        </p>
      )}
      {giving === 'proposes' && (
        <Note tone="violet" icon={IconUsersPlus} testId="role-second">
          {t('people.needsSecond')}
        </Note>
      )}
    </ActForm>
  );
}

const siteOf = (place: string): string | null => (place === EVERYWHERE ? null : place);
