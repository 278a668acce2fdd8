import { useMemo } from 'react';
import { encode } from 'uqr';

/** More modules than this are too fine for a camera before a screen. */
const MAX_MODULES = 105;
const MODULE_PX = 3;
const QUIET = 4;

/** Text as a QR code, black on white in every colour scheme; nothing when it is too long for one. */
export function QrCode(props: { text: string; label: string; testId: string }) {
  const { text, label } = props;
  const code = useMemo(() => drawn(text), [text]);
  if (!code) return null;
  const { path, size } = code;
  return (
    <svg
      className="g-qr"
      role="img"
      aria-label={label}
      data-testid={props.testId}
      width={size * MODULE_PX}
      height={size * MODULE_PX}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}

function drawn(text: string): { path: string; size: number } | null {
  try {
    const { data, size } = encode(text, { ecc: 'L', border: QUIET });
    if (size > MAX_MODULES) return null;
    const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')));
    return { path: path.join(''), size };
  } catch {
    // Longer than any QR code.
    return null;
  }
}
