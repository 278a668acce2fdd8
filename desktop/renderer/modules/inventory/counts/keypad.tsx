import { Button } from '@mantine/core';
import { IconBackspace, IconPlus } from '@tabler/icons-react';
import { useI18n } from '../../../ui/i18n.tsx';
import { pressed } from './keypad-text.ts';
import type { Key } from './keypad-text.ts';

const ROWS: readonly (readonly Key[])[] = [
  ['7', '8', '9'],
  ['4', '5', '6'],
  ['1', '2', '3'],
  ['.', '0', 'back'],
];

/**
 * Keys for a quantity that a finger in a glove hits. They write into the field and leave the focus
 * where it is, so that scanner and keyboard go on working.
 */
export function Keypad(props: {
  /** What the field shows. */
  text: string;
  /** True while that was not typed: the first digit begins anew. */
  fresh: boolean;
  change: (text: string) => void;
  save: () => void;
}) {
  const { text, fresh, change, save } = props;
  const { t } = useI18n();
  const press = (key: Key) => change(pressed(text, fresh, key));
  const keyProps = (key: Key) => ({
    variant: 'default' as const,
    ...LARGE,
    onMouseDown: keepFocus,
    onClick: () => press(key),
    'data-testid': `key-${key}`,
  });
  return (
    <div className="g-keypad" role="group" aria-label={t('counts.keypad')} data-testid="keypad">
      {ROWS.map((row) =>
        row.map((key) => (
          <Button
            key={key}
            {...keyProps(key)}
            aria-label={
              key === 'back' ? t('counts.keyBack') : key === '.' ? t('counts.keyPoint') : key
            }
          >
            {key === 'back' ? <IconBackspace size={24} stroke={1.5} aria-hidden /> : key}
          </Button>
        )),
      )}
      <Button {...keyProps('less')} style={{ gridArea: 'less' }}>
        −1
      </Button>
      <Button {...keyProps('more')} style={{ gridArea: 'more' }}>
        +1
      </Button>
      <Button {...keyProps('clear')} style={{ gridArea: 'clear' }}>
        {t('common.clear')}
      </Button>
      <Button
        {...LARGE}
        style={{ gridArea: 'save' }}
        leftSection={<IconPlus size={22} stroke={1.5} aria-hidden />}
        onMouseDown={keepFocus}
        onClick={save}
        data-testid="key-save"
      >
        {t('counts.add')}
      </Button>
    </div>
  );
}

/** Pixels: a finger in a glove needs 48. */
const LARGE = { h: 56, fz: 20, px: 8 };

const keepFocus = (event: { preventDefault: () => void }): void => event.preventDefault();
