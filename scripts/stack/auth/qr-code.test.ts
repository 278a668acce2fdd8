import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeQr, qrCodeSvg } from './qr-code.ts';
import { errorCorrection, multiply } from './reed-solomon.ts';

const digest = (text: string): string => {
  const rows = encodeQr(text).map((row) => row.map(Number).join(''));
  return createHash('sha256').update(rows.join('\n')).digest('hex').slice(0, 16);
};

describe('encodeQr', () => {
  // Symbols of these digests were read back by an independent reader.
  it.each([
    ['a', 21, 'e8ab680854e4019c'],
    [
      'otpauth://totp/Ganger:ana%40clinic.example?algorithm=SHA1&digits=6&issuer=Ganger&period=30&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
      49,
      'f9ef07ebcb965ca0',
    ],
    ['x'.repeat(600), 93, 'ab96c562b62eec11'],
  ])('draws %.12s… as a symbol that readers read', (text, size, expected) => {
    expect([encodeQr(text).length, digest(text)]).toEqual([size, expected]);
  });

  it('takes the smallest symbol that holds the bytes, not the characters', () => {
    expect(encodeQr('x'.repeat(14))).toHaveLength(21);
    expect(encodeQr('x'.repeat(15))).toHaveLength(25);
    expect(encodeQr('ü'.repeat(8))).toHaveLength(25);
  });

  it('says so when a text is too long', () => {
    expect(() => encodeQr('x'.repeat(700))).toThrow(/700 bytes does not fit/);
  });

  it('is drawn with a quiet zone of four modules', () => {
    const svg = qrCodeSvg('a');
    expect(svg).toContain('viewBox="0 0 29 29"');
    expect(svg).toContain('M4 4h1v1h-1z');
    expect(svg).not.toMatch(/M[0-3] /);
  });
});

describe('errorCorrection', () => {
  it('makes every root of the generator a root of the block', () => {
    const data = [32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17];
    const block = [...data, ...errorCorrection(data, 10)];
    let root = 1;
    for (let i = 0; i < 10; i++) {
      expect(block.reduce((value, word) => multiply(value, root) ^ word, 0)).toBe(0);
      root = multiply(root, 2);
    }
  });

  it('gives the check codewords of the example in the standard', () => {
    const data = [32, 91, 11, 120, 209, 114, 220, 77, 67, 64, 236, 17, 236, 17, 236, 17];
    expect(errorCorrection(data, 10)).toEqual([196, 35, 39, 119, 235, 215, 231, 226, 93, 23]);
  });
});
