import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useEffect } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { FormField } from '../../../ui/form-field.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { FormSummary, useForm } from '../../../ui/use-form.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useTask } from '../../../ui/use-task.ts';
import { useVendorActs, useVendorList } from './use-vendors.ts';
import type { NewVendor } from './use-vendors.ts';
import { VENDOR_FIELDS, VENDOR_FIELD_NAMES, channelWords, vendorWord } from './vendor-fields.ts';
import type { VendorField } from './vendor-fields.ts';
import { PanelHead } from '../../../ui/panel-head.tsx';

const focusOn = (name: VendorField): void =>
  document.querySelector<HTMLElement>(`[data-testid="vendor-${name}"]`)?.focus();

/** A new vendor: one form, one button. */
export function NewVendorPanel(props: { close: () => void; made: (id: string) => void }) {
  const { t, timeZone } = useI18n();
  const { create } = useVendorActs();
  const { data: vendors } = useVendorList();
  const { done } = useToasts();
  const task = useTask();
  const today = clinicDate(useNow(60_000), timeZone);
  const form = useForm<VendorField>(VENDOR_FIELDS, {
    name: null,
    account_no: null,
    phone: null,
    email: null,
    website: null,
    order_channel: 'phone',
    free_shipping_cents: null,
    note: null,
  });
  useEffect(() => focusOn('name'), []);
  const { values } = form;
  const name = typeof values.name === 'string' ? values.name.trim() : '';
  const isThere =
    name !== '' && vendors?.some((one) => one.name.toLowerCase() === name.toLowerCase());

  const finish = async () => {
    if (!form.check()) return;
    if (isThere) return focusOn('name');
    const filled = Object.fromEntries(
      VENDOR_FIELD_NAMES.map((field) => {
        const value = values[field];
        return [field, typeof value === 'string' ? value.trim() || null : value];
      }),
    ) as unknown as NewVendor;
    let id = '';
    const isDone = await task.run(async () => {
      id = await create(filled);
    });
    if (!isDone) return;
    done(t('vendors.created', { vendor: name }));
    props.made(id);
  };
  usePageKeys('vendor', { finish: () => void finish() });
  return (
    <aside className="g-detail" aria-label={t('vendors.new')} data-testid="vendor-form">
      <PanelHead title={t('vendors.new')} close={props.close} />
      <form
        noValidate
        className="g-detail-body g-stack"
        onSubmit={(event) => {
          event.preventDefault();
          void finish();
        }}
      >
        {task.error && <ErrorNote error={task.error} />}
        <FormSummary
          form={form}
          fields={VENDOR_FIELDS}
          label={(field) => vendorWord(t, field)}
          focus={focusOn}
        />
        {VENDOR_FIELD_NAMES.map((field) => (
          <FormField
            key={field}
            {...form.bind(field)}
            label={vendorWord(t, field)}
            {...(field === 'order_channel' ? { words: channelWords(t) } : {})}
            error={field === 'name' && isThere ? t('vendors.isThere') : null}
            today={today}
            testId={`vendor-${field}`}
          />
        ))}
        <div>
          <Button
            type="submit"
            loading={task.busy}
            leftSection={<IconCheck size={18} stroke={1.5} />}
            title="Ctrl+Enter"
            aria-keyshortcuts="Control+Enter"
            data-testid="vendor-create"
          >
            {t('vendors.create')}
          </Button>
        </div>
      </form>
    </aside>
  );
}
