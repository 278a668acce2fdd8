import { Button, SegmentedControl, Select, Switch, TextInput } from '@mantine/core';
import {
  IconAdjustments,
  IconAlertTriangle,
  IconListCheck,
  IconPrinter,
} from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { ItemPlace } from '#shared/ipc/catalogue-views.ts';
import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { BackTo } from '../../../shell/back-to.tsx';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { fieldWord } from '../../../ui/domain-words.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { matcher } from '../../../ui/fold.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { SearchField } from '../../../ui/search-field.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { useTask } from '../../../ui/use-task.ts';
import { stockAt } from '../stock-status.ts';
import { useInventoryList } from '../use-inventory.ts';
import type { ListedItem } from '../use-inventory.ts';
import { focusLevel, LevelCell, moveInLevels, StockedCell } from './level-cell.tsx';
import type { SaveLevel } from './level-cell.tsx';
import { LEVEL_FIELDS, levelText, levelWarning, readLevel } from './level-fields.ts';
import type { LevelField } from './level-fields.ts';
import { LabelsDialog } from './labels-dialog.tsx';
import { shelfLabel } from './shelf-label.ts';
import { placeKey, unsetPlace } from './use-catalog.ts';
import type { PlaceChanges } from './use-catalog.ts';
import { useLevelEdits } from './use-level-edits.ts';

const route = getRouteApi('/inventory/levels');

interface Row extends ListedItem {
  readonly place: ItemPlace;
}

/** What a site wants to hold of every item, to be typed in as in a sheet: each field saves itself. */
export function LevelsPage() {
  const { t, fmt } = useI18n();
  const { mayRow } = useSession();
  const { sites, site: current } = useSites();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { items, error } = useInventoryList();
  const { byKey, save: saveLevel, saveAll, undoLast } = useLevelEdits();
  const frame = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed);
  const [problem, setProblem] = useState<string | null>(null);
  /** The item that was changed last: what does not fit together in it is said. */
  const [touched, setTouched] = useState<string | null>(null);
  const save = useCallback<SaveLevel>(
    async (place, changes) => {
      setTouched(place.item_id);
      await saveLevel(place, changes);
    },
    [saveLevel],
  );
  const [bulk, setBulk] = useState<readonly Row[] | null>(null);
  const [labels, setLabels] = useState<readonly Row[] | null>(null);
  const site = sites?.find(({ id }) => id === search.site) ?? current;
  const siteId = site?.id ?? '';
  const onlyStocked = search.stocked === true;
  usePageKeys('levels', { search: () => field.current?.focus(), undo: undoLast });

  const rows = useMemo<readonly Row[] | undefined>(() => {
    if (!items || !byKey) return undefined;
    const fits = matcher(q);
    return items
      .filter(({ status, text }) => status === 'active' && fits(text))
      .map((item) => ({
        ...item,
        place: byKey.get(placeKey(item.item_id, siteId)) ?? unsetPlace(item.item_id, siteId),
      }))
      .filter(({ place }) => !onlyStocked || (place.id !== '' && place.is_stocked));
  }, [items, byKey, q, siteId, onlyStocked]);
  const mayEdit =
    mayRow('item_locations', 'update', { location_id: siteId }) &&
    mayRow('item_locations', 'create', { location_id: siteId });

  const columns = useMemo<readonly Column<Row>[]>(
    () => [
      {
        id: 'name',
        title: t('inventory.item'),
        minWidth: 200,
        grow: 3,
        sort: (row) => row.name,
        cell: (row) => <span title={row.name}>{row.name}</span>,
      },
      {
        id: 'sku',
        title: t('inventory.sku'),
        minWidth: 96,
        drop: 2,
        sort: (row) => row.sku,
        cell: (row) => <span className="g-code">{row.sku}</span>,
      },
      {
        id: 'onHand',
        title: t('stock.onHand'),
        minWidth: 64,
        number: true,
        drop: 1,
        sort: (row) => stockAt(row, siteId)?.on_hand ?? 0,
        text: (row) => (stockAt(row, siteId)?.on_hand ?? 0) / QUANTITY_SCALE,
        cell: (row) => fmt.quantity(stockAt(row, siteId)?.on_hand ?? 0),
      },
      {
        id: 'unit',
        title: t('inventory.unit'),
        minWidth: 52,
        drop: 3,
        text: (row) => row.base_unit,
        cell: (row) => <span className="g-dim">{row.base_unit}</span>,
      },
      ...LEVEL_FIELDS.map((name): Column<Row> => ({
        id: name,
        title: name === 'bin' ? fieldWord(t, name) : t(`levels.${name}`),
        longTitle: fieldWord(t, name),
        minWidth: name === 'bin' ? 96 : 76,
        number: name !== 'bin',
        sort: (row) => row.place[name],
        text: (row) =>
          name === 'bin'
            ? row.place.bin
            : row.place[name] === null
              ? null
              : row.place[name] / QUANTITY_SCALE,
        cell: (row) =>
          mayEdit ? (
            <Inside>
              <LevelCell
                place={row.place}
                field={name}
                of={row.name}
                row={row.sku}
                save={save}
                told={setProblem}
              />
            </Inside>
          ) : (
            levelText(row.place, name) || '–'
          ),
      })),
      {
        id: 'stocked',
        title: t('levels.stocked'),
        longTitle: fieldWord(t, 'is_stocked'),
        minWidth: 84,
        filter: (row) => (row.place.is_stocked ? 'yes' : 'no'),
        filterWord: (value) => t(value === 'yes' ? 'common.yes' : 'common.no'),
        text: (row) => t(row.place.is_stocked ? 'common.yes' : 'common.no'),
        cell: (row) => (
          <Inside>
            <StockedCell
              place={row.place}
              of={row.name}
              row={row.sku}
              disabled={!mayEdit}
              save={save}
            />
          </Inside>
        ),
      },
    ],
    [t, fmt, siteId, mayEdit, save],
  );
  const last = rows?.find(({ item_id }) => item_id === touched);
  const warning = last ? levelWarning(last.place) : null;
  const said =
    problem !== null
      ? ({ tone: 'red', text: problem } as const)
      : last && warning !== null
        ? ({ tone: 'amber', text: `${last.name}: ${t(`levels.warning.${warning}`)}` } as const)
        : null;
  const shownOrder = (): string[] =>
    [...(frame.current?.querySelectorAll<HTMLElement>('[data-level="par"]') ?? [])]
      .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
      .map(({ dataset }) => dataset['row'] ?? '');

  return (
    <>
      <PageHeader
        title={t('levels.title')}
        count={rows ? t('inventory.count', { n: rows.length }) : undefined}
      >
        <BackTo to="/inventory">{t('inventory.title')}</BackTo>
      </PageHeader>
      <div className="g-filters" role="search">
        <SearchField
          field={field}
          label={t('inventory.search')}
          value={typed}
          change={setTyped}
          width={260}
          testId="levels-search"
        />
        {sites && sites.length > 1 && (
          <SegmentedControl
            aria-label={t('stock.site')}
            size="xs"
            value={siteId}
            onChange={(id) =>
              void navigate({ to: '/inventory/levels', search: { ...search, site: id } })
            }
            data={sites.map(({ id, code }) => ({ value: id, label: code }))}
          />
        )}
        <Switch
          size="xs"
          label={t('levels.onlyStocked')}
          checked={onlyStocked}
          onChange={({ currentTarget }) =>
            void navigate({
              to: '/inventory/levels',
              search: { ...search, stocked: currentTarget.checked || undefined },
              replace: true,
            })
          }
        />
        <span className="g-spread" />
        {said === null ? (
          mayEdit && <span className="g-small g-dim">{t('levels.keys')}</span>
        ) : (
          <StatusPill tone={said.tone} icon={IconAlertTriangle}>
            <span role="alert" data-testid="levels-said">
              {said.text}
            </span>
          </StatusPill>
        )}
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys lead from field to field */}
      <section
        ref={frame}
        className="g-list g-levels"
        aria-label={t('levels.title')}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setProblem(null);
          moveInLevels(event, shownOrder());
        }}
      >
        {rows ? (
          <DataTable
            key={siteId}
            label={t('levels.title')}
            rows={rows}
            columns={columns}
            rowId={(row) => row.item_id}
            rowTestId={(row) => `levels-row-${row.sku}`}
            onOpen={(row) => {
              if (frame.current && mayEdit) focusLevel(frame.current, 'par', row.sku);
            }}
            initialSort={BY_NAME}
            name="levels"
            exportName={`${t('levels.title').toLowerCase()} ${site?.code ?? ''}`}
            bulk={(chosen) => (
              <>
                {mayEdit && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    leftSection={<IconAdjustments size={16} stroke={1.5} />}
                    onClick={() => setBulk(chosen)}
                    data-testid="levels-bulk"
                  >
                    {t('levels.change')}
                  </Button>
                )}
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconPrinter size={16} stroke={1.5} />}
                  onClick={() => setLabels(chosen)}
                  data-testid="levels-labels"
                >
                  {t('labels.shelf')}
                </Button>
              </>
            )}
            empty={<EmptyState icon={IconListCheck} title={t('inventory.nothingFound')} />}
          />
        ) : (
          <div style={{ padding: 16 }}>
            {error ? <ErrorNote error={error} /> : <Loading lines={10} />}
          </div>
        )}
      </section>
      {bulk && (
        <BulkDialog
          rows={bulk}
          close={() => setBulk(null)}
          apply={(changes) =>
            saveAll(
              siteId,
              bulk.map(({ place }) => place),
              changes,
            )
          }
        />
      )}
      {labels && (
        <LabelsDialog
          labels={labels.map((row) =>
            shelfLabel(row, row.place, site?.code ?? '', (par) =>
              t('labels.par', { quantity: fmt.quantity(par), unit: row.base_unit }),
            ),
          )}
          close={() => setLabels(null)}
        />
      )}
    </>
  );
}

const BY_NAME = [{ id: 'name', desc: false }];

/** A press inside a cell is for the cell: the row below would take the focus to its first field. */
function Inside({ children }: { children: ReactNode }) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- it only keeps the press from the row
    <div onClick={(event) => event.stopPropagation()}>{children}</div>
  );
}

const CHANGEABLE = [...LEVEL_FIELDS, 'is_stocked'] as const;

/** One change for all selected rows. */
function BulkDialog(props: {
  rows: readonly Row[];
  close: () => void;
  apply: (changes: PlaceChanges) => Promise<void>;
}) {
  const { rows } = props;
  const { t } = useI18n();
  const task = useTask();
  const [name, setName] = useState<LevelField | 'is_stocked'>('par');
  const [text, setText] = useState('');
  const [stocked, setStocked] = useState(true);
  const [tried, setTried] = useState(false);
  const read = name === 'is_stocked' ? null : readLevel(name, text);
  const problem = read && !read.ok ? t(`levels.problem.${read.problem}`) : null;

  const finish = async () => {
    setTried(true);
    if (problem !== null) return;
    const changes: PlaceChanges =
      name === 'is_stocked' ? { is_stocked: stocked } : { [name]: read?.ok ? read.value : null };
    if (await task.run(() => props.apply(changes))) props.close();
  };
  return (
    <Dialog
      title={t('levels.changeOf', { n: rows.length })}
      close={props.close}
      busy={task.busy}
      testId="levels-dialog"
    >
      <form
        className="g-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void finish();
        }}
      >
        {task.error && <ErrorNote error={task.error} />}
        <Select
          label={t('levels.field')}
          data={CHANGEABLE.map((value) => ({ value, label: fieldWord(t, value) }))}
          value={name}
          onChange={(value) => setName(CHANGEABLE.find((known) => known === value) ?? 'par')}
          allowDeselect={false}
          data-testid="levels-field"
        />
        {name === 'is_stocked' ? (
          <Switch
            label={fieldWord(t, 'is_stocked')}
            checked={stocked}
            onChange={({ currentTarget }) => setStocked(currentTarget.checked)}
            data-testid="levels-stocked"
          />
        ) : (
          <TextInput
            label={t('levels.value')}
            description={t('levels.valueHelp')}
            data-autofocus
            autoComplete="off"
            maxLength={40}
            value={text}
            error={tried ? problem : null}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            data-testid="levels-value"
          />
        )}
        <div>
          <Button type="submit" loading={task.busy} data-testid="levels-apply">
            {t('levels.apply', { n: rows.length })}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
