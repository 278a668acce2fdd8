import { Button } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { isEmptyEntry } from './receive-check.ts';
import { useReceiveDraft } from './receive-draft.ts';

/** Lines that were begun for another delivery are not taken for this one without a word. */
export function OtherDraft(props: { orderId: string | null }) {
  const { orderId } = props;
  const { t } = useI18n();
  const draft = useReceiveDraft();
  const { set, orderId: begun } = draft;
  const isOther = begun !== orderId;
  const isEmpty = draft.lines.length === 0 && isEmptyEntry(draft.entry);
  useEffect(() => {
    if (isOther && isEmpty) set({ orderId, overReason: '' });
  }, [isOther, isEmpty, orderId, set]);
  if (!isOther || isEmpty) return null;
  return (
    <Note tone="violet" icon={IconInfoCircle} testId="receive-other-draft">
      <p>{t('receive.otherDraft')}</p>
      <div className="g-row">
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            draft.clear();
            set({ orderId });
          }}
          data-testid="receive-begin-anew"
        >
          {t('receive.beginAnew')}
        </Button>
        <Button size="xs" variant="default" onClick={() => set({ orderId })}>
          {t('receive.takeOver')}
        </Button>
      </div>
    </Note>
  );
}
