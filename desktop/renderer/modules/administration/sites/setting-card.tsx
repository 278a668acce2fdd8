import { Button } from '@mantine/core';
import { IconCircleCheck, IconClock, IconHistory } from '@tabler/icons-react';
import { activeGrants } from '#shared/access/rights.ts';
import { SETTINGS, settingAt, whyNotSet } from '#shared/access/settings.ts';
import type { SettingKey } from '#shared/access/settings.ts';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { useSync } from '../../../shell/use-sync.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Timeline } from '../../../ui/timeline.tsx';
import { beginWords } from './begins.ts';
import type { SettingRow } from './site.ts';
import { useSettingWords } from './use-setting-words.ts';

/** One setting: what holds now, since when, what comes, and what was. */
export function SettingCard(props: {
  settingKey: SettingKey;
  /** Null: of all sites. */
  siteId: string | null;
  rows: readonly SettingRow[];
  names: ReadonlyMap<string, string>;
  now: number;
  change: () => void;
}) {
  const { settingKey: key, siteId, rows, names, now } = props;
  const { t, fmt, timeZone } = useI18n();
  const { byId } = useSites();
  const zone = (siteId === null ? undefined : byId.get(siteId)?.time_zone) ?? timeZone;
  const begin = (instant: number): string => beginWords(fmt, instant, zone);
  const { who, mayRow } = useSession();
  const { status } = useSync();
  const words = useSettingWords();
  const holds = settingAt(rows, key, siteId, now);
  const own = rows
    .filter((row) => row.key === key && row.location_id === siteId)
    .toSorted((a, b) => b.effective_from - a.effective_from);
  const next = own.findLast((row) => row.effective_from > now);
  const wish = { key, locationId: siteId, value: SETTINGS[key].usual };
  const mayChange =
    mayRow('location_configs', 'create', { location_id: siteId, key }) &&
    whyNotSet(activeGrants(who.grants, now), wish) === null;
  const since =
    holds === null
      ? t('settings.usual')
      : t(holds.location_id === siteId ? 'settings.since' : 'settings.sinceAll', {
          date: begin(holds.effective_from),
        });
  return (
    <div className="g-card" data-testid={`setting-${key}`}>
      <div className="g-row" style={{ alignItems: 'flex-start' }}>
        <div className="g-spread">
          <div className="g-strong">{t(`settings.key.${key}`)}</div>
          <div className="g-small g-dim">{t(`settings.help.${key}`)}</div>
        </div>
        {mayChange && (
          <Button
            variant="default"
            size="compact-sm"
            disabled={status?.online !== true}
            onClick={props.change}
            data-testid={`change-${key}`}
          >
            {t('settings.change')}
          </Button>
        )}
      </div>
      <div className="g-entry" data-testid={`value-${key}`}>
        {words(key, holds?.value ?? SETTINGS[key].usual)}
      </div>
      <div className="g-small g-dim">{since}</div>
      {next && (
        <div className="g-small" data-testid={`next-${key}`}>
          {t('settings.next', {
            value: words(key, next.value),
            date: begin(next.effective_from),
          })}
        </div>
      )}
      {own.length > 1 && (
        <details>
          <summary className="g-small">{t('settings.history')}</summary>
          <Timeline
            label={t('settings.history')}
            now={now}
            events={own.map((row) => {
              const isNow = row.id === holds?.id;
              const isLater = row.effective_from > now;
              return {
                key: row.id,
                icon: isNow ? IconCircleCheck : isLater ? IconClock : IconHistory,
                tone: isNow ? ('green' as const) : isLater ? ('blue' as const) : ('grey' as const),
                title: `${words(key, row.value)} · ${begin(row.effective_from)}`,
                instant: row.effective_from,
                who: row.set_by === null ? null : (names.get(row.set_by) ?? null),
              };
            })}
          />
        </details>
      )}
    </div>
  );
}
