import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { readScan } from '#shared/barcode/scan.ts';
import { focusWhenShown } from '../../../ui/field-focus.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { packProblemWords } from './catalog-words.ts';
import { emptyPack, MOST_PACKS } from './pack-text.ts';
import type { PackProblems, PacksText, PackText } from './pack-text.ts';

/** Trade number of the base unit, and a line for each pack. */
export function PackFields(props: {
  text: PacksText;
  baseUnit: string;
  /** Empty while nothing is to be said yet. */
  problems: PackProblems;
  change: (text: PacksText) => void;
  /** A field was left; `next` is what stands there now. */
  onLeave: (next: PacksText) => void;
  disabled?: boolean;
}) {
  const { text, baseUnit, problems, change, onLeave, disabled = false } = props;
  const { t } = useI18n();
  /** The pack that was just added takes the focus. */
  const [added, setAdded] = useState<string | null>(null);
  const say = (field: string) => packProblemWords(t, problems.get(field));
  const withRow = (key: string, changes: Partial<PackText>): PacksText => ({
    ...text,
    rows: text.rows.map((row) => (row.key === key ? { ...row, ...changes } : row)),
  });
  const leave = () => onLeave(text);
  return (
    <div className="g-stack g-packs-room" style={{ gap: 8 }}>
      {/* What is scanned here is the number, not a wish to see its item. */}
      <div data-takes-scans>
        <TextInput
          label={t('packs.baseGtin', { unit: baseUnit })}
          inputMode="numeric"
          autoComplete="off"
          maxLength={80}
          w={260}
          disabled={disabled}
          value={text.baseGtin}
          error={say('gtin')}
          onChange={({ currentTarget }) => change({ ...text, baseGtin: currentTarget.value })}
          onBlur={() => {
            const next = { ...text, baseGtin: productOf(text.baseGtin) };
            change(next);
            onLeave(next);
          }}
          data-testid="pack-base-gtin"
        />
      </div>
      <fieldset className="g-packs">
        <legend className="g-strong">{t('packs.title')}</legend>
        {text.rows.map((row, at) => {
          const n = at + 1;
          const above = text.rows.slice(0, at).map(({ unit }) => unit.trim());
          const units = [...new Set([baseUnit, ...above.filter((unit) => unit !== '')])];
          return (
            <div key={row.key} className="g-pack" data-takes-scans data-testid="pack-row">
              <TextInput
                label={t('packs.unit')}
                aria-label={t('packs.unitOf', { n })}
                autoComplete="off"
                maxLength={60}
                disabled={disabled}
                value={row.unit}
                error={say(`${row.key} unit`)}
                onChange={({ currentTarget }) =>
                  change(withRow(row.key, { unit: currentTarget.value }))
                }
                onBlur={leave}
                ref={row.key === added ? focusWhenShown : null}
                data-testid={`pack-unit-${n}`}
              />
              <TextInput
                label={t('packs.count')}
                aria-label={t('packs.countOf', { n })}
                inputMode="decimal"
                autoComplete="off"
                maxLength={14}
                disabled={disabled}
                styles={RIGHT}
                value={row.count}
                error={say(`${row.key} count`)}
                onChange={({ currentTarget }) =>
                  change(withRow(row.key, { count: currentTarget.value }))
                }
                onBlur={leave}
                data-testid={`pack-count-${n}`}
              />
              <Select
                label={t('packs.of')}
                aria-label={t('packs.ofOf', { n })}
                data={units}
                disabled={disabled}
                allowDeselect={false}
                value={row.of ?? baseUnit}
                onChange={(unit) => {
                  const next = withRow(row.key, { of: unit === baseUnit ? null : unit });
                  change(next);
                  onLeave(next);
                }}
                data-testid={`pack-of-${n}`}
              />
              <TextInput
                className="g-pack-gtin"
                label={t('packs.gtin')}
                aria-label={t('packs.gtinOf', { n })}
                inputMode="numeric"
                autoComplete="off"
                maxLength={80}
                disabled={disabled}
                value={row.gtin}
                error={say(`${row.key} gtin`)}
                onChange={({ currentTarget }) =>
                  change(withRow(row.key, { gtin: currentTarget.value }))
                }
                onBlur={() => {
                  const next = withRow(row.key, { gtin: productOf(row.gtin) });
                  change(next);
                  onLeave(next);
                }}
                data-testid={`pack-gtin-${n}`}
              />
              <ActionIcon
                className="g-pack-remove"
                mt={24}
                size={28}
                disabled={disabled}
                aria-label={t('packs.remove', { n })}
                title={t('packs.remove', { n })}
                onClick={() => {
                  const next = { ...text, rows: text.rows.filter(({ key }) => key !== row.key) };
                  change(next);
                  onLeave(next);
                }}
                data-testid={`pack-remove-${n}`}
              >
                <IconTrash size={18} stroke={1.5} />
              </ActionIcon>
            </div>
          );
        })}
        <div className="g-row">
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={16} stroke={1.5} />}
            disabled={disabled || text.rows.length >= MOST_PACKS}
            onClick={() => {
              const pack = emptyPack();
              setAdded(pack.key);
              change({ ...text, rows: [...text.rows, pack] });
            }}
            data-testid="pack-add"
          >
            {t('packs.add')}
          </Button>
          <span className="g-small g-dim">{t('packs.help')}</span>
        </div>
      </fieldset>
    </div>
  );
}

const RIGHT = { input: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' } } as const;

/** The trade number of a label that was scanned whole; any other text as it is. */
function productOf(text: string): string {
  const result = readScan(text, { year: new Date().getFullYear() });
  const product = result.outcome === 'read' ? result.reading.product : null;
  return product?.kind === 'gtin' && text.trim().length > 14 ? product.gtin : text.trim();
}
