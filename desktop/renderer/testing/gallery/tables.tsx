import { IconPackage } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { DataTable } from '../../ui/data-table.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Section, State } from './states.tsx';

/** Rows in the many. */
export function Tables() {
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
    </Section>
  );
}

interface Item {
  readonly id: string;
  readonly name: string;
  readonly sku: string;
  readonly quantity: number;
}

const NAMES = [
  'Lidocaine 1 % with epinephrine, 30 ml multiple-dose vial',
  'Gauze, sterile, 10 × 10 cm',
  'Bacitracin ointment',
  'Onabotulinumtoxin A, 100 units',
];

function Items(props: { n: number; chosen?: string }) {
  const { fmt } = useI18n();
  const [chosen, setChosen] = useState(props.chosen ?? null);
  const rows = useMemo(
    () =>
      Array.from({ length: props.n }, (_, index): Item => ({
        id: String(index),
        name: `${NAMES[index % NAMES.length]}${index < 4 ? '' : ` ${index}`}`,
        sku: `SKU-${String(index).padStart(4, '0')}`,
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
        id: 'quantity',
        title: 'On hand',
        minWidth: 72,
        number: true,
        sort: (row) => row.quantity,
        cell: (row) => fmt.quantity(row.quantity),
      },
    ],
    [fmt],
  );
  return (
    <div className="s-list">
      <DataTable
        label={`${props.n} items`}
        rows={rows}
        columns={columns}
        rowId={(row) => row.id}
        chosen={chosen}
        onOpen={(row) => setChosen(row.id)}
        empty={<EmptyState icon={IconPackage} title="Items of the catalogue stand here." />}
      />
    </div>
  );
}
