import { Button, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconTruckDelivery } from '@tabler/icons-react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { newId } from '#shared/kernel/ids.ts';
import { formatQuantity, parseQuantity } from '#shared/kernel/quantity.ts';
import type { TransferRow } from '#shared/ipc/views.stock.ts';
import { usePageKeys } from '../../../../shell/actions/page-keys.ts';
import { useSites } from '../../../../shell/sites.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { FieldFocus } from '../../../../ui/field-focus.ts';
import { useI18n } from '../../../../ui/i18n.tsx';
import { Note } from '../../../../ui/note.tsx';
import { PageHeader } from '../../../../ui/page-header.tsx';
import { PageWaits } from '../../../../ui/page-waits.tsx';
import { useToasts } from '../../../../ui/toasts.tsx';
import { useNow } from '../../../../ui/use-now.ts';
import { useTask } from '../../../../ui/use-task.ts';
import { DraftLines } from '../../receive/draft-lines.tsx';
import { EntryFields } from '../../receive/entry-fields.tsx';
import { checkEntry, EMPTY_ENTRY, isEmptyEntry } from '../../receive/receive-check.ts';
import type { EntryField, EntryProblems, EntryText } from '../../receive/receive-check.ts';
import type { DraftLine } from '../../receive/receive-draft.ts';
import { FIELDS } from '../../receive/receive-scan.ts';
import { useActiveItems, useReceivable } from '../../receive/use-receive.ts';
import { Expiry } from '../../stock-pills.tsx';
import { arrivedLines, expectedOf } from './arrival.ts';
import { MissingTransfer } from './missing-transfer.tsx';
import { useTransferActs, useTransfers } from './use-transfers.ts';

const route = getRouteApi('/inventory/arrive');

/** The receiving leg: what was sent stands there, what came is said; also before the other site's is here. */
export function ArrivePage() {
  const { transfer: id } = route.useSearch();
  const { data, error } = useTransfers();
  const transfer = data?.find((one) => one.id === id);
  if (!transfer) return <MissingTransfer isRead={data !== undefined} error={error} />;
  return <Arrive key={transfer.id} transfer={transfer} />;
}

function Arrive({ transfer }: { transfer: TransferRow }) {
  const { t, fmt, timeZone } = useI18n();
  const { byId } = useSites();
  const site = byId.get(transfer.to_location_id);
  const today = clinicDate(useNow(60_000), site?.time_zone ?? timeZone);
  const items = useActiveItems();
  const all = expectedOf(transfer);
  // What has lots and comes without the other site's saying which is entered from its label.
  const byLabel = all.filter(
    ({ line }) =>
      line.lot_id === null &&
      items?.find(({ item_id: id }) => id === line.item_id)?.lot_policy === 'required',
  );
  const expected = all.filter((one) => !byLabel.includes(one));
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [others, setOthers] = useState<readonly DraftLine[]>([]);
  const [entry, setEntry] = useState<EntryText>(EMPTY_ENTRY);
  const [showAll, setShowAll] = useState(false);
  const [adds, setAdds] = useState(false);
  const [note, setNote] = useState('');
  const [fields] = useState(() => new FieldFocus<EntryField>());
  const receivable = useReceivable(
    [...others, entry].flatMap(({ itemId }) => (itemId === null ? [] : [itemId])),
    items,
  );
  const acts = useTransferActs();
  const task = useTask();
  const { done } = useToasts();
  const navigate = useNavigate();
  const item = entry.itemId === null ? null : (receivable.get(entry.itemId) ?? null);
  const checked = checkEntry(entry, item);
  const problems: EntryProblems = checked.ok ? {} : checked.problems;
  const arrived = arrivedLines(expected, typed);
  const differs = expected.some(
    ({ key, open }) => typed[key] !== undefined && parseQuantity(typed[key]) !== open,
  );
  const isOpen = adds || byLabel.length > 0 || expected.length === 0;

  const back = () => navigate({ to: '/inventory/transfers', search: { transfer: transfer.id } });
  const add = () => {
    if (!checked.ok) {
      setShowAll(true);
      const field = FIELDS.find((name) => problems[name]);
      if (field) fields.focus(field);
      return;
    }
    setOthers([...others, { ...entry, key: newId() }]);
    setEntry(EMPTY_ENTRY);
    setShowAll(false);
    fields.focus('item');
  };
  const finish = () =>
    task.run(async () => {
      const more = isEmptyEntry(entry) ? others : [...others, { ...entry, key: 'entry' }];
      const extra = more.map((line) => checkEntry(line, receivable.get(line.itemId ?? '') ?? null));
      if (arrived === null || !site || extra.some(({ ok }) => !ok)) {
        setShowAll(true);
        return;
      }
      const lines = [...arrived, ...extra.flatMap((line) => (line.ok ? [line.line] : []))];
      if (lines.length === 0) {
        setShowAll(true);
        return;
      }
      await acts.receive(transfer, site, lines, note.trim() === '' ? null : note.trim());
      done(t('transfers.arrived', { n: lines.length, site: site.name }));
      await back();
    });
  usePageKeys('take', { finish: () => void finish() });

  if (!items) return <PageWaits title={t('transfers.receiveTitle')} />;
  return (
    <>
      <PageHeader title={t('transfers.receiveTitle')}>
        <Button variant="default" onClick={() => void back()}>
          {t('common.cancel')}
        </Button>
        <Button
          leftSection={<IconCheck size={18} stroke={1.5} />}
          onClick={() => void finish()}
          aria-keyshortcuts="Control+Enter"
          title="Ctrl+Enter"
          data-testid="arrive-finish"
        >
          {t('transfers.finishReceive')}
        </Button>
      </PageHeader>
      <div className="g-scroll">
        <div className="g-stack g-column" style={{ maxWidth: 1120, gap: 16 }}>
          {task.error && <ErrorNote error={task.error} />}
          <p>
            {t('transfers.fromTo', {
              from: byId.get(transfer.location_id)?.name ?? '',
              to: site?.name ?? '',
            })}
          </p>
          {expected.length > 0 ? (
            <table className="g-table" data-testid="arrive-lines">
              <thead>
                <tr>
                  <th scope="col">{t('inventory.item')}</th>
                  <th scope="col">{t('lots.lot')}</th>
                  <th scope="col">{t('lots.expiry')}</th>
                  <th scope="col" className="g-num">
                    {t('transfers.sent')}
                  </th>
                  <th scope="col" style={{ width: 140 }}>
                    {t('transfers.came')}
                  </th>
                </tr>
              </thead>
              <tbody>
                {expected.map(({ key, line, open }) => (
                  <tr key={key}>
                    <td>{line.item_name}</td>
                    <td className="g-code">{line.lot_no}</td>
                    <td>
                      <Expiry date={line.expiry_date} today={today} />
                    </td>
                    <td className="g-num">
                      {fmt.quantity(open)} <span className="g-dim">{line.base_unit}</span>
                    </td>
                    <td>
                      <TextInput
                        aria-label={t('transfers.cameOf', { item: line.item_name })}
                        inputMode="decimal"
                        value={typed[key] ?? formatQuantity(open)}
                        onChange={({ currentTarget: { value } }) =>
                          setTyped((old) => ({ ...old, [key]: value }))
                        }
                        error={
                          (parseQuantity(typed[key] ?? '0') ?? -1) < 0 && typed[key] !== ''
                            ? t('receive.problem.quantityNumber')
                            : null
                        }
                        maxLength={20}
                        data-testid="arrive-qty"
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : (
            byLabel.length === 0 && (
              <Note tone="blue" icon={IconTruckDelivery} role="status" testId="arrive-first">
                {t('transfers.arriveFirst')}
              </Note>
            )
          )}
          {byLabel.length > 0 && (
            <Note tone="blue" icon={IconTruckDelivery} role="status" testId="arrive-by-label">
              {t('transfers.byLabel', {
                items: byLabel
                  .map(
                    ({ line, open }) => `${line.item_name} ${fmt.quantity(open)} ${line.base_unit}`,
                  )
                  .join(', '),
              })}
            </Note>
          )}
          {differs && (
            <Note tone="amber" icon={IconAlertTriangle} role="status" testId="arrive-differs">
              {t('transfers.willDiffer')}
            </Note>
          )}
          <DraftLines
            lines={others}
            items={items}
            receivable={receivable}
            today={today}
            edit={({ key, ...line }) => {
              setOthers(others.filter((other) => other.key !== key));
              setEntry(line);
            }}
            remove={(key) => setOthers(others.filter((line) => line.key !== key))}
          />
          {isOpen ? (
            <EntryFields
              items={items}
              entry={entry}
              item={item}
              problems={problems}
              showAll={showAll}
              fields={fields}
              today={today}
              change={(changes) => setEntry((old) => ({ ...old, ...changes }))}
              add={add}
            />
          ) : (
            <div>
              <Button variant="subtle" onClick={() => setAdds(true)} data-testid="arrive-more">
                {t('transfers.cameElse')}
              </Button>
            </div>
          )}
          <TextInput
            label={t('field.note')}
            w={320}
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
        </div>
      </div>
    </>
  );
}
