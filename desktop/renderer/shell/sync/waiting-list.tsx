import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { WaitingChange } from '#shared/ipc/sync-status.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import { fieldWord, tableWord } from '../../ui/domain-words.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { When } from '../../ui/when.tsx';
import { hasPage, targetOf } from '../parked-changes.tsx';

/** What the server does not have yet, the oldest first, and since when. */
export function WaitingList(props: {
  changes: readonly WaitingChange[] | null;
  /** Number of all of them. */
  all: number;
  now: number;
}) {
  const { changes, all, now } = props;
  const { t } = useI18n();
  const { tables } = useStore();
  const { failed } = useToasts();
  const navigate = useNavigate();
  if (!changes) return <Loading />;
  const open = async (change: WaitingChange) => {
    const target = await targetOf(tables, change);
    if (target) await navigate(target);
  };
  return (
    <>
      <div className="g-card">
        <table className="g-table" data-testid="sync-waiting">
          <thead>
            <tr>
              <th scope="col">{t('sync.what')}</th>
              <th scope="col">{t('sync.changed')}</th>
              <th scope="col">{t('sync.since')}</th>
              <th scope="col">
                <span className="g-hidden">{t('common.open')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => {
              const fields = change.fields.map((field) => fieldWord(t, field)).join(', ');
              const name = tableWord(t, change.table);
              return (
                <tr key={`${change.table} ${change.id}`} data-testid="sync-waiting-row">
                  <td>{name}</td>
                  <td>{change.isNew ? t('sync.isNew') : fields}</td>
                  <td>
                    <When instant={change.since} now={now} />
                  </td>
                  <td style={{ textAlign: 'right' }}>
                    {hasPage(change.table) && (
                      <Button
                        variant="subtle"
                        size="compact-sm"
                        aria-label={t('sync.openChange', { name })}
                        onClick={() => {
                          open(change).catch(failed);
                        }}
                      >
                        {t('common.open')}
                      </Button>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {all > changes.length && (
        <p className="g-small g-dim">{t('sync.more', { n: all - changes.length })}</p>
      )}
    </>
  );
}
