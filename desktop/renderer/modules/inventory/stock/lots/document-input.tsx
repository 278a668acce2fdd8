import { Button } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useRef } from 'react';

const ACCEPT = 'application/pdf,image/jpeg,image/png,image/tiff';

/** Chooses the paper of a trade; what happens with it is the page's matter. */
export function DocumentInput(props: {
  label: string;
  busy?: boolean;
  take: (file: File) => void;
  testId: string;
}) {
  const { label, busy = false, take, testId } = props;
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={busy}
        leftSection={<IconFileUpload size={16} stroke={1.5} />}
        onClick={() => input.current?.click()}
        data-testid={testId}
      >
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={ACCEPT}
        aria-label={label}
        data-testid={`${testId}-input`}
        onChange={({ currentTarget }) => {
          const [chosen] = currentTarget.files ?? [];
          if (chosen) take(chosen);
          currentTarget.value = '';
        }}
      />
    </>
  );
}
