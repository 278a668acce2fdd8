import { Button, CloseButton, Select } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { FieldFocus } from '../../../ui/field-focus.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { ItemSelect } from '../item-select.tsx';
import { useActiveItems } from '../receive/use-receive.ts';
import { unitsOf } from '../receive/packs.ts';
import type { UnmatchedScan } from '../scan/use-codes.ts';
import { useItemRecord } from '../use-inventory.ts';
import { codeWords } from './code-words.ts';
import { packsWith } from './link-code.ts';
import { useUnmatchedActs } from './use-unmatched-acts.ts';

/** One code: what it says, and which item it is. */
export function UnmatchedDetail(props: {
  scan: UnmatchedScan;
  close: () => void;
  /** Called when it has left the list. */
  settled: () => void;
}) {
  const { scan } = props;
  const { t, fmt } = useI18n();
  const { mayRow } = useSession();
  const { done, failed } = useToasts();
  const { link, dismiss, restore } = useUnmatchedActs();
  const items = useActiveItems();
  const [itemId, setItemId] = useState<string | null>(null);
  const [unit, setUnit] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const [fields] = useState(() => new FieldFocus<'item' | 'link'>());
  const { data: record } = useItemRecord(itemId);
  const words = useMemo(
    () => codeWords(scan.raw, new Date(scan.scanned_at).getFullYear()),
    [scan.raw, scan.scanned_at],
  );
  const may = mayRow('unmatched_scans', 'update', { ...scan });
  useEffect(() => fields.focus('item'), [fields]);

  const units = record ? unitsOf(record).map(({ name }) => name) : [];
  const chosen = unit ?? units[0] ?? null;
  const mayPack =
    words.gtin !== null &&
    record !== null &&
    record !== undefined &&
    mayRow('inventory_items', 'update', { ...record });
  const goesOnPack = mayPack && chosen !== null && packsWith(record, chosen, words.gtin) !== null;

  const save = async () => {
    setTried(true);
    const item = items?.find(({ item_id }) => item_id === itemId);
    if (!item) {
      fields.focus('item');
      return;
    }
    try {
      const pack = goesOnPack && words.gtin !== null ? { unit: chosen, gtin: words.gtin } : null;
      const undo = await link(scan.id, item.item_id, pack);
      done(t('unmatched.linked', { item: item.name }), undo);
      props.settled();
    } catch (error) {
      failed(error);
    }
  };
  const drop = async () => {
    try {
      await dismiss(scan.id);
      done(t('unmatched.dismissed'), () => restore(scan.id));
      props.settled();
    } catch (error) {
      failed(error);
    }
  };
  usePageKeys('unmatchedCode', {
    save: may ? () => void save() : null,
    dismiss: may ? () => void drop() : null,
  });
  const reading = words.result.outcome === 'read' ? words.result.reading : null;
  const says = [
    reading?.lot ? t('scan.lot', { lot: reading.lot }) : null,
    reading?.serial ? t('scan.serial', { serial: reading.serial }) : null,
    reading?.expiry ? t('scan.expires', { date: fmt.date(reading.expiry.date) }) : null,
  ].filter((part) => part !== null);

  return (
    <aside
      className="g-detail"
      aria-label={t('unmatched.code')}
      data-testid="unmatched-detail"
      data-id={scan.id}
    >
      <div className="g-detail-head g-row" style={{ alignItems: 'flex-start' }}>
        <h2 className="g-spread g-code g-scan-code" style={{ fontSize: 14, lineHeight: '20px' }}>
          {words.text}
        </h2>
        <CloseButton
          aria-label={t('common.close')}
          title={t('common.closeEsc')}
          onClick={props.close}
        />
      </div>
      <form
        className="g-detail-body g-stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {words.gtin !== null && words.gtin !== words.text && (
          <p className="g-dim">GTIN {words.gtin}</p>
        )}
        {says.length > 0 && (
          <p>
            {t('unmatched.says')}: {says.join(' · ')}
          </p>
        )}
        {!may && <p className="g-dim">{t('unmatched.readOnly')}</p>}
        {may && (
          <>
            <ItemSelect
              register={fields.register('item')}
              items={items ?? []}
              value={itemId}
              error={tried && itemId === null ? t('unmatched.itemMissing') : null}
              onChoose={(id) => {
                setItemId(id);
                setUnit(null);
                if (id !== null) fields.focus('link');
              }}
              testId="unmatched-item"
            />
            {mayPack && (
              <Select
                label={t('unmatched.unit')}
                data={units}
                value={chosen}
                onChange={setUnit}
                allowDeselect={false}
                data-testid="unmatched-unit"
              />
            )}
            {record && (
              <p className="g-small g-dim">
                {t(
                  goesOnPack
                    ? 'unmatched.packHelp'
                    : mayPack
                      ? 'unmatched.packTaken'
                      : 'unmatched.siteHelp',
                )}
              </p>
            )}
            <div className="g-row">
              <Button
                type="submit"
                ref={fields.register('link')}
                leftSection={<IconLink size={18} stroke={1.5} />}
                aria-keyshortcuts="Control+Enter"
                title="Ctrl+Enter"
                data-testid="unmatched-link"
              >
                {t('unmatched.link')}
              </Button>
              <Button
                variant="default"
                onClick={() => void drop()}
                aria-keyshortcuts="Alt+D"
                title="Alt+D"
                data-testid="unmatched-dismiss"
              >
                {t('unmatched.dismiss')}
              </Button>
            </div>
          </>
        )}
      </form>
    </aside>
  );
}
