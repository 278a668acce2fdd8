import {
  IconFileExport,
  IconFileImport,
  IconKey,
  IconLock,
  IconShieldLock,
  IconUserMinus,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { createContext, useContext, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { keepDraftsNow } from '../../ui/draft.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { BackupDialog } from './backup-dialog.tsx';
import { FactorDialog } from './factor-dialog.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { RestoreDialog } from './restore-dialog.tsx';
import { useProfileCalls } from './use-profile.ts';
import { WipeDialog } from './wipe-dialog.tsx';

type DialogName = 'keys' | 'factor' | 'pin-to-lock' | 'backup' | 'restore' | 'wipe';

/** Something that a person can do with their data on this device: in the menu and in Ctrl+K. */
export interface ProfileAction {
  readonly id: 'lock' | 'keys' | 'factor' | 'backup' | 'restore' | 'wipe';
  readonly label: string;
  readonly icon: Icon;
  readonly run: () => void;
}

const Context = createContext<readonly ProfileAction[] | null>(null);

/** Holds the dialogs about the data on this device above every page. */
export function ProfileActionsProvider(props: { children: ReactNode }) {
  const { t } = useI18n();
  const calls = useProfileCalls();
  const { failed } = useToasts();
  const [open, setOpen] = useState<DialogName | null>(null);
  const close = () => setOpen(null);
  const actions = useMemo<readonly ProfileAction[]>(() => {
    const lock = async () => {
      // Without a PIN nothing would open it again: the way to one is shown instead.
      const { hasPin } = await calls.keyStatus();
      // While the profile is open: it takes what was typed a moment ago.
      keepDraftsNow();
      if (hasPin) await calls.lock();
      else setOpen('pin-to-lock');
    };
    return [
      {
        id: 'lock',
        label: t('device.lock'),
        icon: IconLock,
        run: () => {
          lock().catch(failed);
        },
      },
      { id: 'keys', label: t('keys.open'), icon: IconKey, run: () => setOpen('keys') },
      {
        id: 'factor',
        label: t('factor.open'),
        icon: IconShieldLock,
        run: () => setOpen('factor'),
      },
      {
        id: 'backup',
        label: t('device.backup'),
        icon: IconFileExport,
        run: () => setOpen('backup'),
      },
      {
        id: 'restore',
        label: t('device.restore'),
        icon: IconFileImport,
        run: () => setOpen('restore'),
      },
      { id: 'wipe', label: t('device.wipe'), icon: IconUserMinus, run: () => setOpen('wipe') },
    ];
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- `failed` is new each time, and the same
  }, [t, calls]);
  return (
    <Context value={actions}>
      {props.children}
      {(open === 'keys' || open === 'pin-to-lock') && (
        <KeyDialog toLock={open === 'pin-to-lock'} close={close} />
      )}
      {open === 'factor' && <FactorDialog close={close} />}
      {open === 'backup' && <BackupDialog close={close} />}
      {open === 'restore' && <RestoreDialog close={close} />}
      {open === 'wipe' && <WipeDialog close={close} />}
    </Context>
  );
}

/** @throws Error outside of a `ProfileActionsProvider` */
export function useProfileActions(): readonly ProfileAction[] {
  const actions = useContext(Context);
  if (!actions) throw new Error('useProfileActions needs a ProfileActionsProvider around it');
  return actions;
}
