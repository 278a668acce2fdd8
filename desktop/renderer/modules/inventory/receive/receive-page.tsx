import { Button, Select, TextInput } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import type { AppError } from '#shared/errors/app-error.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { newId } from '#shared/kernel/ids.ts';
import { lotId } from '#shared/schema/lots.ts';
import type { StockActLine } from '#shared/schema/tables/stock-acts.ts';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { FieldFocus } from '../../../ui/field-focus.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { PageWaits } from '../../../ui/page-waits.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useRootOf } from '../catalog/duplicates/use-duplicates.ts';
import { DraftLines } from './draft-lines.tsx';
import { EntryFields } from './entry-fields.tsx';
import {
  checkEntry,
  EMPTY_ENTRY,
  EXPIRED_REASONS,
  expiredLines,
  isEmptyEntry,
} from './receive-check.ts';
import type { EntryField, EntryProblems } from './receive-check.ts';
import { useReceiveDraft } from './receive-draft.ts';
import { FIELDS } from './receive-scan.ts';
import { useReceiveScan } from './use-receive-scan.ts';
import { ScanStatus } from '../scan/scan-status.tsx';
import { useActiveItems, useReceivable, useReceiveStock } from './use-receive.ts';
import { receiptsOf } from '../orders/order-rules.ts';
import { useOrder } from '../orders/use-orders.ts';
import { useAttachDocument } from '../stock/lots/use-lot-documents.ts';
import { ReceiptDocument } from './receipt-document.tsx';
import { OrderExpected } from './order-expected.tsx';
import { belongToOrder } from './order-receipt.ts';
import { OtherDraft } from './other-draft.tsx';
import { openAs } from './packs.ts';

const route = getRouteApi('/inventory/receive');

/** Receiving: lines are gathered, one button makes the receipt. */
export function ReceivePage() {
  const { t, timeZone } = useI18n();
  const { who, mayRow } = useSession();
  const { sites, site: current } = useSites();
  const today = clinicDate(useNow(60_000), timeZone);
  const draft = useReceiveDraft();
  const { start } = draft;
  useEffect(() => start(who.userId), [start, who.userId]);

  const items = useActiveItems();
  const open = sites?.filter(({ id }) =>
    mayRow('stock_acts', 'create', { kind: 'receive', location_id: id }),
  );
  const search = route.useSearch();
  const orderId = search.order ?? null;
  const { data: order } = useOrder(orderId);
  const site =
    (order && open?.find(({ id }) => id === order.location_id)) ??
    open?.find(({ id }) => id === draft.siteId) ??
    open?.find(({ id }) => id === current?.id) ??
    open?.[0];
  const { entry, lines } = draft;
  const receivable = useReceivable(
    [...lines, entry].flatMap(({ itemId }) => (itemId === null ? [] : [itemId])),
    items,
  );
  const item = entry.itemId === null ? null : (receivable.get(entry.itemId) ?? null);
  const checked = checkEntry(entry, item);
  const problems: EntryProblems = checked.ok ? {} : checked.problems;

  const [fields] = useState(() => new FieldFocus<EntryField>());
  const [showAll, setShowAll] = useState(false);
  const [summary, setSummary] = useState(false);
  const [asksReason, setAsksReason] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  // Who comes to receive begins with the item; a form half filled, or an order, begins elsewhere.
  const beginsHere = items !== undefined && sites !== undefined && orderId === null;
  useEffect(() => {
    if (beginsHere && useReceiveDraft.getState().entry.itemId === null) fields.focus('item');
  }, [beginsHere, fields]);
  const finishing = useRef(false);
  const receive = useReceiveStock();
  const scans = useReceiveScan({ siteId: site?.id ?? null, today, items, receivable, fields });
  const all = [...lines, entry].flatMap((line) => {
    const result = checkEntry(line, receivable.get(line.itemId ?? '') ?? null);
    return result.ok ? [result.line] : [];
  });
  const hasExpired = expiredLines(all, today).length > 0;
  // What was ordered may have been merged since: it comes as the item that stands for it.
  const rootOf = useRootOf();
  const expected = order
    ? receiptsOf(order.lines).map(({ line, ...receipt }) => ({
        ...line,
        ...receipt,
        item_id: rootOf(line.item_id),
      }))
    : [];
  const isOver = belongToOrder(all, expected).over.length > 0;
  const overField = useRef<HTMLInputElement>(null);
  const reasonField = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const { done, failed } = useToasts();
  /** The paper of the delivery: chosen here, attached once there are lots that it belongs to. */
  const [paper, setPaper] = useState<File | null>(null);
  const attachPaper = useAttachDocument();
  const asksPaper =
    mayRow('file_uploads', 'create', { location_id: null, owner_table: 'inventory_lots' }) &&
    [...lines, entry].some(
      ({ itemId }) => (receivable.get(itemId ?? '')?.document_policy ?? null) !== null,
    );

  const add = () => {
    if (!checked.ok) {
      setShowAll(true);
      focusFirst(problems);
      return;
    }
    draft.set({ lines: [...lines, { ...entry, key: newId() }], entry: EMPTY_ENTRY });
    setShowAll(false);
    setSummary(false);
    fields.focus('item');
  };
  const focusFirst = (wrong: EntryProblems) => {
    const field = FIELDS.find((name) => wrong[name]);
    if (field) fields.focus(field);
  };

  const finish = async () => {
    const pending = isEmptyEntry(entry) && lines.length > 0 ? [] : [{ ...entry, key: newId() }];
    const whole = [...lines, ...pending];
    const good: StockActLine[] = [];
    for (const line of whole) {
      const result = checkEntry(line, receivable.get(line.itemId ?? '') ?? null);
      if (result.ok) good.push(result.line);
      else {
        // What is wrong comes back into the fields, with words beside it.
        if (line !== pending[0]) {
          draft.set({ lines: whole.filter((other) => other !== line), entry: line });
        }
        setShowAll(true);
        setSummary(true);
        return;
      }
    }
    const needsReason = expiredLines(good, today).length > 0;
    if (needsReason && draft.reason === null) {
      setAsksReason(true);
      reasonField.current?.focus();
      return;
    }
    const receipt = belongToOrder(good, expected);
    const needsNote = receipt.over.length > 0;
    if (needsNote && draft.overReason.trim() === '') {
      setAsksReason(true);
      overField.current?.focus();
      return;
    }
    if (!site || (orderId !== null && !order)) return;
    // A second press while the first is being saved must not make a second receipt.
    if (finishing.current) return;
    finishing.current = true;
    setError(null);
    try {
      await receive(
        site,
        receipt.lines,
        needsReason ? draft.reason : null,
        needsNote ? draft.overReason.trim() : null,
      );
      draft.clear();
      // The receipt stands, whatever becomes of its paper: that can be attached to the lot later.
      if (paper) {
        await attachPaper(paper, lotsOf(receipt.lines)).catch((failure: unknown) =>
          failed(failure, t('lots.notAttached')),
        );
      }
      done(t('receive.done', { n: good.length, site: site.name }));
      if (order) return await navigate({ to: '/orders', search: { order: order.id } });
      const first = good[0]?.item_id;
      await navigate({ to: '/inventory', search: first ? { item: first } : {} });
    } catch (failure) {
      setError(toAppError(failure));
    } finally {
      finishing.current = false;
    }
  };
  usePageKeys('receive', { finish: () => void finish() });

  if (!items || !sites) return <PageWaits title={t('receive.title')} />;
  return (
    <>
      <PageHeader title={t('receive.title')}>
        <Button
          variant="default"
          onClick={() => {
            void navigate({ to: '/inventory' });
          }}
          title={t('receive.laterHelp')}
        >
          {t('receive.later')}
        </Button>
        <Button
          leftSection={<IconCheck size={18} stroke={1.5} />}
          onClick={() => void finish()}
          aria-keyshortcuts="Control+Enter"
          title="Ctrl+Enter"
          data-testid="receive-finish"
        >
          {t('receive.finish')}
        </Button>
      </PageHeader>
      <div className="g-scroll">
        <div className="g-stack g-column" style={{ maxWidth: 1120, gap: 16 }}>
          {error && <ErrorNote error={error} testId="receive-error" />}
          {summary && Object.keys(problems).length > 0 && (
            <Summary problems={problems} go={(field) => fields.focus(field)} />
          )}
          <OtherDraft orderId={orderId} />
          {order && (
            <OrderExpected
              order={order}
              lines={all}
              take={(itemId, openBase, unit) => {
                const line = order.lines.find(({ item_id }) => rootOf(item_id) === itemId);
                const lots = items.find(({ item_id }) => item_id === itemId)?.lot_policy;
                if (!line) return;
                draft.set({ entry: { ...EMPTY_ENTRY, itemId, ...openAs(openBase, unit, line) } });
                requestAnimationFrame(() => fields.focus(lots === 'none' ? 'quantity' : 'lot'));
              }}
            />
          )}
          {open && open.length > 1 && !order ? (
            <Select
              label={t('receive.site')}
              w={260}
              data={open.map(({ id, name }) => ({ value: id, label: name }))}
              value={site?.id ?? null}
              onChange={(siteId) => draft.set({ siteId })}
              allowDeselect={false}
              data-testid="receive-site"
            />
          ) : (
            <p>{t('receive.at', { site: site?.name ?? '' })}</p>
          )}
          <ScanStatus said={scans.said} question={scans.question} />
          <DraftLines
            lines={lines}
            items={items}
            receivable={receivable}
            today={today}
            remove={(key) => draft.set({ lines: lines.filter((line) => line.key !== key) })}
            edit={(line) => {
              draft.set({ lines: lines.filter(({ key }) => key !== line.key), entry: line });
              fields.focus('quantity');
            }}
          />
          <EntryFields
            items={items}
            entry={entry}
            item={item}
            problems={problems}
            showAll={showAll}
            fields={fields}
            today={today}
            change={(changes) =>
              draft.set({ entry: { ...useReceiveDraft.getState().entry, ...changes } })
            }
            add={add}
          />
          {hasExpired && (
            <Select
              ref={reasonField}
              label={t('receive.reason')}
              placeholder={t('receive.reasonPlaceholder')}
              w={360}
              required
              data={EXPIRED_REASONS.map((value) => ({
                value,
                label: t(`receive.reason.${value}`),
              }))}
              value={draft.reason}
              onChange={(value) =>
                draft.set({ reason: EXPIRED_REASONS.find((known) => known === value) ?? null })
              }
              error={asksReason && draft.reason === null ? t('receive.reasonMissing') : null}
              data-testid="receive-reason"
            />
          )}
          {isOver && (
            <TextInput
              ref={overField}
              label={t('receive.overReason')}
              description={t('receive.overHelp')}
              w={480}
              required
              maxLength={500}
              value={draft.overReason}
              onChange={({ currentTarget }) => draft.set({ overReason: currentTarget.value })}
              error={
                asksReason && draft.overReason.trim() === '' ? t('receive.overReasonMissing') : null
              }
              data-testid="receive-over-reason"
            />
          )}
          {asksPaper && <ReceiptDocument paper={paper} setPaper={setPaper} />}
          <p className="g-small g-dim">{t('receive.help')}</p>
        </div>
      </div>
    </>
  );
}

/** The lots that lines name, each once. */
const lotsOf = (lines: readonly StockActLine[]): string[] => [
  ...new Set(
    lines.flatMap(({ item_id: itemId, lot_no: lotNo, expiry_date: expiryDate, serial }) =>
      lotNo === null ? [] : [lotId({ itemId, lotNo, expiryDate, serial })],
    ),
  ),
];

function Summary(props: { problems: EntryProblems; go: (field: EntryField) => void }) {
  const { t } = useI18n();
  return (
    <div className="g-note g-tone-red" role="alert" data-testid="receive-summary">
      <div>
        <p className="g-strong">{t('receive.notYet')}</p>
        <ul style={{ margin: '4px 0 0', paddingLeft: 18 }}>
          {FIELDS.flatMap((field) => {
            const problem = props.problems[field];
            if (!problem) return [];
            return [
              <li key={field}>
                <button type="button" className="g-link" onClick={() => props.go(field)}>
                  {t(problem)}
                </button>
              </li>,
            ];
          })}
        </ul>
      </div>
    </div>
  );
}
