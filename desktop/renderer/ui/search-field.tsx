import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { Ref } from 'react';
import { useI18n } from './i18n.tsx';

/** The field that searches the list below it: `/` leads into it, the cross empties it. */
export function SearchField(props: {
  field: Ref<HTMLInputElement>;
  label: string;
  value: string;
  change: (value: string) => void;
  width?: number;
  testId: string;
}) {
  const { field, label, value, change, width = 300 } = props;
  const { t } = useI18n();
  return (
    <TextInput
      ref={field}
      w={width}
      aria-label={label}
      placeholder={label}
      aria-keyshortcuts="/"
      leftSection={<IconSearch size={16} stroke={1.5} />}
      rightSection={
        value ? (
          <CloseButton size="sm" aria-label={t('common.clear')} onClick={() => change('')} />
        ) : null
      }
      value={value}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      data-testid={props.testId}
    />
  );
}
