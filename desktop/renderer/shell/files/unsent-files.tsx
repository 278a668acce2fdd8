import { IconPaperclip } from '@tabler/icons-react';
import { useTopic } from '#desktop/collections/hooks.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Note } from '../../ui/note.tsx';

/** Says how many files only this device has, where that matters; nothing when there are none. */
export function UnsentFiles(props: { words: 'files.notInBackup' | 'files.goWithWipe' }) {
  const { t } = useI18n();
  const { data } = useTopic('files.transfers');
  const n = data?.filter(({ direction }) => direction === 'up').length ?? 0;
  if (n === 0) return null;
  return (
    <Note tone="amber" icon={IconPaperclip} testId="unsent-files">
      {t(props.words, { n })}
    </Note>
  );
}
