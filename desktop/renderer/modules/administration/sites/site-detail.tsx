import { CloseButton } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { siteFieldsOf } from '#shared/access/administration.ts';
import { SETTINGS, isSettingKey } from '#shared/access/settings.ts';
import type { SettingKey } from '#shared/access/settings.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { Note } from '../../../ui/note.tsx';
import { ServerButton } from '../server-button.tsx';
import { useOwnGrants } from '../use-admin.ts';
import { SiteDialog } from './site-dialog.tsx';
import { beginWords } from './begins.ts';
import { SettingCard } from './setting-card.tsx';
import { SettingDialog } from './setting-dialog.tsx';
import type { Place, SettingRow } from './site.ts';

const NONE: ReadonlySet<string> = new Set();
const KEYS = Object.keys(SETTINGS) as SettingKey[];

/** A site, or all of them: what it is, and what is decided for it. */
export function SiteDetail(props: {
  place: Place;
  settings: readonly SettingRow[] | undefined;
  names: ReadonlyMap<string, string>;
  now: number;
  close: () => void;
}) {
  const { place, settings, names, now } = props;
  const { t } = useI18n();
  const [changing, setChanging] = useState<SettingKey | null>(null);
  const { site } = place;
  const { grants } = useOwnGrants();
  const [isEditing, setEditing] = useState(false);
  const theirs = site ? siteFieldsOf(grants, site.id) : NONE;
  const siteId = site?.id ?? null;
  const keys = KEYS.filter((key) => siteId === null || SETTINGS[key].perSite);
  const others = settings
    ?.filter((row) => !isSettingKey(row.key) && row.location_id === siteId)
    .toSorted((a, b) => a.key.localeCompare(b.key) || b.effective_from - a.effective_from);
  return (
    <aside className="g-detail" aria-label={place.name} data-testid="site-detail">
      <div className="g-detail-head g-row">
        <h2 className="g-spread" style={{ fontSize: 16 }}>
          {place.name}
        </h2>
        <CloseButton
          aria-label={t('common.close')}
          title={t('common.closeEsc')}
          onClick={props.close}
        />
      </div>
      <div className="g-detail-body g-sections">
        {site && (
          <section className="g-stack" style={{ gap: 12 }} aria-label={place.name}>
            <dl className="g-facts">
              <dt>{t('settings.code')}</dt>
              <dd>{site.code}</dd>
              <dt>{t('settings.zone')}</dt>
              <dd data-testid="site-zone">{site.time_zone}</dd>
              <dt>{t('settings.address')}</dt>
              <dd>{site.address ?? '–'}</dd>
              <dt>{t('settings.phone')}</dt>
              <dd>{site.phone ?? '–'}</dd>
              <dt>{t('settings.active')}</dt>
              <dd>{site.active ? t('common.yes') : t('common.no')}</dd>
            </dl>
            {theirs.size > 0 ? (
              <div>
                <ServerButton testId="site-edit" onClick={() => setEditing(true)}>
                  {t('settings.siteEditAct')}
                </ServerButton>
              </div>
            ) : (
              <Note tone="blue" icon={IconInfoCircle}>
                {t('settings.siteReadOnly')}
              </Note>
            )}
          </section>
        )}
        <section aria-labelledby="site-settings">
          <h3 id="site-settings">{t('settings.title')}</h3>
          {settings ? (
            <div className="g-stack" style={{ gap: 12 }}>
              {keys.map((key) => (
                <SettingCard
                  key={key}
                  settingKey={key}
                  siteId={siteId}
                  rows={settings}
                  names={names}
                  now={now}
                  change={() => setChanging(key)}
                />
              ))}
            </div>
          ) : (
            <Loading lines={4} />
          )}
        </section>
        {others && others.length > 0 && (
          <section aria-labelledby="site-others">
            <h3 id="site-others">{t('settings.other')}</h3>
            <p className="g-small g-dim">{t('settings.otherHelp')}</p>
            <dl className="g-facts">
              {others.map((row) => (
                <SettingLine key={row.id} row={row} />
              ))}
            </dl>
          </section>
        )}
      </div>
      {isEditing && site && (
        <SiteDialog site={site} done={() => undefined} close={() => setEditing(false)} />
      )}
      {changing && (
        <SettingDialog settingKey={changing} place={place} close={() => setChanging(null)} />
      )}
    </aside>
  );
}

function SettingLine(props: { row: SettingRow }) {
  const { fmt, timeZone } = useI18n();
  const { key, value, effective_from: from } = props.row;
  return (
    <>
      <dt className="g-code">{key}</dt>
      <dd>
        {JSON.stringify(value)}{' '}
        <span className="g-small g-dim">{beginWords(fmt, from, timeZone)}</span>
      </dd>
    </>
  );
}
