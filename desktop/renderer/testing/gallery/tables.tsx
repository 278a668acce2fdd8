import { Button } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { KeeperContext } from '../../ui/table-arrangement.ts';
import type { ArrangementKeeper } from '../../ui/table-arrangement.ts';
import { Section, State } from './states.tsx';

/** A keeper as the profile is one, for as long as the page is open. */
const kept = new Map<string, string>();
const keeper: ArrangementKeeper = {
  recall: (name) => Promise.resolve(kept.get(name) ?? null),
  remember: (name, value) => {
    kept.set(name, value);
    return Promise.resolve();
  },
};

/** Rows in the many. */
export function Tables() {
  return (
    <KeeperContext value={keeper}>
      <TableStates />
    </KeeperContext>
  );
}

function TableStates() {
  return (
    <Section name="data-table">
      <State name="no rows" wide>
        <Items n={0} />
      </State>
      <State name="three rows" wide>
        <Items n={3} />
      </State>
      <State name="3,000 rows, one chosen" wide>
        <Items n={3_000} chosen="3" />
      </State>
      <State name="with tools and selection" wide>
        <Items n={500} tools />
      </State>
    </Section>
  );
}

interface Item {
  readonly id: string;
  readonly name: string;
  readonly sku: string;
  readonly quantity: number;
  readonly category: string;
}

const CATEGORIES = ['Injectables', 'Dressings', 'Ointments', 'Samples'];

const NAMES = [
  'Lidocaine 1 % with epinephrine, 30 ml multiple-dose vial',
  'Gauze, sterile, 10 × 10 cm',
  'Bacitracin ointment',
  'Onabotulinumtoxin A, 100 units',
];

function Items(props: { n: number; chosen?: string; tools?: boolean }) {
  const { fmt } = useI18n();
  const [chosen, setChosen] = useState(props.chosen ?? null);
  const [moved, setMoved] = useState(0);
  const rows = useMemo(
    () =>
      Array.from({ length: props.n }, (_, index): Item => ({
        id: String(index),
        name: `${NAMES[index % NAMES.length]}${index < 4 ? '' : ` ${index}`}`,
        sku: `SKU-${String(index).padStart(4, '0')}`,
        category: CATEGORIES[index % CATEGORIES.length] ?? '',
        quantity: (((index * 7_919) % 400) - 20) * 10_000,
      })),
    [props.n],
  );
  const columns = useMemo<readonly Column<Item>[]>(
    () => [
      {
        id: 'name',
        title: 'Item',
        minWidth: 190,
        grow: 3,
        sort: (row) => row.name,
        cell: (row) => <span title={row.name}>{row.name}</span>,
      },
      {
        id: 'sku',
        title: 'SKU',
        minWidth: 96,
        drop: 1,
        sort: (row) => row.sku,
        cell: (row) => <span className="g-code">{row.sku}</span>,
      },
      {
        id: 'category',
        title: 'Category',
        minWidth: 104,
        drop: 2,
        sort: (row) => row.category,
        filter: (row) => row.category,
        cell: (row) => <span className="g-dim">{row.category}</span>,
      },
      {
        id: 'quantity',
        title: 'On hand',
        minWidth: 72,
        number: true,
        sort: (row) => row.quantity,
        text: (row) => row.quantity / QUANTITY_SCALE,
        cell: (row) => fmt.quantity(row.quantity),
      },
    ],
    [fmt],
  );
  const tools = {
    name: 'gallery',
    exportName: 'items',
    bulk: (chosenRows: readonly Item[], clear: () => void) => (
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => {
          setMoved(chosenRows.length);
          clear();
        }}
        data-testid="bulk-move"
      >
        Move to Ann Arbor
      </Button>
    ),
  };
  return (
    <div className="s-list" data-testid={props.tools ? 'tools-table' : undefined}>
      {moved > 0 && (
        <p role="status" className="g-hidden" data-testid="moved">
          {moved}
        </p>
      )}
      <DataTable
        label={props.tools ? 'Items with tools' : `${props.n} items`}
        rows={rows}
        columns={columns}
        rowId={(row) => row.id}
        chosen={chosen}
        onOpen={(row) => setChosen(row.id)}
        {...(props.tools ? tools : {})}
        empty={<EmptyState icon={IconPackage} title="Items of the catalogue stand here." />}
      />
    </div>
  );
}
