import { describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { writeError } from './write-errors.ts';

describe('writeError', () => {
  test('names the fields of a row that was refused as invalid', () => {
    const error = writeError({
      code: 'COL20',
      parameters: {
        writeError: { status: 422, validationErrors: [{ field: 'par' }, { field: 'bin' }] },
      },
    });
    expect(error.code).toBe('ROW_INVALID');
    expect(error.safe).toEqual({ fields: ['par', 'bin'] });
  });

  test('takes the code of the catalogue where the store gave one', () => {
    const error = writeError({
      parameters: { writeError: { status: 422, code: 'COUNT_CLOSED', validationErrors: [] } },
    });
    expect(error.code).toBe('COUNT_CLOSED');
  });

  test('finds the code in the text of the remote storage and keeps nothing else of it', () => {
    const text = 'could not requestRemote: {"error":{"message":"STORE_NOT_OPEN","x":"secret"}}';
    const error = writeError(new Error(text));
    expect(error.code).toBe('STORE_NOT_OPEN');
    expect(JSON.stringify(error.toBody())).not.toContain('secret');
  });

  test('leaves an AppError as it is', () => {
    const known = new AppError('NOT_FOUND');
    expect(writeError(known)).toBe(known);
  });

  test('calls everything else INTERNAL', () => {
    expect(writeError(new Error('boom')).code).toBe('INTERNAL');
    expect(writeError(undefined).code).toBe('INTERNAL');
  });
});
