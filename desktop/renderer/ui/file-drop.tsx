import { Button } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { DragEvent, ReactNode } from 'react';

/**
 * A place onto which files can be dropped, with a button that asks for them: whatever a mouse can do
 * here, a keyboard can. What is inside is shown as it is.
 */
export function FileDrop(props: {
  /** What the button says. */
  label: string;
  /** One line below it: what may be attached. */
  help: string;
  /** What stands over the place while files hang over it. */
  dropWords: string;
  /** Types that the system's dialog offers. */
  accept: string;
  take: (files: readonly File[]) => void;
  testId: string;
  children?: ReactNode;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(0);
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');
  return (
    <section
      className="g-drop"
      data-over={over > 0}
      data-testid={props.testId}
      onDragEnter={(event) => {
        if (hasFiles(event)) setOver((n) => n + 1);
      }}
      onDragLeave={() => setOver((n) => Math.max(0, n - 1))}
      onDragOver={(event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(0);
        props.take([...event.dataTransfer.files]);
      }}
    >
      <div className="g-drop-head">
        <Button
          size="compact-md"
          variant="default"
          leftSection={<IconPaperclip size={16} stroke={1.5} aria-hidden />}
          onClick={() => input.current?.click()}
          data-testid={`${props.testId}-choose`}
        >
          {props.label}
        </Button>
        <p className="g-small g-dim">{props.help}</p>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          accept={props.accept}
          aria-label={props.label}
          data-testid={`${props.testId}-input`}
          onChange={(event) => {
            const { files } = event.currentTarget;
            if (files) props.take([...files]);
            // The same file again is a choice, too.
            event.currentTarget.value = '';
          }}
        />
      </div>
      {props.children}
      {over > 0 && (
        <div className="g-drop-veil" aria-hidden>
          {props.dropWords}
        </div>
      )}
    </section>
  );
}
