import { formatQuantity, parseQuantity } from '#shared/kernel/quantity.ts';
import type { SiteStock } from '#shared/ipc/views.ts';
import { SharedField } from '../../shell/presence.tsx';
import { useSession } from '../../shell/session.tsx';
import { useSites } from '../../shell/sites.tsx';
import type { Site } from '../../shell/sites.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { InlineEdit } from '../../ui/inline-edit.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { LostValues } from '../conflicts/index.ts';
import { unitWords } from './receive/packs.ts';
import { LevelPill } from './stock-pills.tsx';
import { stockAt } from './stock-status.ts';
import { useInventoryEdits, useItemRecord } from './use-inventory.ts';
import type { ListedItem } from './use-inventory.ts';

const MAX_DESCRIPTION = 2000;

/** On-hand, par and bin of each site, and what the item is. Fields save themselves. */
export function StockTab(props: { item: ListedItem }) {
  const { item } = props;
  const { t } = useI18n();
  const { sites } = useSites();
  return (
    <div className="g-stack" style={{ gap: 20 }}>
      <table className="g-table">
        <thead>
          <tr>
            <th scope="col">{t('stock.site')}</th>
            <th scope="col" className="g-num">
              {t('stock.onHand')}
            </th>
            <th scope="col" className="g-num" style={{ width: 92 }}>
              {t('stock.par')}
            </th>
            <th scope="col" style={{ width: 104 }}>
              {t('stock.bin')}
            </th>
          </tr>
        </thead>
        <tbody>
          {sites?.map((site) => (
            <SiteRow key={site.id} item={item} site={site} />
          ))}
        </tbody>
      </table>
      <LostValues itemId={item.item_id} />
      <p className="g-small g-dim">{t('stock.unitHelp', { unit: item.base_unit })}</p>
      <About item={item} />
    </div>
  );
}

function SiteRow(props: { item: ListedItem; site: Site }) {
  const { item, site } = props;
  const { t, fmt } = useI18n();
  const { mayRow } = useSession();
  const edits = useInventoryEdits();
  const { done } = useToasts();
  const known = stockAt(item, site.id);
  const stock: SiteStock = known ?? {
    location_id: site.id,
    item_location_id: null,
    on_hand: 0,
    par: null,
    bin: null,
    next_expiry: null,
  };
  const operation = stock.item_location_id === null ? 'create' : 'update';
  const editable = mayRow('item_locations', operation, { location_id: site.id });

  const save = async (field: 'par' | 'bin', value: number | string | null) => {
    const former = stock[field];
    await edits.site(item.item_id, stock, { [field]: value });
    const words = field === 'par' ? t('stock.parSaved', at) : t('stock.binSaved', at);
    done(words, () => edits.site(item.item_id, stock, { [field]: former }));
  };
  const at = { site: site.code };
  return (
    <tr data-testid={`site-row-${site.code}`}>
      <th scope="row" style={{ color: 'inherit', fontSize: 13 }} title={site.name}>
        <span className="g-row">
          <span>{site.code}</span>
          <LevelPill stock={known} />
        </span>
      </th>
      <td
        className="g-num g-strong"
        data-testid={`on-hand-${site.code}`}
        data-quantity={stock.on_hand}
      >
        {fmt.quantity(stock.on_hand)}
      </td>
      <td className="g-num">
        <SharedField field="par" row={site.id}>
          {editable ? (
            <InlineEdit
              label={t('stock.parOf', at)}
              value={stock.par === null ? '' : formatQuantity(stock.par)}
              align="right"
              placeholder="–"
              check={(text) => checkPar(text, t('stock.parWrong'))}
              save={(text) => save('par', text === '' ? null : parseQuantity(text))}
              testId={`par-input-${site.code}`}
            />
          ) : (
            <span data-testid={`par-${site.code}`}>
              {stock.par === null ? '–' : fmt.quantity(stock.par)}
            </span>
          )}
        </SharedField>
      </td>
      <td>
        <SharedField field="bin" row={site.id}>
          {editable ? (
            <InlineEdit
              label={t('stock.binOf', at)}
              value={stock.bin ?? ''}
              placeholder="–"
              maxLength={40}
              save={(text) => save('bin', text === '' ? null : text)}
              testId={`bin-input-${site.code}`}
            />
          ) : (
            <span data-testid={`bin-${site.code}`}>{stock.bin ?? '–'}</span>
          )}
        </SharedField>
      </td>
    </tr>
  );
}

function checkPar(text: string, words: string): string | null {
  if (text === '') return null;
  const value = parseQuantity(text);
  return value === null || value < 0 ? words : null;
}

function About(props: { item: ListedItem }) {
  const { item } = props;
  const { t, fmt } = useI18n();
  const { mayRow } = useSession();
  const edits = useInventoryEdits();
  const { done } = useToasts();
  const { data: record } = useItemRecord(item.item_id);
  if (!record) return null;
  // The base unit may stand among the packs to carry its trade number.
  const packs = record.packs.filter(({ unit }) => unit !== record.base_unit);
  const former = record.description;
  const save = async (text: string) => {
    await edits.item(item.item_id, { description: text === '' ? null : text });
    done(t('detail.descriptionSaved'), () => edits.item(item.item_id, { description: former }));
  };
  return (
    <section className="g-stack" aria-label={t('detail.about')}>
      <div>
        <div className="g-small g-dim" style={{ marginBottom: 4 }}>
          {t('field.description')}
        </div>
        <SharedField field="description">
          {mayRow('inventory_items', 'update', { id: record.id }) ? (
            <InlineEdit
              label={t('field.description')}
              value={former ?? ''}
              placeholder={t('detail.descriptionHint')}
              maxLength={MAX_DESCRIPTION}
              multiline
              save={save}
              testId="description-input"
            />
          ) : (
            <p data-testid="description-text" style={{ whiteSpace: 'pre-wrap' }}>
              {former ?? '–'}
            </p>
          )}
        </SharedField>
      </div>
      <dl className="g-facts">
        {record.manufacturer && (
          <>
            <dt>{t('field.manufacturer')}</dt>
            <dd>{record.manufacturer}</dd>
          </>
        )}
        {packs.length > 0 && (
          <>
            <dt>{t('field.packs')}</dt>
            <dd>
              {packs.map((pack) => unitWords(pack, record.base_unit, fmt.quantity)).join(', ')}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
