import { useState } from 'react';
import { SITE_FIELDS, siteFieldsOf } from '#shared/access/administration.ts';
import type { SiteField } from '#shared/access/administration.ts';
import { newId } from '#shared/kernel/ids.ts';
import { TABLES } from '#shared/schema/tables.ts';
import type { TableRow } from '#shared/schema/tables.ts';
import { FormField } from '../../../ui/form-field.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useForm } from '../../../ui/use-form.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { ActForm } from '../act-form.tsx';
import { useAdminActs, useOwnGrants } from '../use-admin.ts';

const FIELDS = Object.fromEntries(
  SITE_FIELDS.map((name) => [name, TABLES.locations.fields[name]]),
) as Readonly<Record<SiteField, (typeof TABLES.locations.fields)[SiteField]>>;

const WORDS = {
  code: 'settings.code',
  name: 'settings.siteName',
  time_zone: 'settings.zone',
  address: 'settings.address',
  phone: 'settings.phone',
  active: 'settings.active',
} as const satisfies Record<SiteField, string>;

/** Makes a site, or changes what of it is theirs to change. */
export function SiteDialog(props: {
  site: TableRow<'locations'> | null;
  done: (id: string) => void;
  close: () => void;
}) {
  const { site } = props;
  const { t, timeZone } = useI18n();
  const { grants } = useOwnGrants();
  const { done } = useToasts();
  const { saveSite } = useAdminActs();
  const task = useTask();
  const [id] = useState(() => site?.id ?? newId());
  const theirs = site ? siteFieldsOf(grants, site.id) : new Set(SITE_FIELDS);
  const form = useForm(FIELDS, {
    code: site?.code ?? null,
    name: site?.name ?? null,
    time_zone: site?.time_zone ?? timeZone,
    address: site?.address ?? null,
    phone: site?.phone ?? null,
    active: site?.active ?? true,
  });
  const text = (name: SiteField): string => String(form.values[name] ?? '').trim();
  const save = async () => {
    if (!form.check()) return;
    const went = await task.run(async () => {
      await saveSite({
        id,
        code: text('code'),
        name: text('name'),
        timeZone: text('time_zone'),
        address: text('address') || null,
        phone: text('phone') || null,
        active: form.values.active === true,
      });
    });
    if (!went) return;
    done(t(site ? 'settings.siteChanged' : 'settings.siteMade', { name: text('name') }));
    props.done(id);
    props.close();
  };
  return (
    <ActForm
      title={site ? t('settings.siteEdit', { name: site.name }) : t('settings.siteNew')}
      what={site ? [] : [t('settings.siteNewWhat')]}
      act={t(site ? 'settings.siteSave' : 'settings.siteNewDo')}
      task={task}
      submit={() => void save()}
      close={props.close}
      testId="site-dialog"
    >
      {SITE_FIELDS.map((name) => (
        <FormField
          key={name}
          {...form.bind(name)}
          label={t(WORDS[name])}
          today=""
          disabled={!theirs.has(name)}
          {...(theirs.has(name) ? {} : { help: t('settings.notTheirs') })}
          {...(name === 'time_zone' && theirs.has(name) ? { help: t('settings.zoneHelp') } : {})}
          {...(name === 'active' && theirs.has(name) ? { help: t('settings.activeHelp') } : {})}
          testId={`site-${name}`}
        />
      ))}
    </ActForm>
  );
}
