import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { ParkedChange } from '#shared/ipc/sync-status.ts';
import { sameContent } from '#shared/kernel/json.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import { linesOf } from '#shared/schema/review-lines.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName, TableRow } from '#shared/schema/tables.ts';
import { useDoc, useStore, useView } from '#desktop/collections/hooks.tsx';
import type { Changes, NewRow, Tables } from '#desktop/collections/tables.ts';
import { fieldWord, tableWord } from '../ui/domain-words.ts';
import { focusWhenShown } from '../ui/field-focus.ts';
import { useI18n } from '../ui/i18n.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useNow } from '../ui/use-now.ts';
import { When } from '../ui/when.tsx';
import { ParkedAlternatives } from './parked-alternatives.tsx';

const INBOX = { limit: 500, itemId: null } as const;

/**
 * Changes that the server refused: what, why, and the ways on.
 * @param props.count tells when to look again
 * @param props.done an action leads elsewhere
 * @param props.bare true under a heading of its own
 * @param props.children what stands below the list
 */
export function ParkedChanges(props: {
  count: number;
  done: () => void;
  bare?: boolean;
  children?: ReactNode;
}) {
  const { t } = useI18n();
  const { client } = useStore();
  const { failed } = useToasts();
  const [parked, setParked] = useState<readonly ParkedChange[]>([]);
  useEffect(() => {
    let current = true;
    client.call('sync.parked', {}).then((rows) => {
      if (current) setParked(rows);
    }, failed);
    return () => {
      current = false;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- asked again when the number changes
  }, [client, props.count]);
  return (
    <section aria-label={t('parked.title')}>
      {!props.bare && <p className="g-strong">{t('parked.title')}</p>}
      <p className="g-small g-dim">{t('parked.help')}</p>
      <ul style={{ listStyle: 'none', margin: '8px 0 0', padding: 0 }} className="g-stack">
        {parked.map((change) => (
          <Parked key={`${change.table} ${change.id}`} change={change} done={props.done} />
        ))}
      </ul>
      {props.children}
    </section>
  );
}

function Parked(props: { change: ParkedChange; done: () => void }) {
  const { change, done } = props;
  const { t, say } = useI18n();
  const { client, tables } = useStore();
  const { failed, done: toast } = useToasts();
  const navigate = useNavigate();
  const now = useNow();
  const first = useFirstDecider(change);
  const [asking, setAsking] = useState(false);
  const name = tableWord(t, change.table);
  const fields = change.fields.map((field) => fieldWord(t, field)).join(', ');

  const open = async () => {
    const target = await targetOf(tables, change);
    await navigate(target ?? { to: '/inventory', search: {} });
    done();
  };
  const at = { table: change.table, id: change.id };
  const resend = async () => {
    await client.call('sync.retry', at);
    toast(t('parked.resent', { name }));
  };
  const discard = async () => {
    const mine = isTableName(change.table) ? await tables.read(change.table, change.id) : null;
    await client.call('sync.discard', at);
    const back =
      mine && isTableName(change.table) ? wayBack(tables, change.table, mine) : undefined;
    toast(t('parked.discarded', { name }), back);
  };
  return (
    <li data-testid="parked-row" data-table={change.table} data-id={change.id}>
      <div className="g-row">
        <span className="g-strong g-spread">
          {change.table === 'review_decisions' ? (
            <DecisionName id={change.id} />
          ) : fields ? (
            `${name}: ${fields}`
          ) : (
            name
          )}
        </span>
        <span className="g-small g-dim">
          <When instant={change.parkedAt} now={now} />
        </span>
      </div>
      <p>
        {first !== null ? t('parked.decidedFirst', { who: first }) : say(change.code)}{' '}
        <span className="g-code g-dim">{change.code}</span>
      </p>
      <ParkedAlternatives change={change} done={done} />
      {asking ? (
        <div className="g-row" role="alertdialog" aria-label={t('parked.confirm', { name })}>
          <span className="g-spread">{t('parked.confirm', { name })}</span>
          <Button
            color="red"
            size="compact-sm"
            ref={focusWhenShown}
            data-testid="parked-discard-confirm"
            onClick={() => {
              discard().catch(failed);
            }}
          >
            {t('parked.discardNow')}
          </Button>
          <Button variant="default" size="compact-sm" onClick={() => setAsking(false)}>
            {t('common.keep')}
          </Button>
        </div>
      ) : (
        <div className="g-row" style={{ flexWrap: 'wrap' }}>
          <Button
            variant="default"
            size="compact-sm"
            data-testid="parked-open"
            onClick={() => {
              open().catch(failed);
            }}
          >
            {change.table === 'review_decisions' ? t('parked.review') : t('parked.edit')}
          </Button>
          {change.table !== 'review_decisions' && (
            <Button
              variant="default"
              size="compact-sm"
              data-testid="parked-resend"
              onClick={() => {
                resend().catch(failed);
              }}
            >
              {t('parked.resend')}
            </Button>
          )}
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            data-testid="parked-discard"
            onClick={() => setAsking(true)}
          >
            {t('parked.discard')}
          </Button>
        </div>
      )}
    </li>
  );
}

/** Which fields a decision of a review was about. */
function DecisionName(props: { id: string }) {
  const { t } = useI18n();
  const { data: row } = useDoc('review_decisions', props.id);
  const fields = row?.lines.flatMap(({ field }) => (field === null ? [] : [fieldWord(t, field)]));
  const name = tableWord(t, 'review_decisions');
  const where = row ? tableWord(t, row.table_name) : '';
  return fields && fields.length > 0
    ? `${name}: ${[...new Set(fields)].join(', ')} (${where})`
    : name;
}

/** Who decided first what this person decided too; null where nobody did. */
function useFirstDecider({ table, id }: ParkedChange): string | null {
  const isDecision = table === 'review_decisions';
  const { data: mine } = useDoc('review_decisions', isDecision ? id : null);
  const { data: groups } = useView('review.inbox', isDecision ? INBOX : null);
  const about = new Set(mine?.lines.map(({ about_id: entry }) => entry));
  const first = groups
    ?.flatMap(({ decisions }) => decisions)
    .find(
      ({ id: other, undone, accepted_at: accepted, row }) =>
        other !== id &&
        !undone &&
        accepted !== null &&
        linesOf(row as unknown as Row).some((line) => about.has(line.about_id)),
    );
  return first?.by ?? null;
}

/**
 * How a change that was given up comes back: the edited fields as a new edit, a fact as a new one.
 * A decision of a review is made anew in the review, on what stands there now.
 */
function wayBack<N extends TableName>(
  tables: Tables,
  table: N,
  mine: TableRow<N>,
): (() => Promise<void>) | undefined {
  if (table === 'review_decisions') return undefined;
  const names = Object.keys(tableOf(table).fields);
  const own = Object.fromEntries(
    Object.entries(mine).filter(([name]) => names.includes(name)),
  ) as Changes<N>;
  return async () => {
    const there = await tables.read(table, mine.id);
    // An insert that the server never had, or a fact: under a new id, the old one is spoken for.
    if (!there) return tables.insert(table, { ...own, id: newId() } as NewRow<N>);
    const lost = Object.entries(own).filter(
      ([name, value]) =>
        isEdited(table, name) && !sameContent(value, there[name as keyof TableRow<N>]),
    );
    return tables.patch(table, mine.id, Object.fromEntries(lost) as Changes<N>);
  };
}

/** True for fields that an ordinary edit brings back; states take steps, and sets know their own. */
function isEdited(table: TableName, field: string): boolean {
  const rule = tableOf(table).fields[field]?.merge;
  return rule === 'LWW' || rule === 'HR';
}

/** Tables whose rows some page shows. */
const SHOWN: ReadonlySet<string> = new Set<TableName>([
  'review_decisions',
  'inventory_items',
  'item_locations',
  'count_sessions',
  'count_lines',
  'stock_acts',
]);
export const hasPage = (table: string): boolean => SHOWN.has(table);

/** Where a change can be looked at; null where no page shows such rows. */
export async function targetOf(tables: Tables, change: Pick<ParkedChange, 'table' | 'id'>) {
  if (!isTableName(change.table)) return null;
  if (change.table === 'review_decisions') return { to: '/review' } as const;
  if (change.table === 'inventory_items') {
    return { to: '/inventory', search: { item: change.id } } as const;
  }
  if (change.table === 'item_locations') {
    const row = await tables.read('item_locations', change.id);
    return { to: '/inventory', search: row ? { item: row.item_id } : {} } as const;
  }
  if (change.table === 'count_sessions') {
    return { to: '/counts', search: { count: change.id } } as const;
  }
  if (change.table === 'count_lines') {
    const row = await tables.read('count_lines', change.id);
    return { to: '/counts', search: row ? { count: row.session_id } : {} } as const;
  }
  if (change.table === 'stock_acts') {
    const row = await tables.read('stock_acts', change.id);
    const item = row?.lines[0]?.item_id;
    return {
      to: '/inventory',
      search: item ? { item, tab: 'history' as const } : {},
    } as const;
  }
  return null;
}
