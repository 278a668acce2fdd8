import { ActionIcon } from '@mantine/core';
import { IconAlertTriangle, IconPencil, IconTrash } from '@tabler/icons-react';
import type { InventoryListRow } from '#shared/ipc/views.ts';
import { isExpired } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { readExpiry } from './expiry-text.ts';
import type { ReceivableItem } from './receive-check.ts';
import type { DraftLine } from './receive-draft.ts';

/** The lines that have been added so far. */
export function DraftLines(props: {
  lines: readonly DraftLine[];
  items: readonly InventoryListRow[];
  receivable: ReadonlyMap<string, ReceivableItem>;
  today: IsoDate;
  edit: (line: DraftLine) => void;
  remove: (key: string) => void;
}) {
  const { t, fmt } = useI18n();
  const { lines, items, receivable } = props;
  if (lines.length === 0) return null;
  return (
    <table className="g-table" data-testid="receive-lines">
      <thead>
        <tr>
          <th scope="col">{t('inventory.item')}</th>
          <th scope="col" className="g-num">
            {t('receive.quantity')}
          </th>
          <th scope="col">{t('lots.lot')}</th>
          <th scope="col">{t('lots.expiry')}</th>
          <th scope="col">
            <span className="g-hidden">{t('receive.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => {
          const item = items.find(({ item_id }) => item_id === line.itemId);
          const units = line.itemId === null ? undefined : receivable.get(line.itemId)?.units;
          const expiry = readExpiry(line.expiry);
          const name = item?.name ?? '';
          return (
            <tr key={line.key} data-testid="receive-line">
              <td>
                {name} <span className="g-code g-dim">{item?.sku}</span>
              </td>
              <td className="g-num">
                {line.quantity} {line.unit ?? units?.[0]?.name}
              </td>
              <td className="g-code">
                {line.lot}
                {line.serial !== '' && (
                  <div className="g-dim">{t('scan.serial', { serial: line.serial })}</div>
                )}
              </td>
              <td>
                {expiry.ok ? fmt.date(expiry.date) : ''}
                {expiry.ok && isExpired(expiry.date, props.today) && (
                  <>
                    {' '}
                    <StatusPill tone="red" icon={IconAlertTriangle}>
                      {t('lots.expired')}
                    </StatusPill>
                  </>
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
