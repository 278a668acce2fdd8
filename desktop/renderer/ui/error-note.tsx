import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import { useI18n } from './i18n.tsx';

/** What happened, in words, with the code in small print for IT. */
export function ErrorNote(props: {
  error: AppError | Code;
  retry?: (() => void) | undefined;
  testId?: string;
}) {
  const { t, say } = useI18n();
  const code = typeof props.error === 'string' ? props.error : props.error.code;
  return (
    <div className="g-note g-tone-red" role="alert" data-testid={props.testId ?? 'error-note'}>
      <IconAlertTriangle size={18} stroke={1.5} aria-hidden />
      <div className="g-spread">
        <div>{say(code)}</div>
        <div className="g-small g-code" data-code={code}>
          {code}
        </div>
      </div>
      {props.retry && (
        <Button variant="default" size="compact-sm" onClick={props.retry}>
          {t('common.tryAgain')}
        </Button>
      )}
    </div>
  );
}
