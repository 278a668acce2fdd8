import { Button, TextInput } from '@mantine/core';
import { IconClipboardCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { Dialog } from '../../../../ui/dialog.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { Loading } from '../../../../ui/loading.tsx';
import { SignaturePad } from '../../../../ui/signature-pad.tsx';
import type { Signature } from '../../../../ui/signature.ts';
import { useToasts } from '../../../../ui/toasts.tsx';
import { useTask } from '../../../../ui/use-task.ts';
import type { Place } from '../vials/vial-acts.ts';
import { WitnessField } from '../witness/witness-field.tsx';
import { monthToClose, reconcile } from './sample-acts.ts';
import type { CountedText } from './sample-acts.ts';
import { useCloset, useSampleActs } from './use-samples.ts';

/** The monthly comparison: every lot is counted, a difference explained, and all of it signed. */
export function ReconcileDialog(props: {
  site: Place & { readonly name: string };
  close: () => void;
}) {
  const { site, close } = props;
  const { t, fmt } = useI18n();
  const acts = useSampleActs();
  const task = useTask();
  const { done } = useToasts();
  const [today] = useState(() => clinicDate(Date.now(), site.time_zone));
  const closet = useCloset(site.id, today);
  const month = monthToClose(today);
  const [typed, setTyped] = useState<ReadonlyMap<string, CountedText>>(new Map());
  const [note, setNote] = useState('');
  const [signature, setSignature] = useState<Signature | null>(null);
  const [witnessId, setWitnessId] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const result = reconcile(closet ?? [], typed);
  const controlled = closet?.some((line) => line.controlled) ?? false;
  const put = (key: string, changes: Partial<CountedText>) =>
    setTyped((now) =>
      new Map(now).set(key, { ...(now.get(key) ?? { counted: '', why: '' }), ...changes }),
    );
  const problemOf = (key: string) => (result.ok || !tried ? undefined : result.problems.get(key));
  const finish = async () => {
    setTried(true);
    if (!closet || closet.length === 0 || !result.ok || signature === null) return;
    if (controlled && witnessId === null) return;
    const text = note.trim();
    const went = await task.run(() =>
      acts.reconcile({
        siteId: site.id,
        month,
        lines: result.lines,
        note: text === '' ? null : text,
        signature: JSON.stringify(signature),
        witnessId,
      }),
    );
    if (!went) return setWitnessId(null);
    done(t('samples.reconciled', { month: fmt.month(month), n: result.differences }));
    close();
  };
  return (
    <Dialog
      title={t('samples.reconcileOf', { month: fmt.month(month), site: site.name })}
      close={close}
      busy={task.busy}
      size={760}
      testId="samples-month"
    >
      {task.error && <ErrorNote error={task.error} testId="samples-month-error" />}
      {!closet && <Loading lines={4} />}
      {closet?.length === 0 && <p>{t('samples.closetEmpty')}</p>}
      {closet && closet.length > 0 && (
        <>
          <table className="g-table" data-testid="samples-month-lines">
            <thead>
              <tr>
                <th scope="col">{t('inventory.item')}</th>
                <th scope="col">{t('lots.lot')}</th>
                <th scope="col" className="g-num">
                  {t('samples.book')}
                </th>
                <th scope="col">{t('samples.counted')}</th>
                <th scope="col">{t('samples.why')}</th>
              </tr>
            </thead>
            <tbody>
              {closet.map((line) => {
                const what = `${line.name} ${line.lot_no ?? ''}`;
                return (
                  <tr key={line.key} data-testid="samples-month-line">
                    <td>{line.name}</td>
                    <td className="g-code">{line.lot_no ?? t('counts.noLot')}</td>
                    <td className="g-num">
                      {fmt.quantity(line.book)} <span className="g-dim">{line.unit}</span>
                    </td>
                    <td>
                      <TextInput
                        aria-label={`${t('samples.counted')}: ${what}`}
                        w={90}
                        inputMode="decimal"
                        value={typed.get(line.key)?.counted ?? ''}
                        onChange={(event) => put(line.key, { counted: event.currentTarget.value })}
                        error={
                          problemOf(line.key) === 'counted' ? t('samples.countedMissing') : null
                        }
                        maxLength={20}
                      />
                    </td>
                    <td>
                      <TextInput
                        aria-label={`${t('samples.why')}: ${what}`}
                        value={typed.get(line.key)?.why ?? ''}
                        onChange={(event) => put(line.key, { why: event.currentTarget.value })}
                        error={problemOf(line.key) === 'why' ? t('samples.whyMissing') : null}
                        maxLength={300}
                      />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
          <TextInput
            label={t('field.note')}
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <SignaturePad
            label={t('samples.mySignature')}
            onChange={setSignature}
            error={tried && signature === null ? t('samples.signatureMissing') : null}
            testId="samples-month-sign"
          />
          <WitnessField
            required={controlled}
            witnessId={witnessId}
            change={setWitnessId}
            error={tried && controlled && witnessId === null ? t('witness.missing') : null}
          />
          <div>
            <Button
              leftSection={<IconClipboardCheck size={18} stroke={1.5} />}
              onClick={() => void finish()}
              data-testid="samples-month-finish"
            >
              {t('samples.sign')}
            </Button>
          </div>
          <p className="g-small g-dim">{t('samples.reconcileHelp')}</p>
        </>
      )}
    </Dialog>
  );
}
