import { CloseButton } from '@mantine/core';
import { useI18n } from '../../../ui/i18n.tsx';
import { DocumentInput } from '../stock/lots/document-input.tsx';

/** The transaction document of a delivery, chosen before the receipt is made. */
export function ReceiptDocument(props: {
  paper: File | null;
  setPaper: (paper: File | null) => void;
}) {
  const { paper, setPaper } = props;
  const { t } = useI18n();
  return (
    <section className="g-stack" style={{ gap: 4 }} aria-label={t('lots.receipt')}>
      <div className="g-row">
        <span className="g-strong">{t('lots.receipt')}</span>
        <DocumentInput label={t('lots.attach')} take={setPaper} testId="receive-document" />
        {paper && (
          <>
            <span data-testid="receive-document-name">
              {t('lots.receiptChosen', { name: paper.name })}
            </span>
            <CloseButton size="sm" aria-label={t('lots.remove')} onClick={() => setPaper(null)} />
          </>
        )}
      </div>
      <p className="g-small g-dim">{t(paper ? 'lots.receiptHelp' : 'lots.receiptAsked')}</p>
    </section>
  );
}
