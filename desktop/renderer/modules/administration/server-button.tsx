import { Button } from '@mantine/core';
import type { ButtonProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { useI18n } from '../../ui/i18n.tsx';
import { useOnline } from './use-admin.ts';

/**
 * A button for what only the server does. Out of reach it stays where it is, can be reached by the
 * keyboard, and says why it does nothing.
 */
export function ServerButton(
  props: Pick<ButtonProps, 'variant' | 'size' | 'color'> & {
    onClick: () => void;
    /** What it does, where the words alone do not say with what. */
    label?: string;
    testId: string;
    children: ReactNode;
  },
) {
  const { onClick, label, testId, children, ...look } = props;
  const { t } = useI18n();
  const isOnline = useOnline();
  return (
    <Button
      variant="default"
      {...look}
      {...(label === undefined ? {} : { 'aria-label': label })}
      aria-disabled={!isOnline}
      {...(isOnline ? {} : { 'data-disabled': true })}
      title={isOnline ? undefined : t('admin.needsServer')}
      onClick={() => {
        if (isOnline) onClick();
      }}
      data-testid={testId}
    >
      {children}
    </Button>
  );
}
