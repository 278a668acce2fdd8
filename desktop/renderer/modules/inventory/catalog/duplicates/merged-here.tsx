import { Button } from '@mantine/core';
import { IconArrowsJoin2, IconArrowsSplit2 } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useSession } from '../../../../shell/session.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { useToasts } from '../../../../ui/toasts.tsx';
import { useNow } from '../../../../ui/use-now.ts';
import { When } from '../../../../ui/when.tsx';
import { useMergeActs, useMerged } from './use-duplicates.ts';

/** What was merged into an item, each to be separated again, and the way to merge it with another. */
export function MergedHere(props: { item: { readonly id: string; readonly status: string } }) {
  const { item } = props;
  const { t } = useI18n();
  const { may } = useSession();
  const own = useMerged()?.filter(({ root_id: root }) => root === item.id) ?? [];
  const { undo } = useMergeActs();
  const { done, failed } = useToasts();
  const navigate = useNavigate();
  const now = useNow(60_000);
  const mayMerge = may('item_merges', 'create');
  if (own.length === 0 && !mayMerge) return null;
  const separate = (mergeId: string, name: string): void => {
    undo(mergeId).then(() => done(t('duplicates.separated', { item: name })), failed);
  };
  return (
    <section className="g-stack" aria-label={t('duplicates.here')}>
      {own.length > 0 && <h3 className="g-strong">{t('duplicates.here')}</h3>}
      <ul className="g-stack" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {own.map((one) => (
          <li key={one.id} className="g-row" data-testid={`merged-${one.sku}`}>
            <span className="g-spread">
              {one.name} <span className="g-code g-dim">{one.sku}</span>
              <span className="g-small g-dim" style={{ display: 'block' }}>
                {one.at !== null && <When instant={one.at} now={now} />} {one.who}
                {one.waiting && ` · ${t('duplicates.waits')}`}
              </span>
            </span>
            {mayMerge && one.merge_id !== null && (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconArrowsSplit2 size={16} stroke={1.5} />}
                onClick={() => separate(one.merge_id ?? '', one.name)}
                data-testid={`merged-separate-${one.sku}`}
              >
                {t('duplicates.separate')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {mayMerge && item.status !== 'merged' && (
        <div>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconArrowsJoin2 size={16} stroke={1.5} />}
            onClick={() => void navigate({ to: '/inventory/duplicates', search: { a: item.id } })}
            data-testid="item-merge"
          >
            {t('duplicates.mergeWith')}
          </Button>
        </div>
      )}
    </section>
  );
}
