import type { CountSessionRow } from '#shared/ipc/views.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { QrCode } from '../../../ui/qr-code.tsx';
import { sheetText } from './count-sheet.tsx';

/** How somebody else joins a count: a scan of its code opens it on their device. */
export function ShowCode(props: { count: CountSessionRow; close: () => void }) {
  const { t } = useI18n();
  return (
    <Dialog title={t('counts.together')} close={props.close} testId="count-code">
      <QrCode text={sheetText(props.count)} label={t('counts.codeOf')} testId="count-qr" />
      <p>{t('counts.togetherHelp')}</p>
      <p className="g-dim">{t('counts.togetherOffline')}</p>
    </Dialog>
  );
}
