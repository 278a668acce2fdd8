import { useQuery } from '#desktop/collections/hooks.tsx';

/** Notifications of these kinds, as they come; undefined until the first answer. */
export function useAlertNotices(kinds: readonly string[]) {
  return useQuery('notifications', { selector: { kind: { $in: [...kinds] } } }).data;
}
