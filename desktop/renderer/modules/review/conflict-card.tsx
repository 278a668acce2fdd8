import { Button } from '@mantine/core';
import { IconArrowBackUp, IconCircleCheck } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { sameContent } from '#shared/kernel/json.ts';
import type { ConflictRow } from '#shared/ipc/views.ts';
import { isTableName } from '#shared/schema/tables.ts';
import { useSession } from '../../shell/session.tsx';
import { useSites } from '../../shell/sites.tsx';
import { fieldWord, tableWord } from '../../ui/domain-words.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { When } from '../../ui/when.tsx';
import { useRestore } from './use-review.ts';
import { valueWords } from './value-words.ts';

/** Two values of one field, side by side, and the way back to the one that lost. */
export function ConflictCard(props: {
  conflict: ConflictRow;
  names: ReadonlyMap<string, string>;
  now: number;
}) {
  const { conflict, names, now } = props;
  const { t, fmt } = useI18n();
  const { mayRow } = useSession();
  const { byId } = useSites();
  const { done, failed } = useToasts();
  const restore = useRestore();
  const [busy, setBusy] = useState(false);

  const field = fieldWord(t, conflict.field);
  const words = (value: unknown) =>
    valueWords(conflict.table_name, conflict.field, value, {
      ...fmt,
      yes: t('common.yes'),
      no: t('common.no'),
      empty: t('review.emptyValue'),
    });
  const person = (who: string | null) =>
    who === null ? t('review.someone') : (names.get(who) ?? who);
  const site = [...byId.values()].find(({ code }) => code === conflict.location_code);
  const editable =
    isTableName(conflict.table_name) &&
    mayRow(conflict.table_name, 'update', { location_id: site?.id ?? null });
  const moved = !conflict.restored && !sameContent(conflict.current_value, conflict.kept_value);

  const bringBack = () => {
    setBusy(true);
    const former = conflict.current_value;
    restore(conflict, conflict.lost_value)
      .then(
        () => done(t('review.restoredToast', { field }), () => restore(conflict, former)),
        failed,
      )
      .finally(() => setBusy(false));
  };
  const name = conflict.item_name ?? tableWord(t, conflict.table_name);
  return (
    <article
      className="g-card g-stack"
      aria-label={`${field}, ${name}`}
      data-testid="conflict-row"
      data-id={conflict.id}
      data-field={conflict.field}
      data-restored={conflict.restored}
    >
      <div className="g-row">
        <h3 className="g-spread" style={{ fontSize: 14 }}>
          {field},{' '}
          {conflict.item_id ? (
            <Link to="/inventory" search={{ item: conflict.item_id }}>
              {name}
            </Link>
          ) : (
            name
          )}
          {conflict.location_code && <span className="g-dim"> {conflict.location_code}</span>}
        </h3>
        {conflict.restored && (
          <StatusPill tone="green" icon={IconCircleCheck}>
            {t('review.restored')}
          </StatusPill>
        )}
      </div>
      <p className="g-dim">
        {t('review.whatHappened', {
          first: person(conflict.lost_by),
          second: person(conflict.kept_by),
        })}
      </p>
      <div className="g-versus">
        <div className="g-version" data-current={!conflict.restored}>
          <div className="g-small g-dim">{t('review.kept')}</div>
          <div className="g-version-value" data-testid="conflict-kept">
            {words(conflict.kept_value)}
          </div>
          <div className="g-small g-dim">
            {person(conflict.kept_by)}, <When instant={conflict.kept_at} now={now} />
          </div>
        </div>
        <div className="g-version" data-current={conflict.restored}>
          <div className="g-small g-dim">{t('review.lost')}</div>
          <div className="g-version-value" data-testid="conflict-lost">
            {words(conflict.lost_value)}
          </div>
          <div className="g-small g-dim">
            {person(conflict.lost_by)}, <When instant={conflict.lost_at} now={now} />
          </div>
          {!conflict.restored && editable && (
            <Button
              variant="default"
              mt={8}
              leftSection={<IconArrowBackUp size={18} stroke={1.5} />}
              disabled={busy}
              onClick={bringBack}
              data-testid="conflict-restore"
            >
              {t('review.restore')}
            </Button>
          )}
        </div>
      </div>
      {moved && (
        <p className="g-small g-dim">
          {t('review.movedOn', { value: words(conflict.current_value) })}
        </p>
      )}
    </article>
  );
}
