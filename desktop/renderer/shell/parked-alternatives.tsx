import { Button } from '@mantine/core';
import type { ParkedChange } from '#shared/ipc/sync-status.ts';
import { isTableName } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import type { Changes } from '#desktop/collections/tables.ts';
import { useI18n } from '../ui/i18n.tsx';
import { useToasts } from '../ui/toasts.tsx';

type Offer = NonNullable<ParkedChange['alternatives']>[number];

/**
 * What somebody who lost a claim can have instead. An offer names values of columns of the row: taking
 * it is an edit of the refused row, which is sent again then.
 */
export function ParkedAlternatives(props: { change: ParkedChange; done: () => void }) {
  const { table, id, alternatives = [] } = props.change;
  const { t, fmt } = useI18n();
  const { tables } = useStore();
  const { failed } = useToasts();
  if (alternatives.length === 0 || !isTableName(table)) return null;
  const take = (offer: Offer) => {
    tables.patch(table, id, offer as Changes<TableName>).then(props.done, failed);
  };
  const words = ({ starts_at: starts, ends_at: ends, ...rest }: Offer): string =>
    typeof starts === 'number' && typeof ends === 'number'
      ? `${fmt.exact(starts)} – ${fmt.time(ends)}`
      : Object.values(rest).join(', ');
  return (
    <div className="g-stack" data-testid="parked-alternatives">
      <p className="g-small">{t('parked.alternatives')}</p>
      <div className="g-row" style={{ flexWrap: 'wrap' }}>
        {alternatives.map((offer) => (
          <Button
            key={JSON.stringify(offer)}
            size="compact-sm"
            variant="light"
            onClick={() => take(offer)}
          >
            {words(offer)}
          </Button>
        ))}
      </div>
    </div>
  );
}
