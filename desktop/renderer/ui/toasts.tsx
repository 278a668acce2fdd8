import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { toAppError } from '#shared/errors/app-error.ts';
import { newId } from '#shared/kernel/ids.ts';
import { useI18n } from './i18n.tsx';

const UNDO_MS = 10_000;

/** Short messages that come and go: what was done, with a way back, and what did not work. */
export function useToasts() {
  const { t, say } = useI18n();

  /** @param what did not happen, where the words of the code alone do not tell */
  const failed = (error: unknown, what?: string) => {
    const { code } = toAppError(error);
    notifications.show({
      color: 'red',
      message: (
        <span role="alert">
          {what !== undefined && `${what} `}
          {say(code)} <span className="g-code">{code}</span>
        </span>
      ),
      autoClose: UNDO_MS,
      withBorder: true,
      closeButtonProps: { 'aria-label': t('common.close') },
    });
  };

  /** @param undo takes the change back; its failure is shown as well */
  const done = (message: string, undo?: () => Promise<void>) => {
    const id = newId();
    notifications.show({
      id,
      autoClose: UNDO_MS,
      withBorder: true,
      closeButtonProps: { 'aria-label': t('common.close') },
      message: (
        <span className="g-row" data-testid="toast">
          <span className="g-spread">{message}</span>
          {undo && (
            <Button
              variant="subtle"
              size="compact-sm"
              data-testid="toast-undo"
              onClick={() => {
                notifications.hide(id);
                undo().catch(failed);
              }}
            >
              {t('common.undo')}
            </Button>
          )}
        </span>
      ),
    });
  };

  /** Something that happened elsewhere, with a way to it. What is urgent stays until it is closed. */
  const told = (
    message: string,
    way: { key: string; label: string; run: () => void; isUrgent: boolean },
  ) => {
    notifications.show({
      id: way.key,
      color: way.isUrgent ? 'red' : 'yellow',
      autoClose: way.isUrgent ? false : UNDO_MS,
      withBorder: true,
      closeButtonProps: { 'aria-label': t('common.close') },
      message: (
        <span className="g-row" role="alert" data-testid="told">
          <span className="g-spread">{message}</span>
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => {
              notifications.hide(way.key);
              way.run();
            }}
          >
            {way.label}
          </Button>
        </span>
      ),
    });
  };

  return { done, failed, told };
}
