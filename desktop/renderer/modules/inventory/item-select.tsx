import { Select } from '@mantine/core';
import type { ComboboxItem, OptionsFilter } from '@mantine/core';
import { useMemo } from 'react';
import type { InventoryListRow } from '#shared/ipc/views.ts';
import { fold, matcher } from '../../ui/fold.ts';
import { useI18n } from '../../ui/i18n.tsx';

const SHOWN = 20;

/** Type-ahead over the items, by name or SKU; Enter takes the first one found. */
export function ItemSelect(props: {
  /** To be the `ref` of the field. */
  register: (element: HTMLElement | null) => void;
  items: readonly Pick<InventoryListRow, 'item_id' | 'name' | 'sku'>[];
  value: string | null;
  error: string | null;
  onChoose: (itemId: string | null) => void;
  testId: string;
}) {
  const { t } = useI18n();
  const { items, value, register } = props;
  const data = useMemo(
    () => items.map(({ item_id, name, sku }) => ({ value: item_id, label: `${name} · ${sku}` })),
    [items],
  );
  const folded = useMemo(
    () => new Map(data.map(({ value, label }) => [value, fold(label)])),
    [data],
  );
  const filter: OptionsFilter = ({ options, search, limit }) => {
    const chosen = data.find((option) => option.value === value);
    const wanted = chosen?.label === search ? '' : search;
    const fits = matcher(wanted);
    const found = [];
    for (const option of options as ComboboxItem[]) {
      if (fits(folded.get(option.value) ?? '')) found.push(option);
      if (found.length >= limit) break;
    }
    return found;
  };
  return (
    <Select
      ref={register}
      label={t('inventory.item')}
      placeholder={t('receive.itemPlaceholder')}
      searchable
      // Once more when the items come after the name was typed: Enter would take none of them.
      selectFirstOptionOnChange={data.length > 0}
      selectFirstOptionOnDropdownOpen
      openOnFocus={false}
      // Who types its name once more and presses Enter means the same item, not none.
      allowDeselect={false}
      limit={SHOWN}
      filter={filter}
      data={data}
      value={value}
      onChange={props.onChoose}
      error={props.error}
      nothingFoundMessage={t('inventory.nothingFound')}
      maxDropdownHeight={320}
      data-testid={props.testId}
    />
  );
}
