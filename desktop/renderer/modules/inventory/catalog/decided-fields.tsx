import { Button } from '@mantine/core';
import { IconAlertTriangle, IconClipboardList } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { inventoryItems } from '#shared/schema/tables/inventory-items.ts';
import type { TableRow } from '#shared/schema/tables.ts';
import { SharedField } from '../../../shell/presence.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { fieldWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import type { T } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { useInventoryList, useItemLots } from '../use-inventory.ts';
import { choiceWords } from './catalog-words.ts';
import { DECIDED, ITEM_FIELDS, isDraftSku, policiesFit } from './item-values.ts';
import type { DecidedName, ItemValue } from './item-values.ts';
import { lackingStock } from './policy-change.ts';
import type { LackingStock } from './policy-change.ts';
import { SavedField } from './saved-field.tsx';
import { useItemActs } from './use-catalog.ts';

type Item = TableRow<'inventory_items'>;

/** A change that waits for a yes, since it concerns stock that is there. */
interface Asked {
  readonly field: DecidedName;
  readonly lacking: readonly LackingStock[];
  readonly answer: (yes: boolean) => void;
}

/** What stock and safety rely on: each field saves itself, after what follows from it has been said. */
export function DecidedFields(props: { item: Item; mayEdit: boolean; today: string }) {
  const { item, mayEdit, today } = props;
  const { t } = useI18n();
  const { patch } = useItemActs();
  const { items } = useInventoryList();
  const { data: lots } = useItemLots(item.id);
  const [asked, setAsked] = useState<Asked | null>(null);

  const check = (name: DecidedName, value: ItemValue): string | null => {
    if (name === 'sku') return skuProblem(t, String(value ?? ''), item, items ?? []);
    const after = { ...item, [name]: value };
    return policiesFit(after.lot_policy, after.expiry_policy) ? null : t('catalog.policies');
  };
  const ask = (name: DecidedName, value: ItemValue): Promise<boolean> => {
    const sites = items?.find(({ item_id }) => item_id === item.id)?.sites ?? [];
    const lacking = lackingStock(item, { ...item, [name]: value }, sites, lots ?? []);
    if (lacking.length === 0) return Promise.resolve(true);
    return new Promise((answer) => {
      setAsked({ field: name, lacking, answer });
    });
  };
  const settle = (yes: boolean): void => {
    asked?.answer(yes);
    setAsked(null);
  };
  return (
    <section className="g-stack" aria-label={t('catalog.decided')}>
      <h3 className="g-strong">{t('catalog.decided')}</h3>
      {mayEdit && isDraftSku(item.sku) && (
        <Note tone="blue" icon={IconAlertTriangle} testId="item-draft-sku">
          {t('catalog.draftSku')}
        </Note>
      )}
      {DECIDED.map((name) => (
        <SharedField key={name} field={name}>
          <SavedField
            field={name === 'sku' ? SKU : ITEM_FIELDS[name]}
            label={fieldWord(t, name)}
            words={choiceWords(t, name)}
            value={item[name]}
            save={(value) => patch(item.id, { [name]: value })}
            check={(value) => check(name, value)}
            ask={(value) => ask(name, value)}
            mayEdit={mayEdit}
            today={today}
            testId={`item-${name}`}
          />
        </SharedField>
      ))}
      <SharedField field="document_policy">
        <SavedField
          field={inventoryItems.fields.document_policy}
          label={fieldWord(t, 'document_policy')}
          help={t('catalog.documentHelp')}
          words={choiceWords(t, 'document_policy')}
          value={item.document_policy}
          save={(value) => patch(item.id, { document_policy: asDocumentPolicy(value) })}
          mayEdit={mayEdit}
          today={today}
          testId="item-document_policy"
        />
      </SharedField>
      <div>
        <div className="g-small g-dim">{fieldWord(t, 'base_unit')}</div>
        <div data-testid="item-base_unit">{item.base_unit}</div>
        <p className="g-small g-dim">{t('catalog.unitStays')}</p>
      </div>
      {asked && <LackingDialog item={item} asked={asked} settle={settle} />}
    </section>
  );
}

const asDocumentPolicy = (value: ItemValue): Item['document_policy'] =>
  value === 'optional' || value === 'required' ? value : null;

/** Once an item has a number it keeps one; only a new item may go without. */
const SKU = { ...ITEM_FIELDS.sku, nullable: false };

/** What is wrong with a number that somebody gives an item, in words; null when nothing is. */
function skuProblem(
  t: T,
  sku: string,
  item: Pick<Item, 'id' | 'sku'>,
  items: readonly { readonly item_id: string; readonly sku: string; readonly name: string }[],
): string | null {
  if (sku === item.sku) return null;
  if (isDraftSku(sku)) return t('catalog.skuDraft');
  const namesake = items.find(
    (other) => other.item_id !== item.id && other.sku.toUpperCase() === sku.toUpperCase(),
  );
  return namesake ? t('catalog.skuTaken', { item: namesake.name }) : null;
}

/** Says what is there without the lot or date that must be given from now on, before it is saved. */
function LackingDialog(props: { item: Item; asked: Asked; settle: (yes: boolean) => void }) {
  const { item, asked, settle } = props;
  const { t, fmt } = useI18n();
  const { sites } = useSites();
  const navigate = useNavigate();
  const field = fieldWord(t, asked.field);
  return (
    <Dialog title={t('lacking.title', { field })} close={() => settle(false)} testId="lacking">
      <p>{t('lacking.what', { item: item.name })}</p>
      <table className="g-table" data-testid="lacking-stock">
        <thead>
          <tr>
            <th scope="col">{t('stock.site')}</th>
            <th scope="col">{t('lacking.lot')}</th>
            <th scope="col" className="g-num">
              {t('stock.onHand')}
            </th>
          </tr>
        </thead>
        <tbody>
          {asked.lacking.map((stock) => (
            <tr key={`${stock.location_id} ${stock.lot_no ?? ''}`}>
              <th scope="row">{sites?.find(({ id }) => id === stock.location_id)?.code ?? '–'}</th>
              <td>
                {stock.lot_no === null ? (
                  t('lacking.noLot')
                ) : (
                  <>
                    <span className="g-code">{stock.lot_no}</span> · {t('lacking.noDate')}
                  </>
                )}
              </td>
              <td className="g-num">
                {fmt.quantity(stock.on_hand)} {item.base_unit}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="g-dim">{t('lacking.then')}</p>
      <div className="g-row" style={{ justifyContent: 'flex-end', flexWrap: 'wrap' }}>
        <Button variant="default" onClick={() => settle(false)} data-testid="lacking-cancel">
          {t('common.cancel')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconClipboardList size={16} stroke={1.5} />}
          onClick={() => {
            settle(true);
            void navigate({ to: '/counts', search: { start: true } });
          }}
          data-testid="lacking-count"
        >
          {t('lacking.count')}
        </Button>
        <Button onClick={() => settle(true)} data-testid="lacking-go">
          {t('lacking.go')}
        </Button>
      </div>
    </Dialog>
  );
}
