import { Button, Checkbox, MultiSelect, Radio, Select } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { countKindWord } from '../../../ui/domain-words.ts';
import { focusWhenShown } from '../../../ui/field-focus.ts';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { compareValues } from '../../../ui/table-columns.ts';
import { useNow } from '../../../ui/use-now.ts';
import type { CountsSearch } from '../search.ts';
import { PlanList } from './plan-list.tsx';
import { planOf, progressOf } from './plan.ts';
import { hasPlan, useCountActs, useSitePlan } from './use-counts.ts';
import type { CountKind } from './use-counts.ts';
import { LONGEST_ZONE, NO_BIN, aisleOf, isInZone, zoneOf } from './zone.ts';
import { PanelHead } from '../../../ui/panel-head.tsx';

const KINDS: readonly CountKind[] = ['spot', 'cycle', 'full'];

/** Where, what kind of count, which zone: the list of what is expected there, then counting begins. */
export function StartCount(props: {
  close: () => void;
  started: (id: string, then: Partial<CountsSearch>) => void;
}) {
  const { t } = useI18n();
  const { who, mayRow } = useSession();
  const { sites, site: current } = useSites();
  const { start } = useCountActs(who.userId);
  const [kind, setKind] = useState<CountKind>('spot');
  const [chosen, setChosen] = useState<string | null>(null);
  const [names, setNames] = useState<readonly string[]>([]);
  const [blind, setBlind] = useState(true);
  const [error, setError] = useState<Code | null>(null);
  const startedAt = useNow(60_000);
  const open = sites?.filter(({ id }) => mayRow('count_sessions', 'create', { location_id: id }));
  const site =
    open?.find(({ id }) => id === chosen) ??
    open?.find(({ id }) => id === current?.id) ??
    open?.[0];
  const { data: rows } = useSitePlan(site?.id ?? null);
  const zone = zoneOf(names);
  const isLong = (zone?.length ?? 0) > LONGEST_ZONE;
  const isListed = hasPlan({ kind, zone });
  const plan = useMemo(
    () => (isListed && rows ? planOf(rows, { zone, startedAt }) : null),
    [isListed, rows, zone, startedAt],
  );
  const zones = useMemo(() => {
    const bins = rows?.map(({ bin }) => bin) ?? [];
    const named = (name: string) => ({
      value: name,
      label: t('counts.zoneOption', {
        zone: name === NO_BIN ? t('counts.noBin') : name,
        n: bins.filter((bin) => isInZone(bin, name)).length,
      }),
    });
    const aisles = [...new Set(bins.map(aisleOf))].toSorted(compareValues);
    const single = [...new Set(bins.flatMap((bin) => (bin === null ? [] : [bin.trim()])))]
      .filter((bin) => bin !== '' && !bin.includes(',') && !aisles.includes(bin.toUpperCase()))
      .toSorted(compareValues);
    return [
      { group: t('counts.aisles'), items: aisles.map(named) },
      { group: t('counts.bins'), items: single.map(named) },
    ].filter(({ items }) => items.length > 0);
  }, [rows, t]);

  const begin = async (then: Partial<CountsSearch>) => {
    if (!site || isLong) return;
    try {
      const id = await start(site.id, { kind, zone, blind });
      props.started(id, then);
    } catch (failure) {
      setError(toAppError(failure).code);
    }
  };
  return (
    <aside className="g-detail" aria-label={t('counts.start')} data-testid="count-start-form">
      <PanelHead title={t('counts.start')} close={props.close} />
      <form
        className="g-detail-body g-stack"
        onSubmit={(event) => {
          event.preventDefault();
          void begin({});
        }}
      >
        {error && <ErrorNote error={error} />}
        <Select
          label={t('counts.where')}
          data={open?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={site?.id ?? null}
          onChange={(id) => {
            setChosen(id);
            setNames([]);
          }}
          allowDeselect={false}
          data-testid="count-site"
        />
        <Radio.Group
          label={t('counts.kind')}
          value={kind}
          onChange={(value) => setKind(KINDS.find((known) => known === value) ?? 'spot')}
        >
          <div className="g-stack" style={{ gap: 8, marginTop: 4 }}>
            {KINDS.map((name) => (
              <Radio
                key={name}
                value={name}
                label={countKindWord(t, name)}
                description={t(`counts.${name}Help`)}
                data-testid={`count-kind-${name}`}
              />
            ))}
          </div>
        </Radio.Group>
        <MultiSelect
          label={t('counts.zone')}
          description={t('counts.zoneHelp')}
          placeholder={names.length === 0 ? t('counts.wholeSite') : undefined}
          data={zones}
          value={[...names]}
          onChange={setNames}
          searchable
          clearable
          hidePickedOptions
          error={isLong ? t('counts.zoneLong') : null}
          nothingFoundMessage={t('counts.zoneNothing')}
          data-testid="count-zone"
        />
        <Checkbox
          label={t('counts.blind')}
          description={t('counts.blindChoice')}
          checked={blind}
          onChange={(event) => setBlind(event.currentTarget.checked)}
          data-testid="count-blind-choice"
        />
        <div className="g-row">
          <Button type="submit" ref={focusWhenShown} disabled={isLong} data-testid="count-begin">
            {t('counts.begin')}
          </Button>
          {isListed && (
            <Button
              variant="default"
              leftSection={<IconPrinter size={18} stroke={1.5} />}
              disabled={isLong || plan?.length === 0}
              onClick={() => void begin({ print: true })}
              data-testid="count-begin-sheet"
            >
              {t('counts.beginSheet')}
            </Button>
          )}
        </div>
        {plan && (
          <section className="g-stack" style={{ gap: 8 }} aria-label={t('counts.plan')}>
            <h3 style={{ fontSize: 14 }} data-testid="count-plan-n" data-n={plan.length}>
              {t('counts.planN', { n: plan.length })}
            </h3>
            <PlanList
              plan={plan}
              progress={progressOf(plan, [])}
              chosen={null}
              empty={t('counts.planEmpty')}
            />
          </section>
        )}
      </form>
    </aside>
  );
}
