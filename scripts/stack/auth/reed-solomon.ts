/** The polynomial that defines the field GF(256) of QR codes: x⁸ + x⁴ + x³ + x² + 1. */
const FIELD = 0x11d;

/** Product of two elements of the field. */
export function multiply(one: number, two: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * FIELD);
    product ^= ((two >> bit) & 1) * one;
  }
  return product;
}

/** The check codewords of a block: the remainder of its division by the generator polynomial. */
export function errorCorrection(data: readonly number[], length: number): number[] {
  const divisor = generator(length);
  let remainder = Array<number>(length).fill(0);
  for (const word of data) {
    const factor = word ^ (remainder[0] ?? 0);
    remainder = [...remainder.slice(1), 0].map(
      (value, index) => value ^ multiply(divisor[index] ?? 0, factor),
    );
  }
  return remainder;
}

/** (x − 2⁰)(x − 2¹)…, without its first coefficient, which is one. */
function generator(degree: number): number[] {
  let coefficients = [1];
  let root = 1;
  for (let i = 0; i < degree; i++) {
    const shifted = [...coefficients, 0];
    coefficients = shifted.map(
      (value, index) => value ^ multiply(coefficients[index - 1] ?? 0, root),
    );
    root = multiply(root, 2);
  }
  return coefficients.slice(1);
}
