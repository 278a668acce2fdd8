import { Button, Popover } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { useI18n } from '../ui/i18n.tsx';
import { Note } from '../ui/note.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useNow } from '../ui/use-now.ts';
import { When } from '../ui/when.tsx';
import { ParkedChanges } from './parked-changes.tsx';
import { loadedAgainWords } from './profile/loaded-again.ts';
import { useLoadedAgain } from './profile/use-loaded-again.tsx';
import { SYNC_ICONS } from './sync-icons.ts';
import { SYNC_TONES, syncWords } from './sync-words.ts';
import type { SyncWordsHelp } from './sync-words.ts';
import { useSync } from './use-sync.ts';

const BELOW_DIALOGS = 190;

/** Where the data of this device stands, in words; a click shows what waits and what was refused. */
export function SyncChip() {
  const { t } = useI18n();
  const { status, help } = useSync();
  // It goes with the page over which it was opened: what a key leads to meanwhile is nearer.
  const page = useLocation({ select: ({ pathname }) => pathname });
  const [openOver, setOpenOver] = useState<string | null>(null);
  const open = openOver === page;
  const setOpen = (wanted: boolean): void => setOpenOver(wanted ? page : null);
  useEffect(() => {
    if (!open) return undefined;
    const hear = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') setOpenOver(null);
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, [open]);
  if (!status) return null;
  const Mark = SYNC_ICONS[status.state];
  const words = syncWords(status, help);
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width={380}
      trapFocus
      zIndex={BELOW_DIALOGS}
    >
      <Popover.Target>
        <button
          type="button"
          className={`g-chip g-tone-${SYNC_TONES[status.state]}`}
          data-testid="sync-chip"
          data-state={status.state}
          data-waiting={status.waiting}
          aria-label={t('sync.chipLabel', { words })}
          onClick={() => setOpen(!open)}
        >
          <Mark size={16} stroke={1.75} aria-hidden />
          <span className="g-cut" style={{ maxWidth: 260 }}>
            {words}
          </span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('sync.title')} data-testid="sync-popover">
        <SyncDetails status={status} help={help} close={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

function SyncDetails(props: { status: SyncStatus; help: SyncWordsHelp; close: () => void }) {
  const { status, help, close } = props;
  const { t } = useI18n();
  const { client } = useStore();
  const { failed } = useToasts();
  const again = useLoadedAgain();
  const now = useNow();
  return (
    <div className="g-stack">
      <div className="g-row">
        <h2 className="g-spread" style={{ fontSize: 14 }}>
          {syncWords(status, help)}
        </h2>
        <Button
          variant="default"
          size="compact-sm"
          data-testid="sync-now"
          onClick={() => {
            client.call('sync.now', {}).catch(failed);
          }}
        >
          {t('sync.now')}
        </Button>
      </div>
      {status.firstSync && (
        <div>
          <progress
            value={status.firstSync.done}
            max={status.firstSync.total}
            style={{ width: '100%' }}
            aria-label={t('sync.first', status.firstSync)}
          />
          <p className="g-small g-dim">{t('sync.first', status.firstSync)}</p>
        </div>
      )}
      <dl className="g-facts">
        <dt>{t('sync.waitingLabel')}</dt>
        <dd>{t('sync.changes', { n: status.waiting })}</dd>
        <dt>{t('sync.lastContact')}</dt>
        <dd>
          {status.lastSyncedAt === null ? (
            t('sync.never')
          ) : (
            <When instant={status.lastSyncedAt} now={now} />
          )}
        </dd>
        <dt>{t('sync.connection')}</dt>
        <dd>{status.online ? t('sync.online') : t('sync.notOnline')}</dd>
      </dl>
      {again && (
        <Note tone="blue" icon={IconInfoCircle} testId="loaded-again">
          {loadedAgainWords(t, again)}{' '}
          <span className="g-small">
            <When instant={again.at} now={now} />
          </span>
        </Note>
      )}
      {status.problem && <ErrorNote error={status.problem} />}
      <Link to="/sync" onClick={close} className="g-small" data-testid="sync-more">
        {t('sync.all')}
      </Link>
      {status.needsYou > 0 && (
        <ParkedChanges count={status.needsYou} done={close}>
          <Link to="/review" onClick={close} className="g-small">
            {t('parked.inReview')}
          </Link>
        </ParkedChanges>
      )}
    </div>
  );
}
