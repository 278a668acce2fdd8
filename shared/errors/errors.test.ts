import { expect, test } from 'vitest';
import { AppError, toAppError } from './app-error.ts';
import { CODES } from './codes.ts';

test('every error has words for people: a sentence, no blame, no exclamation marks', () => {
  for (const { say } of Object.values(CODES)) {
    expect(say).toMatch(/^[A-Z].*\.$/);
    expect(say).not.toContain('!');
  }
});

test('an error carries its code and safe details over a border, and nothing of its cause', () => {
  const cause = new Error('value of a patient');
  const error = new AppError('SYNC_ROW_INVALID', { fields: ['note'] }, cause);
  expect(JSON.stringify(error.toBody())).not.toContain('patient');
  expect(error.message).toBe('SYNC_ROW_INVALID');
  expect(toAppError(cause).code).toBe('INTERNAL');
  expect(AppError.fromBody({ code: 'made up' }).code).toBe('INTERNAL');
});
