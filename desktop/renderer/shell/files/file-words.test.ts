import { describe, expect, test } from 'vitest';
import { createFormats } from '#shared/i18n/formats.ts';
import { createTranslate } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import type { FileTransfer } from '#shared/ipc/files.ts';
import type { AttachedFile } from '#shared/ipc/views.ts';
import { fileStatus, percent, sizeWords } from './file-words.ts';

const t = createTranslate<typeof EN>('en', EN);
const TODAY = '2026-11-30';
const file = (over: Partial<AttachedFile> = {}): AttachedFile => ({
  id: 'f',
  mime: 'image/jpeg',
  size: 1000,
  caption: null,
  who: null,
  attached_at: 0,
  is_from_here: true,
  upload_state: 'local',
  is_refused: false,
  kept_until: null,
  ...over,
});
const up = (over: Partial<FileTransfer> = {}): FileTransfer => ({
  fileId: 'f',
  direction: 'up',
  done: 400,
  size: 1000,
  state: 'moving',
  code: null,
  ...over,
});

describe('where a file is, in words', () => {
  const cases: readonly (readonly [string, AttachedFile, FileTransfer | undefined, string])[] = [
    ['attached here, not sent yet', file(), up({ state: 'held', done: 0 }), 'Saved here'],
    ['attached here, given up', file(), undefined, 'Not on the server'],
    [
      'no network',
      file(),
      up({ state: 'offline', code: 'SERVER_UNREACHABLE' }),
      'Waiting for network',
    ],
    [
      'a server that takes none',
      file(),
      up({ state: 'offline', code: 'FILES_OFF' }),
      'Waiting for the server',
    ],
    ['on its way', file({ upload_state: 'partial' }), up(), 'Uploading 40 %'],
    ['all sent', file(), up({ state: 'checking', done: 1000 }), 'Server is checking'],
    ['there', file({ upload_state: 'complete' }), undefined, 'On the server'],
    [
      'there, and still noted as to be sent',
      file({ upload_state: 'complete' }),
      up(),
      'On the server',
    ],
    [
      'being fetched',
      file({ upload_state: 'complete' }),
      up({ direction: 'down' }),
      'Loading 40 %',
    ],
    ['refused by the server', file(), up({ state: 'refused', code: 'FILE_TOO_LARGE' }), 'Refused'],
    [
      'a lie about its type, seen elsewhere',
      file({ is_refused: true, is_from_here: false }),
      undefined,
      'Refused',
    ],
    [
      'on the machine of somebody else',
      file({ is_from_here: false }),
      undefined,
      'On another device',
    ],
    [
      'kept until yesterday',
      file({ kept_until: '2026-11-29', upload_state: 'complete' }),
      undefined,
      'Removed',
    ],
    [
      'kept until today',
      file({ kept_until: TODAY, upload_state: 'complete' }),
      undefined,
      'On the server',
    ],
  ];
  test.each(cases)('%s', (_name, row, transfer, words) => {
    expect(fileStatus(t, row, transfer, TODAY).words).toBe(words);
  });
});

test('sizes and per cent as people read them; all of it only when it is', () => {
  const fmt = createFormats('en', 'America/New_York');
  expect([1, 860_000, 1_500_000, 200 * 1024 * 1024].map((bytes) => sizeWords(fmt, bytes))).toEqual([
    '1 KB',
    '840 KB',
    '1.4 MB',
    '200 MB',
  ]);
  expect([percent(0, 10), percent(9_999, 10_000), percent(10, 10)]).toEqual([0, 99, 100]);
});
