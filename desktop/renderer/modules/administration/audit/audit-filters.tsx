import { Button, Select, TextInput } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import { useState } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { isUuid } from '#shared/kernel/ids.ts';
import { ALL_ACTIONS } from '#shared/ipc/administration.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { DateField } from '../../../ui/date-field.tsx';
import { tableWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import type { AuditSearch } from '../search.ts';

interface Choice {
  readonly value: string;
  readonly label: string;
}

const KINDS = ['writes', 'reads'] as const;

/** By what entries are chosen; each change asks the server anew. */
export function AuditFilters(props: {
  search: AuditSearch;
  set: (changes: Partial<AuditSearch>) => void;
  patient: string;
  setPatient: (id: string) => void;
  people: readonly Choice[];
  devices: readonly Choice[];
}) {
  const { search, set, patient, setPatient } = props;
  const { t, timeZone } = useI18n();
  const [typed, setTyped] = useState(patient);
  const [today] = useState(() => clinicDate(Date.now(), timeZone));
  const finish = () => setPatient(typed.trim().toLowerCase());
  const isWrong = typed.trim() !== '' && !isUuid(typed.trim().toLowerCase());
  const select = (
    name: 'kind' | 'person' | 'device' | 'table' | 'action',
    data: readonly Choice[] | readonly string[],
    label: string,
  ) => (
    <Select
      className="g-filter"
      label={label}
      data={[...data] as Choice[]}
      value={search[name] ?? null}
      onChange={(value) => set({ [name]: value ?? undefined })}
      placeholder={t('audit.any')}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': `${t('common.clear')}: ${label}` }}
      nothingFoundMessage={t('search.none')}
      data-testid={`audit-${name}`}
    />
  );
  const kinds = KINDS.map((value) => ({ value, label: t(`audit.kind.${value}`) }));
  const tables = TABLE_NAMES.map((value) => ({ value, label: tableWord(t, value) })).toSorted(
    (a, b) => a.label.localeCompare(b.label),
  );
  const actions = ALL_ACTIONS.map((value) => ({ value, label: t(`audit.action.${value}`) }));
  const isFiltered = patient !== '' || Object.entries(search).some(([k, v]) => k !== 'id' && v);
  return (
    <div className="g-filters" style={{ alignItems: 'flex-start', paddingTop: 12 }}>
      {select('kind', kinds, t('audit.kind'))}
      {select('person', props.people, t('audit.who'))}
      {select('device', props.devices, t('audit.device'))}
      {select('table', tables, t('audit.table'))}
      {select('action', actions, t('audit.action'))}
      <TextInput
        className="g-filter-wide"
        label={t('audit.patient')}
        description={t('audit.patientHelp')}
        error={isWrong ? t('audit.patientWrong') : null}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onBlur={finish}
        onKeyDown={({ key }) => key === 'Enter' && finish()}
        autoComplete="off"
        spellCheck={false}
        data-testid="audit-patient"
      />
      <div className="g-filter">
        <DateField
          label={t('audit.from')}
          value={search.from ?? null}
          onChange={(from) => set({ from: from ?? undefined })}
          today={today}
          max={today}
          testId="audit-from"
        />
      </div>
      <div className="g-filter">
        <DateField
          label={t('audit.to')}
          value={search.to ?? null}
          onChange={(to) => set({ to: to ?? undefined })}
          today={today}
          max={today}
          testId="audit-to"
        />
      </div>
      {isFiltered && (
        <Button
          variant="default"
          mt={22}
          leftSection={<IconFilterOff size={16} stroke={1.5} />}
          onClick={() => {
            setTyped('');
            setPatient('');
            set({
              kind: undefined,
              person: undefined,
              device: undefined,
              table: undefined,
              action: undefined,
              from: undefined,
              to: undefined,
            });
          }}
          data-testid="audit-clear"
        >
          {t('audit.clear')}
        </Button>
      )}
    </div>
  );
}
