import type { Icon } from '@tabler/icons-react';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClock,
  IconCloudOff,
  IconCloudUp,
  IconDeviceDesktop,
} from '@tabler/icons-react';
import type { Code } from '#shared/errors/codes.ts';
import type { Formats } from '#shared/i18n/formats.ts';
import type { FileTransfer } from '#shared/ipc/files.ts';
import type { AttachedFile } from '#shared/ipc/views.ts';
import type { T } from '../../ui/i18n.tsx';
import type { Tone } from '../../ui/status-pill.tsx';

const KB = 1024;
const MB = 1024 * KB;

/** A size as people read it: "840 KB", "1.4 MB", "200 MB". */
export function sizeWords(fmt: Pick<Formats, 'number'>, bytes: number): string {
  if (bytes < MB) return `${fmt.number(Math.max(1, Math.round(bytes / KB)))} KB`;
  const mb = bytes / MB;
  return `${fmt.number(mb < 10 ? Math.round(mb * 10) / 10 : Math.round(mb))} MB`;
}

/** Whole per cent; 100 only when all has arrived. */
export const percent = (done: number, size: number): number =>
  done >= size ? 100 : Math.min(99, Math.floor((done / size) * 100));

export interface FileStatus {
  readonly name:
    | 'on-server'
    | 'saved-here'
    | 'elsewhere'
    | 'not-sent'
    | 'offline'
    | 'uploading'
    | 'loading'
    | 'checking'
    | 'refused'
    | 'removed';
  readonly tone: Tone;
  readonly icon: Icon;
  readonly words: string;
  /** Why, where there is more to say. */
  readonly code: Code | null;
  /** Whole per cent while bytes move. */
  readonly percent: number | null;
}

/** Where a file is, in words: one status for every combination of its row and its transfer. */
export function fileStatus(
  t: T,
  file: AttachedFile,
  transfer: FileTransfer | undefined,
  today: string,
): FileStatus {
  const make = (
    name: FileStatus['name'],
    tone: Tone,
    icon: Icon,
    words: string,
    rest: Partial<Pick<FileStatus, 'code' | 'percent'>> = {},
  ): FileStatus => ({ name, tone, icon, words, code: null, percent: null, ...rest });

  if (file.kept_until !== null && file.kept_until < today) {
    return make('removed', 'grey', IconClock, t('files.removed'), { code: 'FILE_GONE' });
  }
  if (file.is_refused) {
    const code = transfer?.code ?? 'FILE_TYPE_REFUSED';
    return make('refused', 'red', IconAlertTriangle, t('files.refused'), { code });
  }
  if (transfer?.direction === 'down') {
    const n = percent(transfer.done, transfer.size);
    return make('loading', 'blue', IconCloudUp, t('files.loading', { percent: n }), { percent: n });
  }
  if (file.upload_state === 'complete') {
    return make('on-server', 'green', IconCircleCheck, t('files.onServer'));
  }
  switch (transfer?.state) {
    case 'refused':
      return make('refused', 'red', IconAlertTriangle, t('files.refused'), { code: transfer.code });
    case 'offline':
      return transfer.code === null || transfer.code === 'SERVER_UNREACHABLE'
        ? make('offline', 'amber', IconCloudOff, t('files.offline'))
        : make('offline', 'amber', IconCloudOff, t('files.waitsServer'), { code: transfer.code });
    case 'moving': {
      const n = percent(transfer.done, transfer.size);
      return make('uploading', 'blue', IconCloudUp, t('files.uploading', { percent: n }), {
        percent: n,
      });
    }
    case 'checking':
      return make('checking', 'blue', IconCloudUp, t('files.checking'), { percent: 100 });
    case 'held':
      return make('saved-here', 'amber', IconDeviceDesktop, t('files.savedHere'));
    case undefined:
      return file.is_from_here
        ? make('not-sent', 'grey', IconClock, t('files.notSent'))
        : make('elsewhere', 'amber', IconClock, t('files.elsewhere'), { code: 'FILE_NOT_READY' });
  }
}

const TYPES: Readonly<Record<string, string>> = {
  'application/pdf': 'PDF',
  'image/jpeg': 'JPEG',
  'image/png': 'PNG',
  'image/webp': 'WebP',
  'image/heic': 'HEIC',
  'image/tiff': 'TIFF',
};

/** The usual name of a type. */
export const typeWord = (mime: string): string => TYPES[mime] ?? mime;

/** Types that a window can show by itself. */
export const isShown = (mime: string): boolean =>
  mime === 'image/jpeg' || mime === 'image/png' || mime === 'image/webp';
