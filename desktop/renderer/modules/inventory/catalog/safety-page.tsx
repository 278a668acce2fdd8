import { Button, CloseButton, SegmentedControl, TextInput } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCloudDown,
  IconFileOff,
  IconFlame,
  IconPencil,
  IconPlus,
  IconSearch,
} from '@tabler/icons-react';
import { getRouteApi, useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { BackTo } from '../../../shell/back-to.tsx';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { fieldWord } from '../../../ui/domain-words.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { EmergencyCard, MissingSheet } from './emergency-card.tsx';
import { findSheets } from './safety-text.ts';
import type { SoughtSheet } from './safety-text.ts';
import type { SafetySearch } from './search.ts';
import { SheetForm } from './sheet-form.tsx';
import { useSafetySheets, useSheetsHere } from './use-safety.ts';

const route = getRouteApi('/inventory/safety');

/**
 * Safety sheets of everything hazardous. The cursor stands in the search from the start, and the first
 * that fits is shown at once: nobody who has something in the eye looks for a button.
 */
export function SafetyPage() {
  const { t } = useI18n();
  const { may } = useSession();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { sheets, error } = useSafetySheets();
  const here = useSheetsHere(sheets);
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(search.q ?? '');
  const mayCreate = may('sds_documents', 'create', { status: 'draft' });

  const set = (changes: Partial<SafetySearch>, replace = false) =>
    void navigate({
      to: '/inventory/safety',
      search: (old: SafetySearch) => ({ ...old, ...changes }),
      replace,
    });
  // A sheet that is being written begins with its own field.
  const isWriting = useRef(search.edit !== undefined);
  useEffect(() => {
    if (!isWriting.current) field.current?.focus();
  }, []);
  // Whoever comes to the bare address, also from this very page by its key, begins a search.
  const visit = useLocation({ select: ({ state }) => state.__TSR_key });
  useEffect(() => {
    if (Object.values(search).some((value) => value !== undefined)) return;
    field.current?.focus();
    field.current?.select();
  }, [visit, search]);
  usePageKeys('safety', {
    search: () => field.current?.focus(),
    close: () => {
      setTyped('');
      set({ q: undefined, sheet: undefined, edit: undefined, item: undefined });
    },
  });

  const shown = useMemo(() => {
    if (!sheets) return undefined;
    const found = findSheets(sheets, typed);
    return search.incomplete === true
      ? found.filter(({ status, file }) => status === 'missing' || file === null)
      : found;
  }, [sheets, typed, search.incomplete]);
  const missing = shown?.filter(({ status, file }) => status === 'missing' || file === null);
  const chosen =
    sheets?.find(({ id }) => id === search.sheet) ??
    (typed.trim() !== '' && search.edit !== 'new' ? shown?.[0] : undefined);
  const isNew = search.edit === 'new' && mayCreate;

  const columns = useMemo<readonly Column<SoughtSheet>[]>(
    () => [
      {
        id: 'product',
        title: fieldWord(t, 'product_name'),
        minWidth: 180,
        grow: 3,
        text: (row) => row.product_name,
        cell: (row) => <span title={row.product_name}>{row.product_name}</span>,
      },
      {
        id: 'cas',
        title: 'CAS',
        minWidth: 92,
        drop: 2,
        text: (row) => row.cas_no,
        cell: (row) => <span className="g-code">{row.cas_no}</span>,
      },
      {
        id: 'hazard',
        title: fieldWord(t, 'hazard_class'),
        minWidth: 130,
        grow: 2,
        drop: 1,
        text: (row) => row.hazard_class,
        filter: (row) => row.hazard_class ?? '',
        cell: (row) => <span title={row.hazard_class ?? ''}>{row.hazard_class}</span>,
      },
      {
        id: 'state',
        title: t('safety.sheet'),
        minWidth: 150,
        text: (row) => t(`safety.state.${stateOf(row, here)}`),
        cell: (row) => <SheetState state={stateOf(row, here)} />,
      },
    ],
    [t, here],
  );
  return (
    <>
      <PageHeader
        title={t('safety.title')}
        count={
          shown && missing
            ? missing.length > 0
              ? t('safety.countMissing', { n: shown.length, missing: missing.length })
              : t('safety.count', { n: shown.length })
            : undefined
        }
      >
        <BackTo to="/inventory">{t('inventory.title')}</BackTo>
        {mayCreate && (
          <Button
            variant="default"
            leftSection={<IconPlus size={18} stroke={1.5} />}
            onClick={() => set({ edit: 'new', sheet: undefined, item: undefined })}
            data-testid="safety-new"
          >
            {t('safety.new')}
          </Button>
        )}
      </PageHeader>
      <div className="g-filters" role="search">
        <TextInput
          ref={field}
          w={380}
          size="md"
          aria-label={t('safety.search')}
          placeholder={t('safety.search')}
          aria-keyshortcuts="Alt+E"
          leftSection={<IconSearch size={18} stroke={1.5} />}
          rightSection={
            typed ? (
              <CloseButton size="sm" aria-label={t('common.clear')} onClick={() => setTyped('')} />
            ) : null
          }
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value);
            set(
              {
                q: currentTarget.value || undefined,
                sheet: undefined,
                edit: undefined,
                item: undefined,
              },
              true,
            );
          }}
          onKeyDown={({ key }) => {
            const [first] = shown ?? [];
            if (key === 'Enter' && first) set({ sheet: first.id });
          }}
          data-testid="safety-search"
        />
        <SegmentedControl
          aria-label={t('safety.show')}
          size="xs"
          value={search.incomplete === true ? 'missing' : 'all'}
          onChange={(value) => set({ incomplete: value === 'missing' || undefined }, true)}
          data={[
            { value: 'all', label: t('inventory.all') },
            { value: 'missing', label: t('safety.onlyMissing') },
          ]}
        />
      </div>
      <div className="g-split" data-open={chosen !== undefined || isNew}>
        <section className="g-list" aria-label={t('safety.title')}>
          {shown ? (
            <DataTable
              label={t('safety.title')}
              rows={shown}
              columns={columns}
              rowId={(row) => row.id}
              rowTestId={() => 'safety-row'}
              rowData={(row) => ({ 'data-state': stateOf(row, here) })}
              chosen={chosen?.id ?? null}
              onOpen={(row) => set({ sheet: row.id, edit: undefined, item: undefined }, true)}
              exportName={t('safety.title').toLowerCase()}
              name="safety"
              empty={
                <EmptyState
                  icon={IconFlame}
                  title={typed ? t('safety.nothingFound') : t('safety.empty')}
                  help={t('safety.emptyHelp')}
                />
              }
            />
          ) : (
            <div style={{ padding: 16 }}>
              {error ? <ErrorNote error={error} /> : <Loading lines={8} />}
            </div>
          )}
        </section>
        {isNew ? (
          <SheetForm
            key={`${search.item} ${sheets !== undefined}`}
            itemId={search.item ?? null}
            product={sheets?.find(({ id }) => id === search.item)?.product_name ?? null}
            close={() => set({ edit: undefined, item: undefined })}
            made={(id) => set({ edit: undefined, item: undefined, sheet: id }, true)}
          />
        ) : chosen?.status === 'missing' ? (
          <MissingSheet
            sheet={chosen}
            close={() => set({ sheet: undefined })}
            make={
              mayCreate
                ? () => set({ edit: 'new', item: chosen.item_id ?? undefined, sheet: undefined })
                : null
            }
          />
        ) : (
          chosen && (
            <EmergencyCard
              key={chosen.id}
              sheet={chosen}
              isHere={chosen.file !== null && here.has(chosen.file.id)}
              isEditing={search.edit === 'edit'}
              edit={(on) => set({ sheet: chosen.id, edit: on ? 'edit' : undefined })}
              close={() => {
                setTyped('');
                set({ sheet: undefined, q: undefined, edit: undefined });
              }}
            />
          )
        )}
      </div>
    </>
  );
}

const STATES = {
  here: { tone: 'green', icon: IconCircleCheck },
  coming: { tone: 'amber', icon: IconCloudDown },
  noFile: { tone: 'amber', icon: IconFileOff },
  draft: { tone: 'grey', icon: IconPencil },
  missing: { tone: 'red', icon: IconAlertTriangle },
} as const;
type State = keyof typeof STATES;

function stateOf(sheet: SoughtSheet, here: ReadonlySet<string>): State {
  if (sheet.status !== 'current') return sheet.status;
  if (sheet.file === null) return 'noFile';
  return here.has(sheet.file.id) ? 'here' : 'coming';
}

function SheetState({ state }: { state: State }) {
  const { t } = useI18n();
  return (
    <StatusPill tone={STATES[state].tone} icon={STATES[state].icon}>
      {t(`safety.state.${state}`)}
    </StatusPill>
  );
}
