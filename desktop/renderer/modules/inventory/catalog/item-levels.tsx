import { IconAlertTriangle } from '@tabler/icons-react';
import type { TableRow } from '#shared/schema/tables.ts';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { fieldWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { LevelCell, moveInLevels, StockedCell } from './level-cell.tsx';
import { LEVEL_FIELDS, levelText, levelWarning } from './level-fields.ts';
import { placeKey, unsetPlace } from './use-catalog.ts';
import { useLevelEdits } from './use-level-edits.ts';

/** What every site wants to hold of one item. */
export function ItemLevels(props: { item: Pick<TableRow<'inventory_items'>, 'id' | 'base_unit'> }) {
  const { item } = props;
  const { t } = useI18n();
  const { mayRow } = useSession();
  const { sites } = useSites();
  const { byKey, save } = useLevelEdits();
  if (!byKey || !sites) return null;
  return (
    <section className="g-stack" aria-label={t('levels.title')}>
      <h3 className="g-strong">{t('levels.title')}</h3>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys lead from field to field */}
      <table
        className="g-table g-levels"
        onKeyDown={(event) =>
          moveInLevels(
            event,
            sites.map(({ code }) => code),
          )
        }
      >
        <thead>
          <tr>
            <th scope="col">{t('stock.site')}</th>
            {LEVEL_FIELDS.map((field) => (
              <th key={field} scope="col" className={field === 'bin' ? '' : 'g-num'}>
                {field === 'bin' ? fieldWord(t, field) : t(`levels.${field}`)}
              </th>
            ))}
            <th scope="col">{t('levels.stocked')}</th>
          </tr>
        </thead>
        <tbody>
          {sites.map((site) => {
            const place = byKey.get(placeKey(item.id, site.id)) ?? unsetPlace(item.id, site.id);
            const operation = place.id === '' ? 'create' : 'update';
            const may = mayRow('item_locations', operation, { location_id: site.id });
            return (
              <tr key={site.id} data-testid={`levels-${site.code}`}>
                <th scope="row" title={site.name}>
                  {site.code}
                </th>
                {LEVEL_FIELDS.map((field) => (
                  <td key={field} className={field === 'bin' ? '' : 'g-num'}>
                    {may ? (
                      <LevelCell
                        place={place}
                        field={field}
                        of={site.code}
                        row={site.code}
                        save={save}
                      />
                    ) : (
                      levelText(place, field) || '–'
                    )}
                  </td>
                ))}
                <td>
                  <StockedCell
                    place={place}
                    of={site.code}
                    row={site.code}
                    disabled={!may}
                    save={save}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {sites.map((site) => {
        const warning = levelWarning(
          byKey.get(placeKey(item.id, site.id)) ?? unsetPlace(item.id, site.id),
        );
        return (
          warning && (
            <p key={site.id} className="g-small">
              <StatusPill tone="amber" icon={IconAlertTriangle}>
                {site.code}: {t(`levels.warning.${warning}`)}
              </StatusPill>
            </p>
          )
        );
      })}
      <p className="g-small g-dim">{t('stock.unitHelp', { unit: item.base_unit })}</p>
    </section>
  );
}
