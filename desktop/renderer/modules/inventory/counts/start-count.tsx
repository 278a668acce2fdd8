import { Button, CloseButton, Radio, Select } from '@mantine/core';
import { useState } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import { useSession } from '../../../shell/session.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { countKindWord } from '../../../ui/domain-words.ts';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { useCountActs } from './use-counts.ts';
import type { CountKind } from './use-counts.ts';

const KINDS: readonly CountKind[] = ['spot', 'cycle'];

/** Where and what kind of count: then counting begins. */
export function StartCount(props: { close: () => void; started: (id: string) => void }) {
  const { t } = useI18n();
  const { who, mayRow } = useSession();
  const { sites, site: current } = useSites();
  const { start } = useCountActs(who.userId);
  const [kind, setKind] = useState<CountKind>('spot');
  const [chosen, setChosen] = useState<string | null>(null);
  const [error, setError] = useState<Code | null>(null);
  const open = sites?.filter(({ id }) => mayRow('count_sessions', 'create', { location_id: id }));
  const site =
    open?.find(({ id }) => id === chosen) ??
    open?.find(({ id }) => id === current?.id) ??
    open?.[0];

  const begin = async () => {
    if (!site) return;
    try {
      props.started(await start(site.id, kind));
    } catch (failure) {
      setError(toAppError(failure).code);
    }
  };
  return (
    <aside className="g-detail" aria-label={t('counts.start')} data-testid="count-start-form">
      <div className="g-detail-head g-row">
        <h2 className="g-spread" style={{ fontSize: 16 }}>
          {t('counts.start')}
        </h2>
        <CloseButton aria-label={t('common.close')} onClick={props.close} />
      </div>
      <form
        className="g-detail-body g-stack"
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        {error && <ErrorNote error={error} />}
        <Select
          label={t('counts.where')}
          data={open?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={site?.id ?? null}
          onChange={setChosen}
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
                description={name === 'spot' ? t('counts.spotHelp') : t('counts.cycleHelp')}
                data-testid={`count-kind-${name}`}
              />
            ))}
          </div>
        </Radio.Group>
        <div>
          <Button type="submit" data-autofocus data-testid="count-begin">
            {t('counts.begin')}
          </Button>
        </div>
      </form>
    </aside>
  );
}
