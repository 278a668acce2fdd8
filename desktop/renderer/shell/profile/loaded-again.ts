import type { AuthState, StoreWork } from '#shared/ipc/store-contract.ts';
import type { T } from '../../ui/i18n.tsx';

/** That a profile was loaded again, and what became of changes that were not sent. */
export interface LoadedAgain {
  readonly kind: 'loading' | 'reapplied';
  readonly userId: string;
  readonly changes: number;
  /** When this window saw it. */
  readonly at: number;
}

/** What has to be remembered from one state to the next. */
export interface Watched {
  /** A profile that did not open, whose reload was asked for here. */
  readonly asked: { readonly userId: string; readonly saved: number | null } | null;
  readonly reapplying: number | null;
  /** How many changes of the open profile are known to have come back; null while none is open. */
  readonly broughtBack: number | null;
  readonly notice: LoadedAgain | null;
}

export const NOTHING_WATCHED: Watched = {
  asked: null,
  reapplying: null,
  broughtBack: null,
  notice: null,
};

/** Follows the states of the store: when a reload ends, and when changes have been put back. */
export function watchLoadedAgain(
  former: Watched,
  seen: { auth: AuthState | undefined; work: StoreWork | null; now: number },
): Watched {
  const { auth, work, now } = seen;
  const reapplying = work?.kind === 'reapply' ? work.total : null;
  // The data of another person, or none, leaves no notice behind.
  if (!auth || auth.state === 'starting')
    return keep(former, { ...former, reapplying: reapplying ?? former.reapplying });
  if (auth.state === 'signed-out' || auth.state === 'second-factor')
    return keep(former, NOTHING_WATCHED);
  if (auth.state === 'stuck' || auth.state === 'locked') {
    const own = former.asked?.userId === auth.person.userId ? former.asked : null;
    return keep(former, { ...NOTHING_WATCHED, asked: own });
  }
  const { userId, broughtBack } = auth.who;
  let { asked, notice } = former;
  if (notice && notice.userId !== userId) notice = null;
  if (asked) {
    if (asked.userId === userId) {
      notice = { kind: 'loading', userId, changes: asked.saved ?? 0, at: now };
    }
    asked = null;
  }
  // What the store counted holds; the count of the work stands in where it counted none.
  if (broughtBack > (former.broughtBack ?? 0)) {
    notice = { kind: 'reapplied', userId, changes: broughtBack, at: now };
  } else if (broughtBack === 0 && former.reapplying && reapplying === null) {
    notice = { kind: 'reapplied', userId, changes: former.reapplying, at: now };
  }
  return keep(former, { asked, reapplying, broughtBack, notice });
}

/** The same object while nothing changed, so that nobody is told anew. */
function keep(former: Watched, next: Watched): Watched {
  const same =
    former.asked === next.asked &&
    former.reapplying === next.reapplying &&
    former.broughtBack === next.broughtBack &&
    former.notice === next.notice;
  return same ? former : next;
}

export function loadedAgainWords(t: T, notice: LoadedAgain): string {
  if (notice.kind === 'reapplied') return t('again.reapplied', { n: notice.changes });
  return notice.changes > 0 ? t('again.loadingSaved', { n: notice.changes }) : t('again.loading');
}
