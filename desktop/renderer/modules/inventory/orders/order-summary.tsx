import { Button, Textarea } from '@mantine/core';
import { IconCopy, IconInfoCircle, IconPrinter } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { summaryHead, summaryRows, summaryText, summaryTitle } from '#shared/i18n/order-summary.ts';
import type { SummaryOrder } from '#shared/i18n/order-summary.ts';
import type { Formats } from '#shared/i18n/formats.ts';
import type { OrderDetail } from '#shared/ipc/order-views.ts';
import { useSites } from '../../../shell/sites.tsx';
import { copyText } from '../../../ui/copy-text.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import type { T } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { PrintTable } from '../../../ui/print-table.tsx';
import type { Printed } from '../../../ui/print-table.tsx';
import { SendButtons, SendStates } from './order-sends.tsx';
import { summaryOf } from './order-text.ts';

/** What goes to the vendor: to send, to print, or to copy into whatever way they take orders. */
export function OrderSummary(props: { order: OrderDetail; close: () => void }) {
  const { order } = props;
  const { t, fmt } = useI18n();
  const { byId } = useSites();
  const summary = summaryOf(order, byId.get(order.location_id));
  const field = useRef<HTMLTextAreaElement>(null);
  const [copied, setCopied] = useState<'yes' | 'no' | null>(null);
  const [printed, setPrinted] = useState<Printed | null>(null);
  return (
    <Dialog
      title={summaryTitle(summary, t)}
      close={props.close}
      size={640}
      testId="order-summary-dialog"
    >
      {printed && <PrintTable key={printed.at} printed={printed} done={() => setPrinted(null)} />}
      <Note tone="blue" icon={IconInfoCircle}>
        <p>{t(CHANNELS[channelOf(order.order_channel)])}</p>
        <p>{[order.vendor_email, order.vendor_phone].filter((way) => way !== null).join(' · ')}</p>
        <p className="g-small">{t('orders.summaryHelp')}</p>
      </Note>
      <Textarea
        ref={field}
        label={t('orders.summary')}
        readOnly
        autosize
        minRows={6}
        maxRows={14}
        styles={MONO}
        value={summaryText(summary, t, fmt)}
        data-testid="order-summary-text"
      />
      <SendStates order={order} />
      <div className="g-row" style={{ flexWrap: 'wrap' }}>
        <SendButtons order={order} />
        <Button
          data-autofocus
          variant="default"
          leftSection={<IconCopy size={18} stroke={1.5} />}
          onClick={() => {
            const text = field.current;
            if (text) void copyText(text).then((did) => setCopied(did ? 'yes' : 'no'));
          }}
          data-testid="order-summary-copy"
        >
          {t('orders.copy')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconPrinter size={18} stroke={1.5} />}
          onClick={() => setPrinted(onPaper(summary, t, fmt))}
          data-testid="order-summary-print"
        >
          {t('orders.print')}
        </Button>
        <span role="status" className="g-small g-dim">
          {copied === 'yes' ? t('orders.copied') : copied === 'no' ? t('orders.notCopied') : ''}
        </span>
      </div>
    </Dialog>
  );
}

/** Quantity, price and sum, in the table on paper. */
const AMOUNTS = [3, 4, 5];

/** The order as a vendor gets it on paper. */
const onPaper = (order: SummaryOrder, t: T, fmt: Formats): Printed => ({
  title: summaryTitle(order, t),
  notes: summaryHead(order, t, fmt),
  head: [
    t('counts.no'),
    t('inventory.item'),
    t('orders.vendorNo'),
    t('receive.quantity'),
    t('orders.price'),
    t('orders.lineTotal'),
  ],
  rows: summaryRows(order, fmt).map((row, at) => [at + 1, ...row]),
  foot: ['', t('orders.total'), '', '', '', fmt.money(order.totalCents)],
  toTheRight: AMOUNTS,
  at: Date.now(),
});
const MONO = { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } };
const CHANNELS = {
  slack: 'orders.channel.slack',
  email: 'orders.channel.email',
  phone: 'orders.channel.phone',
  portal: 'orders.channel.portal',
  print: 'orders.channel.print',
} as const;
type Channel = keyof typeof CHANNELS;
const channelOf = (name: string): Channel =>
  Object.hasOwn(CHANNELS, name) ? (name as Channel) : 'print';
