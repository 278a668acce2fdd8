import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useI18n } from '../../ui/i18n.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { askMain } from './use-main.ts';

/** The words beside the clock are in the language of the window that was used last. */
export function useDeskLanguage(): void {
  const { language } = useI18n();
  useEffect(() => {
    // Only a convenience: without it they are in the language of the machine.
    askMain('desk.settings', { language }).catch(() => null);
  }, [language]);
}

/** True while a link that was opened outside waits for somebody to sign in. */
export function useLinkWaits(): boolean {
  const [waits, setWaits] = useState(false);
  useEffect(() => {
    let current = true;
    askMain('link.waits', {}).then(
      (answer) => current && setWaits(answer),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, []);
  return waits;
}

/** What this window asks of the machine: another window, the link of what it shows, notifications. */
export function useDeskActs() {
  const { t } = useI18n();
  const { done, failed } = useToasts();
  const router = useRouter();
  return {
    newWindow: () => {
      askMain('window.open', {}).then(({ opened }) => {
        if (!opened) done(t('windows.enough'));
      }, failed);
    },
    copyLink: () => {
      askMain('link.copy', { address: router.state.location.href }).then(
        (copied) => done(t(copied ? 'links.copied' : 'links.none')),
        failed,
      );
    },
    toggleNotifications: () => {
      askMain('desk.settings', {})
        .then(({ notifies }) => askMain('desk.settings', { notifies: !notifies }))
        .then(({ notifies }) => done(t(notifies ? 'desk.notifies' : 'desk.silent')), failed);
    },
  };
}
