import { Button } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { createPortal } from 'react-dom';
import { Dialog } from '../../ui/dialog.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { QrCode } from '../../ui/qr-code.tsx';

interface LabelledItem {
  readonly item_id: string;
  readonly name: string;
  readonly sku: string;
}

/** What our own label says: an address that every scanner of the suite opens. */
export const labelText = ({ item_id }: Pick<LabelledItem, 'item_id'>): string =>
  `ganger://inventory/items/${item_id}`;

/** A label for a shelf or a box without a code of its own, to look at and to print. */
export function ItemLabel(props: { item: LabelledItem; close: () => void }) {
  const { item } = props;
  const { t } = useI18n();
  return (
    <Dialog title={t('label.title')} close={props.close} testId="item-label">
      <Label item={item} />
      <p className="g-dim">{t('label.help')}</p>
      <div>
        <Button
          leftSection={<IconPrinter size={18} stroke={1.5} />}
          onClick={() => window.print()}
          data-autofocus
          data-testid="label-print"
        >
          {t('label.print')}
        </Button>
      </div>
      {/* Beside the page and not in it: on paper the label stands alone. */}
      {createPortal(
        <div className="g-print" aria-hidden>
          <Label item={item} />
        </div>,
        document.body,
      )}
    </Dialog>
  );
}

function Label({ item }: { item: LabelledItem }) {
  const { t } = useI18n();
  return (
    <div className="g-label">
      <QrCode text={labelText(item)} label={t('label.qr', { item: item.name })} testId="label-qr" />
      <div className="g-label-words">
        <span className="g-strong">{item.name}</span>
        <span className="g-code">{item.sku}</span>
      </div>
    </div>
  );
}
