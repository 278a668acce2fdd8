import { describe, expect, it } from 'vitest';
import { isTotpValid, makeTotpSecret, totp, totpUri } from './totp.ts';

/** The key of RFC 6238, "12345678901234567890", in base 32. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('totp', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('gives the code of RFC 6238 at second %d', (second, code) => {
    expect(totp(RFC_SECRET, second * 1000)).toBe(code);
  });

  it('is valid in its own period, the one before and the one after, no longer', () => {
    const at = 1_111_111_111_000;
    const code = totp(RFC_SECRET, at);
    const valid = [-2, -1, 0, 1, 2].map((step) =>
      isTotpValid(RFC_SECRET, code, at + step * 30_000),
    );
    expect(valid).toEqual([false, true, true, true, false]);
  });

  it.each(['', '5924', '0059240', '00592x', ' 05924'])('does not take %j for a code', (code) => {
    expect(isTotpValid(RFC_SECRET, code, 1_234_567_890_000)).toBe(false);
  });

  it('makes secrets of 160 bits that are never the same', () => {
    const secrets = Array.from({ length: 50 }, makeTotpSecret);
    expect(new Set(secrets).size).toBe(50);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  });

  it('writes the address that authenticator apps read', () => {
    const uri = totpUri({ secret: RFC_SECRET, issuer: 'A&B', account: 'ana@example.com' });
    expect(uri).toBe(
      'otpauth://totp/A%26B:ana%40example.com?algorithm=SHA1&digits=6&issuer=A%26B&period=30' +
        `&secret=${RFC_SECRET}`,
    );
  });
});
