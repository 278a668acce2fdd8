import { Select } from '@mantine/core';
import type { Pack } from '#shared/schema/tables/inventory-items.ts';
import { useI18n } from '../../ui/i18n.tsx';

/** Names of the units of an item: its base unit and its packs, each once. */
export const unitNames = (item: {
  readonly base_unit: string;
  readonly packs: readonly Pick<Pack, 'unit'>[];
}): string[] => [...new Set([item.base_unit, ...item.packs.map(({ unit }) => unit)])];

/** In which of its units a quantity of an item is said. */
export function UnitSelect(props: {
  units: readonly string[];
  value: string | null;
  choose: (unit: string | null) => void;
  disabled?: boolean;
  testId: string;
}) {
  const { t } = useI18n();
  return (
    <Select
      label={t('receive.unit')}
      data={[...props.units]}
      value={props.value}
      onChange={props.choose}
      allowDeselect={false}
      disabled={props.disabled ?? false}
      data-testid={props.testId}
    />
  );
}
