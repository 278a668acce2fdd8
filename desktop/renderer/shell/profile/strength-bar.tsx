import { useI18n } from '../../ui/i18n.tsx';
import type { Strength } from './passphrase.ts';

const FILLED: Readonly<Record<Strength, number>> = { weak: 1, fair: 2, strong: 3 };

/** How hard a passphrase is to guess: three bars and a word. */
export function StrengthBar(props: { strength: Strength }) {
  const { strength } = props;
  const { t } = useI18n();
  const filled = FILLED[strength];
  return (
    <div className="g-strength" data-strength={strength} data-testid="backup-strength">
      {[1, 2, 3].map((bar) => (
        <span key={bar} className="g-strength-bar" data-filled={bar <= filled} aria-hidden />
      ))}
      <span className="g-small" role="status">
        {t('backup.strength', { words: t(`backup.strength.${strength}`) })}
      </span>
    </div>
  );
}
