import { ActionIcon, Button, SegmentedControl, Tooltip } from '@mantine/core';
import { IconPackageImport, IconPrinter, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { Section, State } from './states.tsx';

const nothing = () => undefined;

/** What is pressed and dropped, and what comes over the page. */
export function Actions() {
  const { done, failed } = useToasts();
  const [dialog, setDialog] = useState<'open' | 'busy' | null>(null);
  const [files, setFiles] = useState<readonly string[]>([]);
  return (
    <>
      <Section name="button">
        <State name="primary">
          <Button>Receive stock</Button>
        </State>
        <State name="primary with an icon">
          <Button leftSection={<IconPackageImport size={18} stroke={1.5} />}>Receive stock</Button>
        </State>
        <State name="second">
          <Button variant="default">Show all</Button>
        </State>
        <State name="quiet">
          <Button variant="subtle">Undo</Button>
        </State>
        <State name="destroys">
          <Button color="red">Remove the profile of Ana Ruiz</Button>
        </State>
        <State name="works">
          <Button loading>Receive stock</Button>
        </State>
        <State name="not now">
          <Button disabled>Receive stock</Button>
        </State>
        <State name="compact">
          <Button variant="default" size="compact-sm">
            Try again
          </Button>
        </State>
        <State name="icons with names on hover">
          <div className="g-row">
            <Tooltip label="Print">
              <ActionIcon aria-label="Print">
                <IconPrinter size={18} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label="Close">
              <ActionIcon aria-label="Close" disabled>
                <IconX size={18} stroke={1.5} />
              </ActionIcon>
            </Tooltip>
          </div>
        </State>
        <State name="one of a few">
          <SegmentedControl size="xs" aria-label="Show" data={['All', 'Below par', 'Expiring']} />
        </State>
      </Section>
      <Section name="dialog">
        <State name="open it">
          <Button variant="default" onClick={() => setDialog('open')} data-testid="dialog-open">
            Start count
          </Button>
        </State>
        <State name="while it works">
          <Button variant="default" onClick={() => setDialog('busy')} data-testid="dialog-busy">
            Make a backup
          </Button>
        </State>
      </Section>
      <Section name="toasts">
        <State name="with a way back">
          <Button
            variant="default"
            onClick={() => done('Par saved for AA', () => Promise.resolve())}
            data-testid="toast-show"
          >
            Save
          </Button>
        </State>
        <State name="what failed">
          <Button
            variant="default"
            onClick={() => failed(new Error('not of the catalogue'))}
            data-testid="toast-fail"
          >
            Fail
          </Button>
        </State>
      </Section>
      <Section name="file-drop">
        <State name="empty" wide>
          <FileDrop
            label="Attach files"
            help="Photos and PDFs up to 50 MB"
            dropWords="Drop to attach"
            accept="image/*,application/pdf"
            take={(taken) => setFiles(taken.map(({ name }) => name))}
            testId="drop"
          >
            {files.map((name) => (
              <p key={name}>{name}</p>
            ))}
          </FileDrop>
        </State>
      </Section>
      {dialog && (
        <Dialog
          title={dialog === 'busy' ? 'Making a backup' : 'Start a count'}
          close={() => setDialog(null)}
          busy={dialog === 'busy'}
          testId="dialog"
        >
          <p>Nobody sees the expected figures while a blind count runs.</p>
          <div className="g-row">
            <Button onClick={() => setDialog(null)}>Start count</Button>
            <Button variant="default" onClick={nothing} disabled={dialog === 'busy'}>
              Print the sheet
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
