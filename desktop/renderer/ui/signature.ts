/** A point of a stroke, in pixels of the pad. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How somebody signed: by hand, as the path data of an SVG and the pad's size, or by name. */
export type Signature =
  | {
      readonly kind: 'drawn';
      readonly path: string;
      readonly width: number;
      readonly height: number;
    }
  | { readonly kind: 'typed'; readonly name: string };

/** Points nearer than this say nothing new, pixels. */
const NEAR = 1.5;
/** Less ink than this is a slip of the hand, pixels. */
const LEAST_INK = 40;

/** A stroke with one more point; a point that lies on the last one is left out. */
export function withPoint(stroke: readonly Point[], point: Point): readonly Point[] {
  const last = stroke.at(-1);
  if (last && Math.hypot(point.x - last.x, point.y - last.y) < NEAR) return stroke;
  return [...stroke, point];
}

/** SVG path data of strokes, to a tenth of a pixel. A stroke of one point is a dot. */
export function pathOf(strokes: readonly (readonly Point[])[]): string {
  return strokes
    .map((stroke) => {
      const [first, ...rest] = stroke.length === 1 ? [...stroke, ...stroke] : stroke;
      if (!first) return '';
      return `M${at(first)}${rest.map((point) => `L${at(point)}`).join('')}`;
    })
    .join('');
}

const at = ({ x, y }: Point): string => `${tenth(x)} ${tenth(y)}`;
const tenth = (n: number): number => Math.round(n * 10) / 10 + 0;

/** Length of all strokes together, pixels. */
export const inkOf = (strokes: readonly (readonly Point[])[]): number =>
  strokes.reduce(
    (sum, stroke) =>
      stroke.reduce((length, point, n) => {
        const before = stroke[n - 1];
        return before ? length + Math.hypot(point.x - before.x, point.y - before.y) : length;
      }, sum),
    0,
  );

/** What was drawn, or null while it is too little to be a signature. */
export function drawn(
  strokes: readonly (readonly Point[])[],
  size: { readonly width: number; readonly height: number },
): Signature | null {
  if (inkOf(strokes) < LEAST_INK) return null;
  return { kind: 'drawn', path: pathOf(strokes), width: size.width, height: size.height };
}

/** A typed name, or null while there is none. */
export function typed(name: string): Signature | null {
  const tidy = name.trim().replaceAll(/\s+/g, ' ');
  return tidy.length < 2 ? null : { kind: 'typed', name: tidy };
}
