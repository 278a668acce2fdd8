import { CloseButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useI18n } from './i18n.tsx';

/** The top of a panel beside a list: what it is about, and the way to close it, as Esc does. */
export function PanelHead(props: {
  title: ReactNode;
  close: () => void;
  /** What stands between the title and the cross. */
  children?: ReactNode;
}) {
  const { t } = useI18n();
  return (
    <div className="g-detail-head g-row">
      <h2 className="g-spread" style={{ fontSize: 16, lineHeight: '24px' }}>
        {props.title}
      </h2>
      {props.children}
      <CloseButton
        aria-label={t('common.close')}
        title={t('common.closeEsc')}
        onClick={props.close}
      />
    </div>
  );
}
