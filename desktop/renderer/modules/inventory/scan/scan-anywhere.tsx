import { useEffect } from 'react';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { QuestionDialog } from './scan-status.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { useScanFlow } from './use-scan-flow.ts';

/** A scan on a page that has no use for it opens the item, or the count. */
export function ScanAnywhere(props: Opens) {
  const { may } = useSession();
  return may('inventory_items', 'read') ? <ScanToItem {...props} /> : null;
}

interface Opens {
  readonly open: (itemId: string) => void;
  readonly openCount: (countId: string) => void;
}

function ScanToItem(props: Opens) {
  const { t } = useI18n();
  const { site } = useSites();
  const { done } = useToasts();
  const { said, question } = useScanFlow('window', site?.id ?? null, {
    item: ({ match }) => {
      props.open(match.itemId);
      return null;
    },
    count: props.openCount,
    part: () => ({ tone: 'amber', text: t('scan.partAlone') }),
  });
  useEffect(() => {
    if (said) done(said.text);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- a toast for each scan, not for new words
  }, [said]);
  return question && <QuestionDialog question={question} />;
}
