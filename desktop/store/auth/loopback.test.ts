import { expect, test } from 'vitest';
import { waitOnLoopback } from './loopback.ts';

test('the code that the browser brings back is taken, and the port is closed after it', async () => {
  const loopback = await waitOnLoopback();
  const answer = await fetch(`${loopback.redirectTo}?code=abc`);
  expect(await answer.text()).toContain('You are signed in');
  expect(await loopback.code).toBe('abc');
  await expect(fetch(loopback.redirectTo)).rejects.toThrow();
});

test('coming back without a code, or cancelling, is a cancelled sign-in', async () => {
  const denied = await waitOnLoopback();
  await fetch(`${denied.redirectTo}?error=access_denied`);
  await expect(denied.code).rejects.toMatchObject({ code: 'AUTH_CANCELLED' });

  const cancelled = await waitOnLoopback();
  cancelled.cancel();
  await expect(cancelled.code).rejects.toMatchObject({ code: 'AUTH_CANCELLED' });
});

test.each(['user_banned', 'signup_disabled'])(
  'whom the service refuses (%s) is told so, and not that they cancelled',
  async (refusal) => {
    const loopback = await waitOnLoopback();
    const answer = await fetch(
      `${loopback.redirectTo}?error=access_denied&error_code=${refusal}&error_description=x`,
    );
    expect(await answer.text()).toContain('You are not signed in');
    await expect(loopback.code).rejects.toMatchObject({ code: 'AUTH_NO_ACCESS' });
  },
);

test('any other address is not there', async () => {
  const loopback = await waitOnLoopback();
  const answer = await fetch(new URL('/etc/passwd', loopback.redirectTo));
  expect(answer.status).toBe(404);
  loopback.cancel();
});
