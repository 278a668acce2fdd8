import { Switch } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import type { ItemPlace } from '#shared/ipc/catalogue-views.ts';
import { fieldWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { InlineEdit } from '../../../ui/inline-edit.tsx';
import { LEVEL_FIELDS, levelText, LONGEST_BIN, readLevel } from './level-fields.ts';
import type { LevelField } from './level-fields.ts';
import type { PlaceChanges } from './use-catalog.ts';

/** Saves changes of one place, and says so. @throws AppError */
export type SaveLevel = (place: ItemPlace, changes: PlaceChanges) => Promise<void>;

/** One field of one place; saves itself. `row` names it to the keys that lead up and down. */
export function LevelCell(props: {
  place: ItemPlace;
  field: LevelField;
  /** What it belongs to, for those who do not see the table. */
  of: string;
  row: string;
  save: SaveLevel;
  /** Told what is wrong with what was typed, for a table whose rows have no room for it. */
  told?: (problem: string | null) => void;
}) {
  const { place, field } = props;
  const { t } = useI18n();
  return (
    <div data-level={field} data-row={props.row}>
      <InlineEdit
        label={t('levels.of', { field: fieldWord(t, field), of: props.of })}
        value={levelText(place, field)}
        {...(field === 'bin' ? {} : { align: 'right' as const })}
        placeholder="–"
        maxLength={field === 'bin' ? LONGEST_BIN : 14}
        check={(text) => {
          const read = readLevel(field, text);
          const problem = read.ok ? null : t(`levels.problem.${read.problem}`);
          props.told?.(problem);
          return problem;
        }}
        save={async (text) => {
          const read = readLevel(field, text);
          if (read.ok) await props.save(place, { [field]: read.value });
        }}
        testId={`level-${field}-${props.row}`}
      />
    </div>
  );
}

/** Whether the site keeps the item at all. */
export function StockedCell(props: {
  place: ItemPlace;
  of: string;
  row: string;
  disabled?: boolean;
  save: SaveLevel;
}) {
  const { place } = props;
  const { t } = useI18n();
  return (
    <div data-level="is_stocked" data-row={props.row}>
      <Switch
        size="xs"
        aria-label={t('levels.of', { field: fieldWord(t, 'is_stocked'), of: props.of })}
        checked={place.is_stocked}
        disabled={props.disabled ?? false}
        onChange={({ currentTarget }) =>
          void props.save(place, { is_stocked: currentTarget.checked })
        }
        data-testid={`level-stocked-${props.row}`}
      />
    </div>
  );
}

const ORDER = [...LEVEL_FIELDS, 'is_stocked'] as const;
type LevelName = (typeof ORDER)[number];

/** Brings the focus into a cell. @returns false when it is not in the page */
export function focusLevel(within: ParentNode, field: string, row: string): boolean {
  const selector = `[data-level="${field}"][data-row="${CSS.escape(row)}"] input`;
  const input = within.querySelector<HTMLInputElement>(selector);
  input?.focus();
  return input !== null;
}

/**
 * Keys in a table of cells: Enter and the arrows up and down lead to the same field of the next row, after
 * the field has saved itself; Alt with the arrows left and right to the next field.
 * @param rows the rows as they are shown
 */
export function moveInLevels(event: KeyboardEvent<HTMLElement>, rows: readonly string[]): void {
  const cell = (event.target as Element).closest<HTMLElement>('[data-level]');
  const { level, row } = cell?.dataset ?? {};
  if (!cell || level === undefined || row === undefined) return;
  const { key, altKey, shiftKey } = event;
  const step = { ArrowDown: 1, ArrowUp: -1, Enter: shiftKey ? -1 : 1 }[key];
  const side = altKey ? { ArrowRight: 1, ArrowLeft: -1 }[key] : undefined;
  const within = event.currentTarget;
  if (step !== undefined && !altKey) {
    const next = rows[rows.indexOf(row) + step];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    focusLevel(within, level, next);
  } else if (side !== undefined) {
    const next = ORDER[ORDER.indexOf(level as LevelName) + side];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    focusLevel(within, next, row);
  }
}
