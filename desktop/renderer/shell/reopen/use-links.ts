import { useEffect } from 'react';
import { useI18n } from '../../ui/i18n.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import type { AppRouter } from '../router.tsx';
import { askMain } from './use-main.ts';
import { isKnown } from './use-reopen.ts';

/** As the preload passes it on (`desktop/main/desk/deep-links.ts`). */
const LINK_MESSAGE = 'ganger:link';

/**
 * Follows links that are opened outside of the app, those included that came before somebody signed in.
 * Only pages of this build are opened; a link that leads nowhere says so.
 * @param router null until the window is where it was: the link goes from there
 */
export function useLinks(router: AppRouter | null): void {
  const { t } = useI18n();
  const { done, failed } = useToasts();
  useEffect(() => {
    if (!router) return undefined;
    const take = async (): Promise<void> => {
      const link = await askMain('link.take', {});
      if (!link) return;
      const [pathname = ''] = (link.address ?? '').split('?');
      if (link.address !== null && isKnown(router, pathname)) router.history.push(link.address);
      else done(t('links.nowhere'));
    };
    const hear = (event: MessageEvent<unknown>): void => {
      const { source, data } = event;
      if (source !== window || data === null || typeof data !== 'object') return;
      if ('type' in data && data.type === LINK_MESSAGE) take().catch(failed);
    };
    window.addEventListener('message', hear);
    take().catch(failed);
    return () => window.removeEventListener('message', hear);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the toasts are new each time, and the same
  }, [router]);
}
