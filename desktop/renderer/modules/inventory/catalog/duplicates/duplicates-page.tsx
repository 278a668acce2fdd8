import { SegmentedControl } from '@mantine/core';
import { IconCopyCheck, IconLock } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { pairKey } from '#shared/merge/derive/item-pairs.ts';
import { usePageKeys } from '../../../../shell/actions/page-keys.ts';
import { useSession } from '../../../../shell/session.tsx';
import { DataTable } from '../../../../ui/data-table.tsx';
import type { Column } from '../../../../ui/data-table.tsx';
import { EmptyState } from '../../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import type { T } from '../../../../ui/i18n.tsx';
import { Loading } from '../../../../ui/loading.tsx';
import { PageHeader } from '../../../../ui/page-header.tsx';
import type { DuplicatesSearch } from '../search.ts';
import type { Reason } from './find-duplicates.ts';
import { MergePanel } from './merge-panel.tsx';
import { useLikelyPairs } from './use-duplicates.ts';
import type { ShownPair } from './use-duplicates.ts';

const route = getRouteApi('/inventory/duplicates');
/** Pixels of a row with a name above a number. */
const TWO_LINES = 52;

/** Why two items may be one, in words. */
export const reasonWords = (t: T, reason: Reason): string =>
  'code' in reason
    ? t(`duplicates.why.${reason.kind}`, { code: reason.code })
    : t(`duplicates.why.${reason.kind}`);

/** Items that may be one, and the two that were chosen side by side. */
export function DuplicatesPage() {
  const { t } = useI18n();
  const { may } = useSession();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { items, open, apart, error } = useLikelyPairs();
  const isApart = search.apart === true;
  const pairs = isApart ? apart : open;
  const foundAs = (wanted: string) =>
    open?.some(({ key }) => key === wanted)
      ? 'open'
      : apart?.some(({ key }) => key === wanted)
        ? 'apart'
        : null;
  const show = isApart ? { apart: true } : {};
  const set = (changes: DuplicatesSearch, replace = false) =>
    void navigate({ to: '/inventory/duplicates', search: { ...show, ...changes }, replace });
  usePageKeys('duplicates', { close: search.a === undefined ? null : () => set({}) });

  const columns = useMemo<readonly Column<ShownPair>[]>(
    () => [
      {
        id: 'first',
        title: t('duplicates.first'),
        minWidth: 150,
        grow: 2,
        text: ({ items: [a] }) => a.name,
        cell: ({ items: [a] }) => <NameAndNumber {...a} />,
      },
      {
        id: 'second',
        title: t('duplicates.second'),
        minWidth: 150,
        grow: 2,
        text: ({ items: [, b] }) => b.name,
        cell: ({ items: [, b] }) => <NameAndNumber {...b} />,
      },
      {
        id: 'why',
        title: t('duplicates.why'),
        minWidth: 150,
        grow: 1,
        text: ({ reasons }) => reasons.map((reason) => reasonWords(t, reason)).join(', '),
        cell: ({ reasons }) => {
          const words = reasons.map((reason) => reasonWords(t, reason)).join(', ');
          return <span title={words}>{words}</span>;
        },
      },
    ],
    [t],
  );
  if (!may('item_merges', 'create')) {
    return <EmptyState icon={IconLock} title={t('home.nothing')} help={t('home.nothingHelp')} />;
  }
  const { a, b } = search;
  return (
    <>
      <PageHeader
        title={t('duplicates.title')}
        count={pairs ? t('duplicates.count', { n: pairs.length }) : undefined}
      />
      <div className="g-filters">
        <SegmentedControl
          aria-label={t('duplicates.which')}
          size="xs"
          data={[
            { value: 'open', label: t('duplicates.open') },
            { value: 'apart', label: t('duplicates.apart') },
          ]}
          value={isApart ? 'apart' : 'open'}
          onChange={(value) => set({ apart: value === 'apart' ? true : undefined })}
          data-testid="duplicates-which"
        />
      </div>
      <div className="g-split" data-open={a !== undefined}>
        <section className="g-list" aria-label={t('duplicates.title')}>
          {pairs ? (
            <DataTable
              label={t('duplicates.title')}
              rows={pairs}
              columns={columns}
              rowId={({ key }) => key}
              rowHeight={TWO_LINES}
              rowTestId={() => 'duplicate-row'}
              chosen={a !== undefined && b !== undefined ? pairKey(a, b) : null}
              onOpen={(pair) => set({ a: pair.a, b: pair.b }, a !== undefined)}
              exportName={t('duplicates.title').toLowerCase()}
              name="duplicates"
              empty={
                <EmptyState
                  icon={IconCopyCheck}
                  title={t(isApart ? 'duplicates.apartEmpty' : 'duplicates.empty')}
                  help={t(isApart ? 'duplicates.apartHelp' : 'duplicates.emptyHelp')}
                />
              }
            />
          ) : (
            <div style={{ padding: 16 }}>
              {error ? <ErrorNote error={error} /> : <Loading lines={8} />}
            </div>
          )}
        </section>
        {a !== undefined && (
          <MergePanel
            key={pairKey(a, b ?? '')}
            a={a}
            b={b ?? null}
            items={items ?? []}
            found={b === undefined ? null : foundAs(pairKey(a, b))}
            chooseOther={(other) => set({ a, b: other }, true)}
            close={() => set({})}
          />
        )}
      </div>
    </>
  );
}

function NameAndNumber({ name, sku }: { readonly name: string; readonly sku: string }) {
  return (
    <div title={`${name} · ${sku}`}>
      <div className="g-cut">{name}</div>
      <div className="g-cut g-code g-dim">{sku}</div>
    </div>
  );
}
