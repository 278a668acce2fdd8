import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconArrowBackUp, IconEraser } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { PointerEvent } from 'react';
import { useI18n } from './i18n.tsx';
import { drawn, pathOf, typed, withPoint } from './signature.ts';
import type { Point, Signature } from './signature.ts';

type Strokes = readonly (readonly Point[])[];

/**
 * A signature by hand (pen, finger or mouse), or, for whom a pointer is no use, by typing one's name:
 * both count the same. Says null while there is too little to be one.
 */
export function SignaturePad(props: {
  label: string;
  onChange: (signature: Signature | null) => void;
  /** Pixels; the width is that of the place. */
  height?: number;
  error?: string | null;
  testId: string;
}) {
  const { onChange, height = 140, error } = props;
  const { t } = useI18n();
  const [way, setWay] = useState<Signature['kind']>('drawn');
  const [strokes, setStrokes] = useState<Strokes>([]);
  const [name, setName] = useState('');
  const [isDown, setIsDown] = useState(false);
  // A pointer is quicker than pictures: what was drawn until now stands here, the last picture in state.
  const ink = useRef<Strokes>([]);
  // While a name is typed there is no pad that could be measured.
  const width = useRef(0);

  const draw = (now: Strokes): void => {
    ink.current = now;
    setStrokes(now);
  };
  const say = (): void => onChange(drawn(ink.current, { width: width.current, height }));
  const change = (now: Strokes): void => {
    draw(now);
    say();
  };
  const pointOf = (event: PointerEvent<SVGSVGElement>): Point => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const choose = (next: Signature['kind']): void => {
    setWay(next);
    if (next === 'typed') onChange(typed(name));
    else say();
  };
  return (
    <fieldset className="g-sign" data-testid={props.testId}>
      <legend className="mantine-InputWrapper-label">{props.label}</legend>
      <div className="g-row g-wrap g-apart">
        <SegmentedControl
          size="xs"
          aria-label={t('sign.way')}
          value={way}
          onChange={(value) => choose(value as Signature['kind'])}
          data={[
            { value: 'drawn', label: t('sign.draw') },
            { value: 'typed', label: t('sign.type') },
          ]}
        />
        {way === 'drawn' && (
          <div className="g-row">
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              disabled={strokes.length === 0}
              leftSection={<IconArrowBackUp size={16} stroke={1.5} aria-hidden />}
              onClick={() => change(strokes.slice(0, -1))}
            >
              {t('sign.back')}
            </Button>
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              disabled={strokes.length === 0}
              leftSection={<IconEraser size={16} stroke={1.5} aria-hidden />}
              onClick={() => change([])}
              data-testid={`${props.testId}-clear`}
            >
              {t('sign.clear')}
            </Button>
          </div>
        )}
      </div>
      {way === 'typed' ? (
        <TextInput
          aria-label={t('sign.name')}
          placeholder={t('sign.name')}
          classNames={NAME}
          maxLength={120}
          value={name}
          onChange={({ currentTarget }) => {
            setName(currentTarget.value);
            onChange(typed(currentTarget.value));
          }}
          data-testid={`${props.testId}-name`}
        />
      ) : (
        <svg
          className="g-sign-pad"
          role="img"
          aria-label={strokes.length === 0 ? t('sign.empty') : t('sign.some')}
          height={height}
          data-testid={`${props.testId}-pad`}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            setIsDown(true);
            draw([...ink.current, [pointOf(event)]]);
          }}
          onPointerMove={(event) => {
            if (!isDown) return;
            const { current } = ink;
            draw([...current.slice(0, -1), withPoint(current.at(-1) ?? [], pointOf(event))]);
          }}
          onPointerUp={(event) => {
            setIsDown(false);
            width.current = event.currentTarget.clientWidth;
            say();
          }}
          onPointerCancel={() => {
            setIsDown(false);
            change(ink.current.slice(0, -1));
          }}
        >
          <line className="g-sign-line" x1="16" x2="100%" y1={height - 32} y2={height - 32} />
          <path className="g-sign-ink" d={pathOf(strokes)} />
        </svg>
      )}
      <p className="g-small g-dim">{way === 'drawn' ? t('sign.drawHelp') : t('sign.typeHelp')}</p>
      {error && <p className="g-small g-error">{error}</p>}
    </fieldset>
  );
}

const NAME = { input: 'g-sign-name' };
