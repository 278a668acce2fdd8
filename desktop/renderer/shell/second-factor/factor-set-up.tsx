import { useEffect, useState } from 'react';
import { useStore } from '#desktop/collections/hooks.tsx';
import type { StoreCallOut } from '#shared/ipc/store-contract.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { useTask } from '../../ui/use-task.ts';
import { CodeForm } from './code-form.tsx';

type NewFactor = StoreCallOut<'auth.beginFactor'>;

/** A new second factor: for the camera of a phone or to be typed, then the first code of it. */
export function FactorSetUp(props: { done?: () => void }) {
  const { t } = useI18n();
  const { client } = useStore();
  const { busy, error, run } = useTask();
  const [factor, setFactor] = useState<NewFactor | null>(null);
  const begin = () => void run(async () => setFactor(await client.call('auth.beginFactor', {})));
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- asked once; again by the button
  useEffect(begin, []);
  if (error) return <ErrorNote error={error} retry={begin} testId="factor-begin-error" />;
  if (!factor || busy) return <Loading lines={5} />;
  return (
    <>
      <div>
        <h2>{t('factor.step1')}</h2>
        <p className="g-small g-dim">{t('factor.step1Help')}</p>
      </div>
      <QrCode text={factor.uri} label={t('factor.qr')} testId="factor-qr" />
      <div>
        <p className="g-small g-dim">{t('factor.byHand')}</p>
        <p className="g-code" data-testid="factor-secret">
          {inGroups(factor.secret)}
        </p>
      </div>
      <h2>{t('factor.step2')}</h2>
      <CodeForm {...(props.done ? { done: props.done } : {})} />
    </>
  );
}

/** Somebody types it: four letters are remembered from one screen to the other. */
const inGroups = (secret: string): string => (secret.match(/.{1,4}/g) ?? []).join(' ');
