import { useEffect, useRef } from 'react';
import { ALERT_RULES } from '#shared/ipc/administration.ts';
import { useSession } from '../../../shell/session.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useAlertNotices } from './use-alert-notices.ts';

const KEEPERS: ReadonlySet<string> = new Set(['IT', 'SA']);
const EVENTS = ['fired', 'escalated', 'cleared'] as const;
/** What the server calls such a notification. */
const KINDS: ReadonlyMap<
  string,
  { readonly event: (typeof EVENTS)[number]; readonly rule: (typeof ALERT_RULES)[number] }
> = new Map(
  EVENTS.flatMap((event) =>
    ALERT_RULES.map((rule) => [`alert.${event}.${rule}`, { event, rule }] as const),
  ),
);
const KIND_NAMES = [...KINDS.keys()];
/** Of what came while nobody was here the page tells; more at once would only hide the screen. */
const MOST = 3;

/** Tells those who keep the machines running of an alert while they are at work here, on any page. */
export function AlertNotes(props: { open: () => void }) {
  const { holds } = useSession();
  return holds(KEEPERS, null) ? <Watching open={props.open} /> : null;
}

function Watching(props: { open: () => void }) {
  const { open } = props;
  const { t } = useI18n();
  const { told } = useToasts();
  const data = useAlertNotices(KIND_NAMES);
  /** Null until it is known what was there before. */
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!data) return;
    const before = known.current;
    known.current = new Set(data.map(({ id }) => id));
    if (before === null) return;
    for (const { id, kind, severity } of data.filter((note) => !before.has(note.id)).slice(-MOST)) {
      const its = KINDS.get(kind);
      if (!its) continue;
      const title = t(`alert.${its.rule}`);
      told(t(`alert.said.${its.event}`, { title }), {
        key: id,
        label: t('monitor.open'),
        run: open,
        isUrgent: severity === 'urgent',
      });
    }
  }, [data, open, t, told]);
  return null;
}
