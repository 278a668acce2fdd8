import {
  IconAlertCircle,
  IconCircleCheck,
  IconCircleX,
  IconClipboardText,
  IconSend,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { countStatusWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import type { Tone } from '../../../ui/status-pill.tsx';

const LOOK: Readonly<Record<string, { tone: Tone; icon: Icon }>> = {
  open: { tone: 'blue', icon: IconClipboardText },
  submitted: { tone: 'amber', icon: IconSend },
  in_review: { tone: 'violet', icon: IconAlertCircle },
  posted: { tone: 'green', icon: IconCircleCheck },
  voided: { tone: 'grey', icon: IconCircleX },
};
const UNKNOWN = { tone: 'grey', icon: IconClipboardText } as const;

/** Where a count stands. */
export function CountStatus(props: { status: string }) {
  const { t } = useI18n();
  const { tone, icon } = LOOK[props.status] ?? UNKNOWN;
  return (
    <StatusPill tone={tone} icon={icon}>
      {countStatusWord(t, props.status)}
    </StatusPill>
  );
}
