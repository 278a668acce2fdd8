import { Kbd } from '@mantine/core';
import { Dialog } from '../../ui/dialog.tsx';
import { useI18n } from '../../ui/i18n.tsx';

const KEYS = [
  { keys: ['J', 'K', '↓', '↑'], word: 'keys.move' },
  { keys: ['1', '2', '…'], word: 'keys.choose' },
  { keys: ['Enter'], word: 'keys.confirm' },
  { keys: ['U'], word: 'keys.undo' },
  { keys: ['?'], word: 'keys.help' },
] as const;

/** The keys of the page. */
export function KeysSheet(props: { close: () => void }) {
  const { t } = useI18n();
  return (
    <Dialog title={t('keys.title')} close={props.close} testId="review-keys">
      <dl className="g-facts">
        {KEYS.map(({ keys, word }) => (
          <div key={word} style={{ display: 'contents' }}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key} mr={4}>
                  {key}
                </Kbd>
              ))}
            </dt>
            <dd>{t(word)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
