import { useState } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useSession } from '../session.tsx';
import { FilePreview } from './file-preview.tsx';
import { FileRow, TakingRow } from './file-row.tsx';
import type { AttachedFile, useFiles } from './use-files.ts';

/** The files of a record, each with where it is; one opens over the page. */
export function FileList(props: {
  known: ReturnType<typeof useFiles>;
  /** The row of a file as rights ask for it. */
  scope: Readonly<Record<string, unknown>>;
  label: string;
}) {
  const { known, scope, label } = props;
  const { timeZone } = useI18n();
  const { mayRow } = useSession();
  const now = useNow();
  const [shown, setShown] = useState<AttachedFile | null>(null);
  const { files = [], byFile, taking } = known;
  return (
    <>
      <ul className="g-files" aria-label={label}>
        {taking.map((one) => (
          <TakingRow
            key={one.key}
            file={one}
            cancel={() => known.cancel(one.key)}
            dismiss={() => known.dismiss(one.key)}
          />
        ))}
        {files.map((file) => (
          <FileRow
            key={file.id}
            file={file}
            transfer={byFile.get(file.id)}
            today={clinicDate(now, timeZone)}
            now={now}
            mayEdit={mayRow('file_uploads', 'update', scope)}
            open={() => setShown(file)}
            retry={() => known.retry(file.id)}
            caption={(text) => known.caption(file.id, text)}
          />
        ))}
      </ul>
      {shown && (
        <FilePreview
          key={shown.id}
          file={shown}
          transfer={byFile.get(shown.id)}
          save={() => known.save(shown.id)}
          close={() => setShown(null)}
        />
      )}
    </>
  );
}
