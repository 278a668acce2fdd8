import { Select } from '@mantine/core';
import { useI18n } from '../../../ui/i18n.tsx';
import { IMPORT_COLUMNS } from './import-columns.ts';
import type { ImportColumn, Mapping } from './import-columns.ts';
import { columnWords } from './import-problem-words.ts';

const NONE = '';

/** Which column of the file is which field: guessed, remembered, and a person's to change. */
export function ImportMapping(props: {
  head: readonly string[];
  /** The first record, to see what is meant by a heading. */
  sample: readonly string[];
  mapping: Mapping;
  change: (mapping: Mapping) => void;
}) {
  const { head, sample, mapping, change } = props;
  const { t } = useI18n();
  const data = [
    { value: NONE, label: t('import.notInFile') },
    ...head.map((heading, at) => ({
      value: String(at),
      label: heading.trim() === '' ? t('import.columnNo', { n: at + 1 }) : heading,
    })),
  ];
  const set = (column: ImportColumn, value: string | null) => {
    const { [column]: _former, ...rest } = mapping;
    change(value === null || value === NONE ? rest : { ...rest, [column]: Number(value) });
  };
  return (
    <div className="g-stack" style={{ gap: 6 }}>
      <h2 style={{ fontSize: 16, lineHeight: '24px' }}>{t('import.columns')}</h2>
      <p className="g-small g-dim">{t('import.columnsHelp')}</p>
      {IMPORT_COLUMNS.map((column) => {
        const at = mapping[column];
        const value = at === undefined ? null : (sample[at] ?? '');
        return (
          <div key={column} className="g-import-column">
            <Select
              label={columnWords(t, column)}
              size="xs"
              data={data}
              value={at === undefined ? NONE : String(at)}
              onChange={(chosen) => set(column, chosen)}
              allowDeselect={false}
              data-testid={`import-column-${column}`}
            />
            <span className="g-small g-dim g-cut" title={value ?? ''}>
              {value ?? ''}
            </span>
          </div>
        );
      })}
    </div>
  );
}
