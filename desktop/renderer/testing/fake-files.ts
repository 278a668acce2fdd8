import type { FileTransfer } from '#shared/ipc/files.ts';
import type { AttachedFile } from '#shared/ipc/views.ts';
import { params } from './fake-params.ts';

const MB = 1024 * 1024;
const id = (n: number): string => `00000000-0000-4000-8000-0000000003${String(n).padStart(2, '0')}`;

/** One file for each thing that can be said of one; `files=0`, `files=40` for fewer and more. */
const KINDS: readonly Partial<AttachedFile>[] = [
  { caption: 'Safety sheet, revised May', mime: 'application/pdf', size: 1.4 * MB },
  { caption: 'Shelf in room 3', upload_state: 'partial', is_from_here: true, size: 24 * MB },
  { caption: null, upload_state: 'local', is_from_here: true, size: 840 * 1024 },
  { caption: 'Package insert', mime: 'application/pdf', upload_state: 'local', size: 3 * MB },
  { caption: 'Label, back side', upload_state: 'local', is_from_here: true, size: 2 * MB },
  {
    caption:
      'Hoja de seguridad de la solución de formaldehído tamponada al diez por ciento, edición revisada de mayo',
    mime: 'application/pdf',
    size: 240 * MB,
    who: 'Benjamín Ortiz-Castellanos y Montenegro',
  },
  { caption: 'Old invoice', kept_until: '2020-01-01', mime: 'application/pdf' },
  { caption: 'Photo of the box', upload_state: 'local', is_from_here: true, size: 5 * MB },
];

/** Files of any item. */
export function fakeFiles(): AttachedFile[] {
  const count = Number(params.get('files') ?? KINDS.length);
  return Array.from({ length: count }, (_, n) => ({
    id: id(n),
    mime: 'image/jpeg',
    size: MB,
    caption: null,
    who: 'Ana Rivera',
    attached_at: Date.now() - n * 7_000_000 - 60_000,
    is_from_here: false,
    upload_state: 'complete' as const,
    is_refused: false,
    kept_until: null,
    ...KINDS[n % KINDS.length],
  }));
}

/** What goes with them. */
export function fakeTransfers(): FileTransfer[] {
  if (params.get('files') === '0') return [];
  const up = { direction: 'up', done: 0, size: MB, code: null } as const;
  return [
    { ...up, fileId: id(1), done: 10 * MB, size: 24 * MB, state: 'moving' },
    { ...up, fileId: id(2), state: 'offline', code: 'SERVER_UNREACHABLE' },
    { ...up, fileId: id(4), state: 'refused', code: 'FILE_NOT_ALLOWED' },
    { ...up, fileId: id(7), state: 'held' },
  ];
}
