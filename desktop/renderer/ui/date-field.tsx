import 'dayjs/locale/es';
import { ActionIcon, Popover, TextInput } from '@mantine/core';
import { DatePicker, DatesProvider } from '@mantine/dates';
import { IconCalendar } from '@tabler/icons-react';
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { addDays } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { plainDate, readDate } from './date-text.ts';
import type { Prefer } from './date-text.ts';
import { useI18n } from './i18n.tsx';
import { useSelectedOnFocus } from './use-selected.ts';

/**
 * A calendar date of the clinic. It is typed as people write it (3/4, +7, a word for today) or chosen
 * in a calendar; arrows up and down go a day on or back. What is no date stays in the field and is said.
 */
export function DateField(props: {
  label: string;
  value: IsoDate | null;
  onChange: (value: IsoDate | null) => void;
  /** The clinic's date. */
  today: IsoDate;
  min?: IsoDate;
  max?: IsoDate;
  /** Which year a date without one means. */
  prefer?: Prefer;
  required?: boolean;
  disabled?: boolean;
  help?: string;
  error?: string | null;
  onBlur?: () => void;
  testId: string;
}) {
  const { value, onChange, today, min, max } = props;
  const { t, fmt, language } = useI18n();
  const { ref, setFocused } = useSelectedOnFocus();
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [opened, setOpened] = useState(false);
  const words = t('date.todayWords').split(' ');
  const shown = value === null ? '' : fmt.date(value);

  const outside = (date: IsoDate): string | null => {
    if (min !== undefined && date < min) return t('date.least', { date: fmt.date(min) });
    if (max !== undefined && date > max) return t('date.most', { date: fmt.date(max) });
    return null;
  };
  const plain = value === null ? '' : plainDate(value);
  const read = (text: string): IsoDate | null => readDate(text, today, props.prefer, words);
  const take = (date: IsoDate | null): void => {
    const wrong = date === null ? null : outside(date);
    setProblem(wrong);
    if (wrong !== null) return;
    setDraft(null);
    if (date !== value) onChange(date);
  };
  const finish = (): void => {
    if (draft === null) return;
    if (draft.trim() === '') return take(null);
    const date = read(draft);
    if (date === null) setProblem(t('date.unreadable'));
    else take(date);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const { key, altKey } = event;
    const from = (draft === null ? null : read(draft)) ?? value;
    const go = (days: number): void => take(from === null ? today : addDays(from, days));
    if (key === 'ArrowDown' && altKey) setOpened(true);
    else if (key === 'ArrowDown') go(1);
    else if (key === 'ArrowUp') go(-1);
    else if (key === 'Enter') return finish();
    else if (key === 'Escape' && draft !== null) {
      setDraft(null);
      setProblem(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <TextInput
      ref={ref}
      label={props.label}
      description={props.help}
      inputWrapperOrder={BELOW}
      placeholder={t(props.prefer === 'past' ? 'date.placeholderPast' : 'date.placeholder')}
      value={draft ?? shown}
      required={props.required ?? false}
      disabled={props.disabled ?? false}
      error={problem ?? props.error ?? null}
      autoComplete="off"
      onFocus={() => {
        // In the way in which it is typed, so that a part of it can be changed.
        setDraft((now) => now ?? plain);
        setFocused(true);
      }}
      onChange={({ currentTarget }) => setDraft(currentTarget.value)}
      onKeyDown={onKeyDown}
      onBlur={() => {
        setFocused(false);
        finish();
        props.onBlur?.();
      }}
      data-testid={props.testId}
      rightSectionPointerEvents="all"
      rightSection={
        <Popover opened={opened} onChange={setOpened} trapFocus returnFocus position="bottom-end">
          <Popover.Target>
            <ActionIcon
              size={26}
              disabled={props.disabled ?? false}
              aria-label={t('date.calendar', { label: props.label })}
              onClick={() => setOpened(!opened)}
              data-testid={`${props.testId}-calendar`}
            >
              <IconCalendar size={16} stroke={1.5} />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown aria-label={props.label}>
            <DatesProvider settings={{ locale: language, firstDayOfWeek: 0 }}>
              <DatePicker
                size="xs"
                value={value}
                defaultDate={value ?? today}
                highlightToday
                {...(min === undefined ? {} : { minDate: min })}
                {...(max === undefined ? {} : { maxDate: max })}
                ariaLabels={{
                  nextMonth: t('date.nextMonth'),
                  previousMonth: t('date.previousMonth'),
                  nextYear: t('date.nextYear'),
                  previousYear: t('date.previousYear'),
                }}
                onChange={(date) => {
                  take(date);
                  setOpened(false);
                }}
              />
            </DatesProvider>
          </Popover.Dropdown>
        </Popover>
      }
    />
  );
}

/** Label above, help below. */
const BELOW: ('label' | 'input' | 'description' | 'error')[] = [
  'label',
  'input',
  'description',
  'error',
];
