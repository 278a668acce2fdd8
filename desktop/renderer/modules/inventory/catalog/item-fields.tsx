import type { ReactNode } from 'react';
import { useI18n } from '../../../ui/i18n.tsx';
import type { T } from '../../../ui/i18n.tsx';
import { fieldWord } from '../../../ui/domain-words.ts';
import { FormField } from '../../../ui/form-field.tsx';
import type { Form } from '../../../ui/use-form.tsx';
import { choiceWords } from './catalog-words.ts';
import type { ItemFieldName } from './item-values.ts';

/** What is said below a field, and the unit after it. */
export function fieldHelp(t: T, name: ItemFieldName): { help?: string; unit?: string } {
  const unit = t('catalog.days');
  switch (name) {
    case 'sku':
      return { help: t('catalog.skuHelp') };
    case 'base_unit':
      return { help: t('catalog.unitHelp') };
    case 'expiry_alert_days':
      return { help: t('catalog.alertHelp'), unit };
    case 'open_days':
      return { help: t('catalog.openHelp'), unit };
    case 'open_hours':
      return { help: t('catalog.openHoursHelp'), unit: t('catalog.hours') };
    case 'vial_units':
      return { help: t('catalog.vialHelp') };
    case 'vial_unit':
      return { help: t('catalog.vialUnitHelp') };
    default:
      return {};
  }
}

/** One field of an item, made from the table's definition, with the words of the clinic. */
export function ItemField(props: {
  name: ItemFieldName;
  bound: ReturnType<Form<ItemFieldName>['bind']>;
  today: string;
  error?: string | null;
  disabled?: boolean;
}) {
  const { name, bound, error = null, disabled = false } = props;
  const { t } = useI18n();
  return (
    <FormField
      {...bound}
      label={fieldWord(t, name)}
      words={choiceWords(t, name)}
      {...fieldHelp(t, name)}
      error={error}
      disabled={disabled}
      today={props.today}
      testId={`item-${name}`}
    />
  );
}

/** Fields that belong together, under one heading. */
export function FieldGroup(props: { title: string; children: ReactNode }) {
  return (
    <section className="g-field-group" aria-label={props.title}>
      <h2>{props.title}</h2>
      <div className="g-field-grid">{props.children}</div>
    </section>
  );
}
