import { Button, Checkbox, CloseButton, MultiSelect, Popover, TextInput } from '@mantine/core';
import {
  IconBookmark,
  IconColumns3,
  IconDownload,
  IconFilter,
  IconPrinter,
  IconX,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useI18n } from './i18n.tsx';
import type { Column } from './table-columns.ts';
import type { useArrangement } from './table-arrangement.ts';
import { filtered, hidden, nameOfView } from './table-view.ts';
import type { TableView } from './table-view.ts';

type Arranged = ReturnType<typeof useArrangement>;

/** Which columns, which rows, which saved view; export of what is shown. */
export function TableTools<R>(props: {
  rows: readonly R[];
  columns: readonly Column<R>[];
  arrangement: Arranged;
  initial: TableView;
  out: Out | null;
}) {
  const { t } = useI18n();
  const { columns, arrangement } = props;
  const { view, setView } = arrangement;
  const filters = columns.filter(({ filter }) => filter !== undefined);
  const active = Object.keys(view.filters).length;
  const name = nameOfView(arrangement);
  return (
    <>
      {filters.length > 0 && (
        <Tool
          icon={IconFilter}
          label={active > 0 ? t('grid.filterOn', { n: active }) : t('grid.filter')}
          testId="grid-filter"
        >
          {filters.map((column) => (
            <ColumnFilter
              key={column.id}
              column={column}
              rows={props.rows}
              arrangement={arrangement}
            />
          ))}
          <Button
            variant="default"
            size="compact-sm"
            disabled={active === 0}
            onClick={() => setView({ ...view, filters: {} })}
          >
            {t('grid.filterNone')}
          </Button>
        </Tool>
      )}
      <Tool icon={IconColumns3} label={t('grid.columns')} testId="grid-columns">
        {columns.slice(1).map(({ id, title, longTitle }) => (
          <Checkbox
            key={id}
            size="xs"
            label={longTitle ?? title}
            checked={!view.hidden.includes(id)}
            onChange={({ currentTarget }) => setView(hidden(view, id, !currentTarget.checked))}
          />
        ))}
      </Tool>
      <Tool icon={IconBookmark} label={name ?? t('grid.views')} testId="grid-views">
        <Views arrangement={arrangement} initial={props.initial} />
      </Tool>
      {props.out && <OutTools out={props.out} />}
    </>
  );
}

/** Ways of rows out of the app. */
export interface Out {
  readonly save: () => void;
  readonly print: () => void;
}

/** Rows as a file and on paper, or as a PDF from the system's dialog for printing. */
export function OutTools(props: { out: Out }) {
  const { t } = useI18n();
  return (
    <>
      <PlainTool
        icon={IconDownload}
        label={t('grid.export')}
        testId="grid-export"
        run={props.out.save}
      />
      <PlainTool
        icon={IconPrinter}
        label={t('grid.print')}
        testId="grid-print"
        run={props.out.print}
      />
    </>
  );
}

function PlainTool(props: { icon: Icon; label: string; testId: string; run: () => void }) {
  const { icon: Mark } = props;
  return (
    <Button
      {...TOOL}
      leftSection={<Mark size={16} stroke={1.5} aria-hidden />}
      onClick={props.run}
      data-testid={props.testId}
    >
      {props.label}
    </Button>
  );
}

const TOOL = { variant: 'subtle', color: 'gray', size: 'compact-sm', h: 28, fz: 13 } as const;

/** What can be done with the selected rows, in place of the tools. */
export function BulkBar(props: { n: number; clear: () => void; children: ReactNode }) {
  const { t } = useI18n();
  return (
    <>
      <span className="g-strong" role="status" data-testid="grid-selected">
        {t('grid.selected', { n: props.n })}
      </span>
      {props.children}
      <span className="g-spread" />
      <Button
        {...TOOL}
        leftSection={<IconX size={16} stroke={1.5} aria-hidden />}
        title="Esc"
        onClick={props.clear}
        data-testid="grid-clear"
      >
        {t('grid.clear')}
      </Button>
    </>
  );
}

function Tool(props: { icon: Icon; label: string; testId: string; children: ReactNode }) {
  const { icon: Mark, label, testId } = props;
  return (
    <Popover position="bottom-end" trapFocus returnFocus width={280} shadow="md">
      <Popover.Target>
        <Button
          {...TOOL}
          leftSection={<Mark size={16} stroke={1.5} aria-hidden />}
          data-testid={testId}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} data-testid={`${testId}-list`}>
        <div className="g-stack g-grid-choices">{props.children}</div>
      </Popover.Dropdown>
    </Popover>
  );
}

function ColumnFilter<R>(props: { column: Column<R>; rows: readonly R[]; arrangement: Arranged }) {
  const { column, rows, arrangement } = props;
  const { t } = useI18n();
  const { view, setView } = arrangement;
  const chosen = view.filters[column.id] ?? [];
  const { filter, filterWord = (value: string) => value } = column;
  const words = useMemo(() => {
    const all = new Set(rows.map((row) => filter?.(row) ?? ''));
    all.delete('');
    return [...all].toSorted((a, b) => a.localeCompare(b));
  }, [rows, filter]);
  return (
    <MultiSelect
      size="xs"
      label={column.longTitle ?? column.title}
      // What no row has any more is still a choice, so that it can be taken back.
      data={[...new Set([...words, ...chosen])].map((value) => ({
        value,
        label: filterWord(value),
      }))}
      placeholder={chosen.length === 0 ? t('grid.filterAny') : ''}
      searchable
      // The next field stays in sight until somebody wants the list.
      openOnFocus={false}
      hidePickedOptions
      comboboxProps={IN_PLACE}
      value={[...chosen]}
      onChange={(next) => setView(filtered(view, column.id, next))}
      data-testid={`grid-filter-${column.id}`}
    />
  );
}

/** The list of words is part of the dropdown that it stands in: Esc and clicks there stay there. */
const IN_PLACE = { withinPortal: false };

function Views(props: { arrangement: Arranged; initial: TableView }) {
  const { arrangement, initial } = props;
  const { t } = useI18n();
  const [name, setName] = useState('');
  const current = nameOfView(arrangement);
  const save = () => {
    if (name.trim() === '') return;
    arrangement.save(name.trim());
    setName('');
  };
  return (
    <>
      <div>
        <button type="button" className="g-menu-item" onClick={() => arrangement.setView(initial)}>
          {t('grid.viewInitial')}
        </button>
        {arrangement.saved.map((saved) => (
          <div className="g-row" key={saved.name}>
            <button
              type="button"
              className="g-menu-item"
              aria-current={saved.name === current ? 'true' : undefined}
              onClick={() => arrangement.setView(saved.view)}
            >
              <span className="g-cut">{saved.name}</span>
            </button>
            <CloseButton
              size="sm"
              aria-label={t('grid.viewForget', { name: saved.name })}
              onClick={() => arrangement.forget(saved.name)}
            />
          </div>
        ))}
      </div>
      <form
        className="g-row"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextInput
          size="xs"
          className="g-spread"
          aria-label={t('grid.viewName')}
          placeholder={t('grid.viewName')}
          maxLength={60}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          data-testid="grid-view-name"
        />
        <Button type="submit" size="compact-sm" disabled={name.trim() === ''}>
          {t('common.keep')}
        </Button>
      </form>
    </>
  );
}
