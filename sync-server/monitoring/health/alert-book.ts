import { ALERT_RULES } from '#shared/protocol/admin-monitor.ts';
import type { AlertRule, NoticeEvent, Severity } from '#shared/protocol/admin-monitor.ts';
import type { SystemState } from './figures.ts';
import { RULES } from './rules.ts';

/** One time that a rule holds for something, as it stands in the database. */
export interface Alert {
  readonly id: string;
  readonly rule: AlertRule;
  readonly subject: string;
  readonly severity: Severity;
  readonly since: number;
  readonly firedAt: number | null;
  readonly okSince: number | null;
  readonly clearedAt: number | null;
  readonly value: number;
  readonly detail: string;
  readonly times: number;
  readonly level: number;
  readonly toldAt: number | null;
  readonly acknowledgedAt: number | null;
}

/** Of this people want to hear nothing now. */
export interface Silence {
  readonly rule: AlertRule;
  /** Null: of all subjects of the rule. */
  readonly subject: string | null;
}

export interface Notice {
  readonly alert: Alert;
  readonly event: Exclude<NoticeEvent, 'summary'>;
}

export interface Judged {
  /** Alerts that are new or have changed. */
  readonly alerts: readonly Alert[];
  /** Their condition went away before anybody had to hear of it. */
  readonly dropped: readonly string[];
  readonly notices: readonly Notice[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** It has to be well for so long before it is over, so that it does not flicker. */
export const CLEAR_AFTER_MS = MINUTE;
/** What fires again within this time goes on: people were told. */
export const SAME_WITHIN_MS = 10 * MINUTE;
/** When nobody has taken it up so long after they were told, more people are told, step by step. */
export const ESCALATION: Readonly<Record<Severity, readonly number[]>> = {
  critical: [15 * MINUTE, HOUR, 4 * HOUR],
  warning: [4 * HOUR, 24 * HOUR],
};

/**
 * What follows from how everything is now: which alerts begin, fire, go on and are over, and who is told.
 * Time comes with the state; nothing is read or written here.
 * @param open alerts that are not over, and those that were over less than `SAME_WITHIN_MS` ago
 */
export function judge(
  state: SystemState,
  open: readonly Alert[],
  silences: readonly Silence[],
  newId: () => string,
): Judged {
  const { now } = state;
  const alerts: Alert[] = [];
  const dropped: string[] = [];
  const notices: Notice[] = [];
  const isSilent = ({ rule, subject }: Alert): boolean =>
    silences.some((one) => one.rule === rule && (one.subject ?? subject) === subject);
  const tell = (alert: Alert, event: Notice['event']): Alert => {
    if (isSilent(alert)) return alert;
    const told = { ...alert, toldAt: alert.toldAt ?? now };
    notices.push({ alert: told, event });
    return told;
  };

  for (const rule of ALERT_RULES) {
    const { severity, forMs, find } = RULES[rule];
    const mine = open.filter((alert) => alert.rule === rule);
    const found = new Map(find(state).map((finding) => [finding.subject, finding]));
    for (const [subject, { value, detail = '' }] of found) {
      const before =
        mine.find((alert) => alert.subject === subject && alert.clearedAt === null) ??
        mine.find((alert) => alert.subject === subject);
      let alert: Alert = before
        ? { ...before, value, detail: detail.slice(0, 500), okSince: null }
        : {
            id: newId(),
            rule,
            subject,
            severity,
            since: now,
            firedAt: null,
            okSince: null,
            clearedAt: null,
            value,
            detail: detail.slice(0, 500),
            times: 1,
            level: 0,
            toldAt: null,
            acknowledgedAt: null,
          };
      if (alert.clearedAt !== null) {
        // Told once: that it comes and goes shows on the page. That nobody has taken it up counts anew.
        const again = alert.toldAt === null ? null : now;
        const { times } = alert;
        alert = { ...alert, clearedAt: null, times: times + 1, level: 0, toldAt: again };
        alert = { ...alert, acknowledgedAt: null };
      }
      if (alert.firedAt === null && now - alert.since >= forMs) {
        alert = { ...alert, firedAt: now };
      }
      if (alert.firedAt !== null && alert.toldAt === null) alert = tell(alert, 'fired');
      const due = ESCALATION[severity][alert.level];
      if (
        alert.toldAt !== null &&
        alert.acknowledgedAt === null &&
        due !== undefined &&
        now - alert.toldAt >= due &&
        !isSilent(alert)
      ) {
        alert = { ...tell(alert, 'escalated'), level: alert.level + 1 };
      }
      alerts.push(alert);
    }
    for (const alert of mine) {
      if (found.has(alert.subject) || alert.clearedAt !== null) continue;
      if (alert.firedAt === null) dropped.push(alert.id);
      else if (alert.okSince === null) alerts.push({ ...alert, okSince: now });
      else if (now - alert.okSince >= CLEAR_AFTER_MS) {
        const over = { ...alert, clearedAt: now };
        // Who was told that it fires is told that it is over; nobody else.
        const isNews = alert.toldAt !== null && (alert.times === 1 || alert.level > 0);
        alerts.push(isNews ? tell(over, 'cleared') : over);
      }
    }
  }
  return { alerts, dropped, notices };
}
