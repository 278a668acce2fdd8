import { Button } from '@mantine/core';
import { IconPackage, IconPhoto } from '@tabler/icons-react';
import { useEffect, useMemo, useRef } from 'react';
import type { FileRef } from '#shared/ipc/catalogue-views.ts';
import { isShown } from '../../../shell/files/file-words.ts';
import { useFileContent } from '../../../shell/files/use-files.ts';
import { useI18n } from '../../../ui/i18n.tsx';

/** A picture that another machine has not sent yet is looked for again. */
const AGAIN_MS = 10_000;

/** A picture as small as a line of a list; a mark while there is none. */
export function Thumbnail(props: { file: FileRef | null; size?: number; alt?: string }) {
  const { file, size = 24, alt = '' } = props;
  const { url, error, again } = useFileContent(file && isShown(file.mime) ? file : null);
  useEffect(() => {
    if (!error) return undefined;
    const timer = setTimeout(again, AGAIN_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each failure
  }, [error]);
  return (
    <span className="g-thumb" style={{ width: size, height: size }}>
      {file && url ? (
        <img src={url} alt={alt} data-testid="item-thumbnail" />
      ) : (
        <IconPackage size={Math.round(size * 0.6)} stroke={1.5} aria-hidden />
      )}
    </span>
  );
}

const ACCEPT = 'image/jpeg,image/png,image/webp';

/** Chooses a picture; what happens with it is the form's matter. */
export function PictureButton(props: { has: boolean; take: (file: File) => void }) {
  const { t } = useI18n();
  const input = useRef<HTMLInputElement>(null);
  const label = props.has ? t('picture.change') : t('picture.choose');
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconPhoto size={16} stroke={1.5} />}
        onClick={() => input.current?.click()}
        data-testid="picture-choose"
      >
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={ACCEPT}
        aria-label={label}
        data-testid="picture-input"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) props.take(file);
          currentTarget.value = '';
        }}
      />
    </>
  );
}

/** A picture that was chosen and is not kept yet. */
export function ChosenPicture({ file, alt }: { file: File; alt: string }) {
  const url = useMemo(() => URL.createObjectURL(file), [file]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return <img className="g-item-picture" src={url} alt={alt} />;
}
