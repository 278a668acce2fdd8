import { Button, Select } from '@mantine/core';
import { IconAlertTriangle, IconEye } from '@tabler/icons-react';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { COLUMNS, isUsable } from './csv-map.ts';
import type { ColumnName, Mapping } from './csv-map.ts';
import type { CsvRecord } from '../../../ui/csv-read.ts';

const SAMPLES = 2;

/** What each column of a file means: guessed by its title, and put right by a person. */
export function ColumnMap(props: {
  records: readonly CsvRecord[];
  mapping: Mapping;
  onChange: (mapping: Mapping) => void;
  look: () => void;
}) {
  const { records, mapping, onChange } = props;
  const { t } = useI18n();
  const [head, ...rows] = records;
  const meaning = (at: number): ColumnName | null =>
    COLUMNS.find((name) => mapping[name] === at) ?? null;
  const set = (at: number, name: ColumnName | null): void => {
    // A column means one thing, and a thing stands in one column.
    const others = Object.entries(mapping).filter(
      ([known, column]) => column !== at && known !== name,
    );
    onChange(Object.fromEntries(name === null ? others : [...others, [name, at]]));
  };
  const usable = isUsable(mapping);
  return (
    <>
      <p>{t('patientImport.mapHelp', { n: rows.length })}</p>
      <table className="g-table" data-testid="import-map">
        <thead>
          <tr>
            <th scope="col">{t('patientImport.column')}</th>
            <th scope="col">{t('patientImport.sample')}</th>
            <th scope="col" style={{ width: 240 }}>
              {t('patientImport.means')}
            </th>
          </tr>
        </thead>
        <tbody>
          {head?.cells.map((title, at) => (
            // Titles may repeat; the place is what a column is.
            // oxlint-disable-next-line react/no-array-index-key -- columns stay where they are in the file
            <tr key={at}>
              <th scope="row" style={{ color: 'inherit' }}>
                {title || t('patientImport.untitled', { n: at + 1 })}
              </th>
              <td className="g-dim">
                {rows
                  .slice(0, SAMPLES)
                  .map(({ cells }) => cells[at] ?? '')
                  .filter((text) => text !== '')
                  .join(' · ')}
              </td>
              <td>
                <Select
                  aria-label={t('patientImport.meansOf', { column: title })}
                  size="xs"
                  placeholder={t('patientImport.ignored')}
                  clearable
                  searchable
                  data={COLUMNS.map((name) => ({ value: name, label: t(`patientColumn.${name}`) }))}
                  value={meaning(at)}
                  onChange={(value) => set(at, COLUMNS.find((name) => name === value) ?? null)}
                  data-testid={`map-${at}`}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {!usable && (
        <Note tone="amber" icon={IconAlertTriangle} role="status" testId="import-unusable">
          {t('patientImport.mapMissing')}
        </Note>
      )}
      <div>
        <Button
          leftSection={<IconEye size={18} stroke={1.5} />}
          disabled={!usable}
          onClick={props.look}
          data-testid="import-look"
        >
          {t('patientImport.look')}
        </Button>
      </div>
    </>
  );
}
