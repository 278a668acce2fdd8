import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleArrowDown,
  IconCircleCheck,
  IconClock,
  IconInfoCircle,
  IconPackage,
  IconUserQuestion,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Loading, Spinner } from '../../ui/loading.tsx';
import { Note } from '../../ui/note.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { PageWaits } from '../../ui/page-waits.tsx';
import { PeopleHere } from '../../ui/people-here.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { SharedFieldFrame } from '../../ui/shared-field.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import type { Tone } from '../../ui/status-pill.tsx';
import { When } from '../../ui/when.tsx';
import { Section, State } from './states.tsx';

const TONES: readonly (readonly [Tone, Icon, string])[] = [
  ['green', IconCircleCheck, 'Posted'],
  ['amber', IconClock, 'Waiting'],
  ['violet', IconUserQuestion, 'Needs you'],
  ['red', IconAlertTriangle, 'Negative'],
  ['blue', IconInfoCircle, 'In review'],
  ['grey', IconCircleArrowDown, 'Retired'],
];
const LONG = 'Lidocaine hydrochloride 1 % with epinephrine 1:100,000, 30 ml multiple-dose vial';
const NOW = Date.parse('2026-11-30T15:00:00Z');
const none = {};

/** What is read: status, notices, absence and waiting. */
export function Words() {
  return (
    <>
      <Section name="page-header">
        <State name="title alone" wide>
          <PageHeader title="Review" />
        </State>
        <State name="count and one action" wide>
          <PageHeader title="Inventory" count="3,000 items">
            <Button leftSection={<IconPackage size={18} stroke={1.5} />}>Receive stock</Button>
          </PageHeader>
        </State>
        <State name="long title" wide>
          <PageHeader title={LONG} count="1 of 3,000 items">
            <Button>Start count</Button>
          </PageHeader>
        </State>
      </Section>
      <Section name="status-pill">
        {TONES.map(([tone, icon, words]) => (
          <State key={tone} name={tone}>
            <StatusPill tone={tone} icon={icon}>
              {words}
            </StatusPill>
          </State>
        ))}
        <State name="longer than its place">
          <StatusPill tone="amber" icon={IconClock} title={LONG}>
            {LONG}
          </StatusPill>
        </State>
      </Section>
      <Section name="note">
        {TONES.map(([tone, icon]) => (
          <State key={tone} name={tone}>
            <Note tone={tone} icon={icon}>
              Your 3 changes are saved on this device and will be sent.
            </Note>
          </State>
        ))}
      </Section>
      <Section name="error-note">
        <State name="in words" wide>
          <ErrorNote error="SERVER_UNREACHABLE" />
        </State>
        <State name="with a second try" wide>
          <ErrorNote error="STORE_TIMEOUT" retry={() => undefined} />
        </State>
      </Section>
      <Section name="empty-state">
        <State name="with help and an action" wide>
          <EmptyState
            icon={IconPackage}
            title="Items of the catalogue stand here."
            help="They come from the purchasing team."
            action={<Button variant="default">Add an item</Button>}
          />
        </State>
        <State name="one sentence">
          <EmptyState icon={IconCircleCheck} title="Nothing waits for you." />
        </State>
      </Section>
      <Section name="loading">
        <State name="skeleton">
          <Loading lines={4} />
        </State>
        <State name="spinner">
          <Spinner />
        </State>
        <State name="spinner with words">
          <Spinner words="Looking for the scanner" />
        </State>
        <State name="page that waits">
          <PageWaits title="What expires where" />
        </State>
      </Section>
      <Section name="when">
        <State name="minutes ago">
          <When instant={NOW - 180_000} now={NOW} />
        </State>
        <State name="weeks ago">
          <When instant={NOW - 30 * 86_400_000} now={NOW} />
        </State>
      </Section>
      <Section name="people-here">
        <State name="two">
          <PeopleHere people={people(2)} more={0} words="Ana Ruiz and Luis Ferrer are here" />
        </State>
        <State name="many">
          <PeopleHere people={people(6)} more={3} words="Ana Ruiz, Luis Ferrer and 7 others" />
        </State>
      </Section>
      <Section name="shared-field">
        <State name="nobody else">
          <SharedFieldFrame who={null} words={null} on={none} testId="shared-free">
            Shelf 4, left
          </SharedFieldFrame>
        </State>
        <State name="somebody types">
          <SharedFieldFrame who="person-1" words="Ana is typing…" on={none} testId="shared-taken">
            Shelf 4, left
          </SharedFieldFrame>
        </State>
      </Section>
      <Section name="qr-code">
        <State name="a code">
          <QrCode text="ganger:count/7" label="Code of count sheet 7" testId="qr" />
        </State>
      </Section>
    </>
  );
}

const NAMES = ['Ana Ruiz', 'Luis Ferrer', 'Mei Lin', 'Øyvind Berg', 'Sam Osei', 'Noor Aziz'];
const people = (n: number) => NAMES.slice(0, n).map((name) => ({ key: name, name }));
