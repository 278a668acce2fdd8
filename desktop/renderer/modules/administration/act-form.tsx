import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import type { Task } from '../../ui/use-task.ts';
import { AdminError } from './admin-error.tsx';

/** A dialog that says what will happen, asks what it has to know, and has one button that does it. */
export function ActForm(props: {
  title: string;
  /** What will happen, a sentence each. */
  what: readonly string[];
  /** The words of the button. */
  act: string;
  task: Task;
  submit: () => void;
  close: () => void;
  /** True where it takes something away. */
  isGrave?: boolean;
  disabled?: boolean;
  testId: string;
  children?: ReactNode;
}) {
  const { task, close } = props;
  const { t } = useI18n();
  return (
    <Dialog title={props.title} close={close} busy={task.busy} testId={props.testId}>
      <form
        className="g-stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          props.submit();
        }}
      >
        {props.what.map((sentence) => (
          <p key={sentence} style={{ margin: 0 }}>
            {sentence}
          </p>
        ))}
        {props.children}
        {task.error && <AdminError error={task.error} />}
        <div className="g-row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={close} disabled={task.busy}>
            {t('common.cancel')}
          </Button>
          <Button
            type="submit"
            {...(props.isGrave ? { color: 'red' } : {})}
            disabled={props.disabled ?? false}
            loading={task.busy}
            data-testid={`${props.testId}-do`}
          >
            {props.act}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
