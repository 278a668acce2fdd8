import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useI18n } from './i18n.tsx';

const DIM = { backgroundOpacity: 0.25 };

/** A dialog over the page: Esc closes it, the focus stays inside and comes back afterwards. */
export function Dialog(props: {
  title: string;
  close: () => void;
  /** While true it stays: what runs must not get out of sight by a slip of the hand. */
  busy?: boolean;
  testId: string;
  children: ReactNode;
}) {
  const { t } = useI18n();
  const { busy = false } = props;
  return (
    <Modal.Root
      opened
      onClose={props.close}
      size={480}
      closeOnClickOutside={false}
      closeOnEscape={!busy}
    >
      <Modal.Overlay {...DIM} />
      <Modal.Content className="g-dialog" data-testid={props.testId}>
        {/* As a plain header it would count as that of the whole page. */}
        <Modal.Header role="presentation">
          <Modal.Title className="g-dialog-title">{props.title}</Modal.Title>
          {!busy && <Modal.CloseButton aria-label={t('common.closeEsc')} />}
        </Modal.Header>
        <Modal.Body>
          <div className="g-stack">{props.children}</div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
