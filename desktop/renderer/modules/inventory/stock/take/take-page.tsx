import { Button, Select, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { whyNotWaste } from '#shared/access/duties.ts';
import type { TransferRow } from '#shared/ipc/views.stock.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { newId } from '#shared/kernel/ids.ts';
import { usePageKeys } from '../../../../shell/actions/page-keys.ts';
import { useSession } from '../../../../shell/session.tsx';
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
import { useReceivable } from '../../receive/use-receive.ts';
import { ScanStatus } from '../../scan/scan-status.tsx';
import { useTransferActs } from '../transfers/use-transfers.ts';
import { PatientField } from '../patient/patient-field.tsx';
import { useReversal } from '../use-reversal.ts';
import { WitnessField } from '../witness/witness-field.tsx';
import {
  announced,
  EMPTY_TAKE,
  FEFO_REASONS,
  WASTE_REASONS,
  isEmptyTake,
  overriddenItems,
  planTakes,
} from './take-check.ts';
import type { TakeKind, TakeProblems, TakenLine } from './take-check.ts';
import { TAKE_DRAFTS } from './take-draft.ts';
import { TakeFields } from './take-fields.tsx';
import { TakeLines } from './take-lines.tsx';
import { firstOf } from './take-scan.ts';
import type { TakeField } from './take-scan.ts';
import { useLotsAt, useStockItems, useTakeStock } from './use-take.ts';
import { useTakeScan } from './use-take-scan.ts';

const REASONS = {
  issue: FEFO_REASONS,
  waste: WASTE_REASONS,
  transfer_out: [],
} as const satisfies Record<TakeKind, readonly string[]>;

/** Using, throwing away or sending stock: lines are gathered, one button makes the act. */
export function TakePage(props: {
  kind: TakeKind;
  /** What the legs of a transfer belong to; the site and what is wanted follow from it. */
  transfer?: TransferRow;
  /** What an empty form begins with, from another screen. */
  begin?: readonly TakenLine[];
}) {
  const { kind, transfer } = props;
  const { t, timeZone } = useI18n();
  const { who, mayRow } = useSession();
  const { sites, site: current } = useSites();
  const draft = TAKE_DRAFTS[kind]();
  const { start } = draft;
  const { begin } = props;
  const owner = `${who.userId} ${transfer?.id ?? ''}`;
  useEffect(() => start(owner, begin), [start, owner, begin]);

  const items = useStockItems();
  const mayTake = (id: string): boolean =>
    mayRow('stock_acts', 'create', { kind, location_id: id });
  /** Providers use stock for patients only. */
  const mayTreat = (id: string): boolean =>
    kind === 'issue' && mayRow('patient_uses', 'create', { location_id: id });
  const open = sites?.filter(
    ({ id }) => (mayTake(id) || mayTreat(id)) && (!transfer || id === transfer.location_id),
  );
  const site =
    open?.find(({ id }) => id === draft.siteId) ??
    open?.find(({ id }) => id === current?.id) ??
    open?.[0];
  const today = clinicDate(useNow(60_000), site?.time_zone ?? timeZone);
  const { entry, lines } = draft;
  const ids = [...lines, entry].flatMap(({ itemId }) => (itemId === null ? [] : [itemId]));
  const receivable = useReceivable(ids, items);
  const { lotsOf, lotsNow } = useLotsAt(site?.id ?? null, ids);
  const itemOf = (id: string) => receivable.get(id) ?? null;
  const known = { kind, today, itemOf, lotsOf };
  const planned = planTakes([...lines, entry], known);
  const atEntry = planned.at(-1);
  const problems: TakeProblems = atEntry && !atEntry.ok ? atEntry.problems : {};
  const overridden = overriddenItems(planned, known);
  const controlled = ids.some((id) => (itemOf(id)?.controlled_schedule ?? 'none') !== 'none');
  const mayName = site !== undefined && mayTreat(site.id);
  const needsPatient = site !== undefined && !mayTake(site.id);
  const asksReason = kind === 'waste' || overridden.length > 0;

  const [fields] = useState(() => new FieldFocus<TakeField>());
  // Who comes to use or waste begins with the item; a transfer says what is wanted, and a form may be half filled.
  const beginsHere = items !== undefined && sites !== undefined && transfer === undefined;
  useEffect(() => {
    if (beginsHere && TAKE_DRAFTS[kind].getState().entry.itemId === null) fields.focus('item');
  }, [beginsHere, kind, fields]);
  const [showAll, setShowAll] = useState(false);
  const [tried, setTried] = useState(false);
  const task = useTask();
  const take = useTakeStock();
  const reversal = useReversal();
  const { announce } = useTransferActs();
  const scans = useTakeScan({ kind, siteId: site?.id ?? null, today, lotsNow, items, fields });
  // Neither stands in the draft: drafts lie outside of the encrypted profile, and who has seen it has
  // seen what is finished now.
  const [patientId, setPatientId] = useState<string | null>(null);
  const [witnessId, setWitnessId] = useState<string | null>(null);
  const navigate = useNavigate();
  const { done } = useToasts();

  const add = () => {
    if (!atEntry?.ok) {
      setShowAll(true);
      fields.focus(firstOf(problems));
      return;
    }
    draft.set({ lines: [...lines, { ...entry, key: newId() }], entry: EMPTY_TAKE });
    setShowAll(false);
    fields.focus('item');
  };

  const duty =
    kind === 'waste'
      ? whyNotWaste({
          reason: draft.reason,
          controlled,
          userId: who.userId,
          witnessId,
        })
      : overridden.length > 0 && draft.reason === null
        ? 'reason-missing'
        : null;

  const finish = () =>
    task.run(async () => {
      setTried(true);
      const whole = isEmptyTake(entry) && lines.length > 0 ? lines : [...lines, entry];
      // As the shelf is now: the screen may be a moment behind.
      const now = { ...known, lotsOf: await lotsNow(ids) };
      const plan = planTakes(whole, now);
      const wrong = plan.findIndex((line) => !line.ok);
      if (wrong >= 0) {
        const line = whole[wrong];
        if (line && line !== entry) {
          draft.set({
            lines: lines.filter((other) => other !== line),
            entry: { itemId: line.itemId, quantity: line.quantity, unit: line.unit, lot: line.lot },
          });
        }
        setShowAll(true);
        return;
      }
      if (duty !== null || !site || (needsPatient && patientId === null)) return;
      const good = plan.flatMap((line) => (line.ok ? line.lines : []));
      if (transfer?.status === 'draft' && transfer.lines.length === 0) {
        await announce(transfer.id, announced(good));
      }
      const actId = await take({
        kind,
        site,
        lines: good,
        reason: overriddenItems(plan, now).length > 0 || kind === 'waste' ? draft.reason : null,
        note: draft.note.trim() === '' ? null : draft.note.trim(),
        witnessId: kind === 'waste' ? witnessId : null,
        transferId: transfer?.id ?? null,
        patientId: mayName ? patientId : null,
      });
      draft.clear();
      done(
        t(`take.done.${kind}`, { n: good.length, site: site.name }),
        mayTake(site.id)
          ? () => reversal.act(actId, { reason: 'not_done', note: null })
          : undefined,
      );
      await (transfer
        ? navigate({ to: '/inventory/transfers', search: { transfer: transfer.id } })
        : navigate({ to: '/inventory', search: good[0] ? { item: good[0].item_id } : {} }));
    });
  usePageKeys('take', { finish: () => void finish() });

  if (!items || !sites) return <PageWaits title={t(`take.title.${kind}`)} />;
  return (
    <>
      <PageHeader title={t(`take.title.${kind}`)}>
        <Button
          variant="default"
          onClick={() =>
            void (transfer
              ? navigate({ to: '/inventory/transfers', search: { transfer: transfer.id } })
              : navigate({ to: '/inventory' }))
          }
          title={t('receive.laterHelp')}
        >
          {t('receive.later')}
        </Button>
        <Button
          leftSection={<IconCheck size={18} stroke={1.5} />}
          onClick={() => void finish()}
          aria-keyshortcuts="Control+Enter"
          title="Ctrl+Enter"
          data-testid="take-finish"
        >
          {t(`take.finish.${kind}`)}
        </Button>
      </PageHeader>
      <div className="g-scroll">
        <div className="g-stack g-column" style={{ maxWidth: 1120, gap: 16 }}>
          {task.error && <ErrorNote error={task.error} testId="take-error" />}
          {open && open.length > 1 ? (
            <Select
              label={t('stock.site')}
              w={260}
              data={open.map(({ id, name }) => ({ value: id, label: name }))}
              value={site?.id ?? null}
              onChange={(siteId) => draft.set({ siteId })}
              allowDeselect={false}
              data-testid="take-site"
            />
          ) : (
            <p>{t('take.at', { site: site?.name ?? '' })}</p>
          )}
          <ScanStatus said={scans.said} question={scans.question} />
          <TakeLines
            lines={lines}
            planned={planned}
            items={items}
            today={today}
            remove={(key) => draft.set({ lines: lines.filter((line) => line.key !== key) })}
            edit={({ key, ...line }) => {
              draft.set({ lines: lines.filter((other) => other.key !== key), entry: line });
              fields.focus('quantity');
            }}
          />
          <TakeFields
            kind={kind}
            items={items}
            entry={entry}
            item={entry.itemId === null ? null : itemOf(entry.itemId)}
            lots={entry.itemId === null ? [] : lotsOf(entry.itemId)}
            planned={atEntry}
            problems={problems}
            showAll={showAll}
            fields={fields}
            today={today}
            change={(changes) =>
              draft.set({ entry: { ...TAKE_DRAFTS[kind].getState().entry, ...changes } })
            }
            add={add}
          />
          {overridden.length > 0 && (
            <Note tone="amber" icon={IconAlertTriangle} role="status" testId="take-fefo">
              {t('take.fefoSkipped', {
                items: overridden
                  .map((id) => items.find(({ item_id }) => item_id === id)?.name ?? '')
                  .join(', '),
              })}
            </Note>
          )}
          {mayName && (
            <PatientField
              patientId={patientId}
              change={setPatientId}
              today={today}
              required={needsPatient}
              error={tried && needsPatient && patientId === null ? t('usedFor.missing') : null}
            />
          )}
          <div className="g-row" style={{ gap: 12, alignItems: 'flex-start', flexWrap: 'wrap' }}>
            {asksReason && (
              <Select
                label={t(kind === 'waste' ? 'take.wasteReason' : 'take.fefoReason')}
                placeholder={t('receive.reasonPlaceholder')}
                w={320}
                required
                data={REASONS[kind].map((value) => ({ value, label: t(`reason.${value}`) }))}
                value={draft.reason}
                onChange={(reason) => draft.set({ reason })}
                error={tried && duty === 'reason-missing' ? t('take.reasonMissing') : null}
                data-testid="take-reason"
              />
            )}
            <TextInput
              label={t('field.note')}
              w={320}
              maxLength={500}
              value={draft.note}
              onChange={(event) => draft.set({ note: event.currentTarget.value })}
              data-testid="take-note"
            />
          </div>
          {kind === 'waste' && (
            <WitnessField
              required={controlled}
              witnessId={witnessId}
              change={setWitnessId}
              error={tried && duty === 'witness-missing' ? t('take.witnessMissing') : null}
            />
          )}
          <p className="g-small g-dim">{t(`take.help.${kind}`)}</p>
        </div>
      </div>
    </>
  );
}
