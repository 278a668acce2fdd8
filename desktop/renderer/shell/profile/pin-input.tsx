import { PasswordInput } from '@mantine/core';
import type { ReactNode, Ref } from 'react';
import { useI18n } from '../../ui/i18n.tsx';
import { PIN_MAX, pinDigits } from './pin-rules.ts';

/** A masked field for digits. What is pasted loses its blanks and hyphens. */
export function PinInput(props: {
  label: string;
  value: string;
  change: (pin: string) => void;
  testId: string;
  description?: string;
  error?: ReactNode;
  ref?: Ref<HTMLInputElement>;
  leave?: () => void;
}) {
  const { ref, ...rest } = props;
  const { t } = useI18n();
  return (
    <PasswordInput
      ref={ref}
      label={rest.label}
      description={rest.description}
      error={rest.error}
      value={rest.value}
      inputMode="numeric"
      autoComplete="off"
      // One more than allowed, so that too much is said instead of cut off.
      onChange={(event) => rest.change(pinDigits(event.currentTarget.value).slice(0, PIN_MAX + 1))}
      onBlur={rest.leave}
      visibilityToggleButtonProps={{ 'aria-label': t('lock.showPin') }}
      aria-invalid={rest.error ? true : undefined}
      data-testid={rest.testId}
    />
  );
}
