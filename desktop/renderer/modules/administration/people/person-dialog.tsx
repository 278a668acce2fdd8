import { Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { PersonView } from '#shared/ipc/administration.ts';
import { newId } from '#shared/kernel/ids.ts';
import { TABLES } from '#shared/schema/tables.ts';
import { useSites } from '../../../shell/sites.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { ActForm } from '../act-form.tsx';
import { useAdminActs } from '../use-admin.ts';

const LIKE_AN_ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const BELOW: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];

/** Invites a person, or changes who they are here. */
export function PersonDialog(props: {
  /** Absent: a new one. */
  person?: {
    readonly id: string;
    readonly name: string;
    readonly homeId: string | null;
    readonly told: PersonView;
  };
  /** What was made or changed is known to the server now. */
  done: (id: string) => void;
  close: () => void;
}) {
  const { person } = props;
  const { t } = useI18n();
  const { byId } = useSites();
  const { done } = useToasts();
  const { invitePerson, editPerson } = useAdminActs();
  const task = useTask();
  const [id] = useState(() => person?.id ?? newId());
  const [name, setName] = useState(person?.name ?? '');
  const [email, setEmail] = useState(person?.told.email ?? '');
  const [homeId, setHomeId] = useState<string | null>(person?.homeId ?? null);
  const [mfaRequired, setMfa] = useState(person?.told.mfaRequired ?? false);
  const [tried, setTried] = useState(false);
  const isNamed = TABLES.users.fields.display_name.zod.safeParse(name.trim()).success;
  const isReachable = person !== undefined || LIKE_AN_ADDRESS.test(email.trim());
  const sites = [...byId.values()]
    .filter((site) => site.active)
    .map((site) => ({ value: site.id, label: site.name }));
  const save = async () => {
    setTried(true);
    if (!isNamed || !isReachable) return;
    const fields = { name: name.trim(), homeLocationId: homeId, mfaRequired };
    const went = await task.run(async () => {
      if (person) await editPerson({ userId: id, ...fields });
      else await invitePerson({ id, email: email.trim().toLowerCase(), ...fields });
    });
    if (!went) return;
    done(t(person ? 'people.edited' : 'people.invited', { name: fields.name }));
    props.done(id);
    props.close();
  };
  return (
    <ActForm
      title={person ? t('people.editTitle', { name: person.name }) : t('people.inviteTitle')}
      what={person ? [] : [t('people.inviteWhat')]}
      act={t(person ? 'people.editDo' : 'people.inviteDo')}
      task={task}
      submit={() => void save()}
      close={props.close}
      testId="person-dialog"
    >
      <TextInput
        data-autofocus
        label={t('people.name')}
        required
        autoComplete="off"
        maxLength={120}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
        error={tried && !isNamed ? t('form.required') : null}
        data-testid="person-name"
      />
      {!person && (
        <TextInput
          label={t('people.email')}
          description={t('people.emailHelp')}
          inputWrapperOrder={BELOW}
          required
          type="email"
          autoComplete="off"
          maxLength={254}
          value={email}
          onChange={({ currentTarget }) => setEmail(currentTarget.value)}
          error={tried && !isReachable ? t('people.emailWrong') : null}
          data-testid="person-email"
        />
      )}
      <Select
        label={t('people.home')}
        description={t('people.homeHelp')}
        inputWrapperOrder={BELOW}
        clearable
        placeholder={t('admin.noSite')}
        data={sites}
        value={homeId}
        onChange={setHomeId}
        data-testid="person-home"
      />
      <Switch
        label={t('people.mfa')}
        description={t('people.mfaHelp')}
        checked={mfaRequired}
        onChange={({ currentTarget }) => setMfa(currentTarget.checked)}
        data-testid="person-mfa"
      />
    </ActForm>
  );
}
