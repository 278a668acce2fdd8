import { ActionIcon } from '@mantine/core';
import { IconAlertTriangle, IconPencil, IconTrash } from '@tabler/icons-react';
import type { InventoryListRow } from '#shared/ipc/views.ts';
import { useI18n } from '../../../../ui/i18n.tsx';
import { StatusPill } from '../../../../ui/status-pill.tsx';
import { Expiry } from '../../stock-pills.tsx';
import type { PlannedLine, TakenLine } from './take-check.ts';

/** The lines that have been added so far, with the lots that they take. */
export function TakeLines(props: {
  lines: readonly TakenLine[];
  planned: readonly PlannedLine[];
  items: readonly InventoryListRow[];
  today: string;
  edit: (line: TakenLine) => void;
  remove: (key: string) => void;
}) {
  const { t, fmt } = useI18n();
  const { lines, planned, items } = props;
  if (lines.length === 0) return null;
  return (
    <table className="g-table" data-testid="take-lines">
      <thead>
        <tr>
          <th scope="col">{t('inventory.item')}</th>
          <th scope="col" className="g-num">
            {t('receive.quantity')}
          </th>
          <th scope="col">{t('lots.lot')}</th>
          <th scope="col">
            <span className="g-hidden">{t('receive.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line, index) => {
          const item = items.find(({ item_id }) => item_id === line.itemId);
          const plan = planned[index];
          const unit = line.unit ?? item?.base_unit ?? '';
          const name = item?.name ?? '';
          return (
            <tr key={line.key} data-testid="take-line">
              <td>
                {name} <span className="g-code g-dim">{item?.sku}</span>
              </td>
              <td className="g-num">
                {line.quantity} {unit}
              </td>
              <td>
                {plan?.ok &&
                  plan.parts.map(({ lot, quantity }) => (
                    <div key={lot?.lot_id ?? ''} className="g-row" style={{ gap: 8 }}>
                      <span className="g-code">{lot ? lot.lot_no : t('counts.noLot')}</span>
                      {lot && <Expiry date={lot.expiry_date} today={props.today} />}
                      {plan.parts.length > 1 && (
                        <span className="g-dim">
                          {fmt.quantity(quantity)} {item?.base_unit}
                        </span>
                      )}
                    </div>
                  ))}
                {plan?.ok && plan.short > 0 && (
                  <StatusPill tone="amber" icon={IconAlertTriangle} title={t('take.shortHelp')}>
                    {t('take.short', {
                      quantity: fmt.quantity(plan.short),
                      unit: item?.base_unit ?? '',
                    })}
                  </StatusPill>
                )}
                {plan && !plan.ok && plan.problems.lot && (
                  <StatusPill tone="red" icon={IconAlertTriangle}>
                    {t(plan.problems.lot)}
                  </StatusPill>
                )}
              </td>
              <td style={{ textAlign: 'right', whiteSpace: 'nowrap' }}>
                <ActionIcon
                  size={28}
                  aria-label={t('receive.editLine', { item: name })}
                  onClick={() => props.edit(line)}
                >
                  <IconPencil size={16} stroke={1.5} />
                </ActionIcon>
                <ActionIcon
                  size={28}
                  aria-label={t('receive.removeLine', { item: name })}
                  onClick={() => props.remove(line.key)}
                >
                  <IconTrash size={16} stroke={1.5} />
                </ActionIcon>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
