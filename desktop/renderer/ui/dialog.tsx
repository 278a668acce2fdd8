import { Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useI18n } from './i18n.tsx';

const DIM = { backgroundOpacity: 0.25 };

/** A dialog over the page: Esc closes it, the focus stays inside and comes back afterwards. */
export function Dialog(props: {
  title: string;
  close: () => void;
  /** While true it stays: what runs must not get out of sight by a slip of the hand. */
  busy?: boolean;
  /** Width in px where 480 is too little. */
  size?: number;
  testId: string;
  children: ReactNode;
}) {
  const { t } = useI18n();
  const { busy = false, close } = props;
  useNearestEscape(busy ? null : close);
  useFocusComesBack();
  return (
    <Modal.Root
      opened
      onClose={props.close}
      size={props.size ?? 480}
      closeOnClickOutside={false}
      closeOnEscape={false}
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

/**
 * When the dialog goes, the focus returns to what opened it: the frame does so only for a dialog that
 * stays in the page and is closed there, and ours are taken out of it.
 */
function useFocusComesBack(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () =>
      queueMicrotask(() => {
        const isElsewhere = document.activeElement !== document.body;
        if (!isElsewhere && opener instanceof HTMLElement) opener.focus();
      }),
    [opener],
  );
}

/**
 * Esc closes the nearest thing: while a dialog is there, wherever the focus is, the page below it hears
 * nothing of the key. An open list inside the dialog is nearer still. @param close null: Esc does nothing
 */
function useNearestEscape(close: (() => void) | null): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      if ((event.target as Element).getAttribute('aria-expanded') === 'true') return;
      event.stopPropagation();
      close?.();
    };
    window.addEventListener('keydown', hear, { capture: true });
    return () => window.removeEventListener('keydown', hear, { capture: true });
  }, [close]);
}
