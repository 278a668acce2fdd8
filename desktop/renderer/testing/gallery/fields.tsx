import {
  Button,
  Checkbox,
  PasswordInput,
  Select,
  Switch,
  Textarea,
  TextInput,
} from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { AppError } from '#shared/errors/app-error.ts';
import { inventoryItems } from '#shared/schema/tables/inventory-items.ts';
import { DateField } from '../../ui/date-field.tsx';
import { fold, matcher } from '../../ui/fold.ts';
import { FormField } from '../../ui/form-field.tsx';
import { InlineEdit } from '../../ui/inline-edit.tsx';
import { MoneyInput } from '../../ui/money-input.tsx';
import { SearchSelect } from '../../ui/search-select.tsx';
import type { Choice } from '../../ui/search-select.tsx';
import { SignaturePad } from '../../ui/signature-pad.tsx';
import type { Signature } from '../../ui/signature.ts';
import { FormSummary, useForm } from '../../ui/use-form.tsx';
import { Section, State } from './states.tsx';

/** What is typed into and chosen from. */
export function Fields() {
  return (
    <>
      <Section name="input">
        <State name="empty">
          <TextInput label="Lot" placeholder="As printed on the box" />
        </State>
        <State name="filled">
          <TextInput label="Lot" defaultValue="4F2217" description="As printed on the box" />
        </State>
        <State name="wrong">
          <TextInput label="Lot" defaultValue="" error="This item needs a lot" />
        </State>
        <State name="must be filled">
          <TextInput label="Lot" withAsterisk />
        </State>
        <State name="not now">
          <TextInput label="Lot" defaultValue="4F2217" disabled />
        </State>
        <State name="with an icon">
          <TextInput
            aria-label="Search"
            placeholder="Search"
            leftSection={<IconSearch size={16} stroke={1.5} />}
          />
        </State>
        <State name="several lines">
          <Textarea label="Note" defaultValue="Box was open on arrival." />
        </State>
        <State name="hidden">
          <PasswordInput label="Password" defaultValue="lantern" />
        </State>
        <State name="one of many">
          <Select label="Reason" data={['Damaged', 'Expired', 'Lost']} defaultValue="Expired" />
        </State>
        <State name="yes or no">
          <div className="g-stack">
            <Checkbox label="Blind count" defaultChecked />
            <Checkbox label="Two people" />
            <Switch label="Stocked here" defaultChecked />
          </div>
        </State>
      </Section>
      <Section name="inline-edit">
        <State name="with a value">
          <Edited start="Shelf 4, left" />
        </State>
        <State name="empty">
          <Edited start="" />
        </State>
        <State name="a number">
          <Edited start="1,200" align="right" />
        </State>
        <State name="several lines">
          <Edited start={'Keep cold.\nDo not freeze.'} multiline />
        </State>
      </Section>
      <Section name="date-field">
        <State name="empty">
          <Dated label="Expiry" start={null} />
        </State>
        <State name="filled, with help">
          <Dated label="Expiry" start="2027-03-31" help="The last day of use" />
        </State>
        <State name="between two dates">
          <Dated label="Visit" start="2026-12-04" min="2026-12-01" max="2026-12-24" />
        </State>
        <State name="wrong">
          <Dated label="Born" start={null} error="A date such as 3/4/2027, please" />
        </State>
        <State name="not now">
          <Dated label="Received" start="2027-03-31" disabled />
        </State>
      </Section>
      <Section name="money-input">
        <State name="empty">
          <Priced label="Price" start={null} />
        </State>
        <State name="filled">
          <Priced label="Price" start={123_450} />
        </State>
        <State name="not now">
          <Priced label="Price" start={999} disabled />
        </State>
      </Section>
      <Section name="search-select">
        <State name="empty">
          <Sought label="Patient" start={null} />
        </State>
        <State name="chosen">
          <Sought label="Vendor" start={VENDORS[1] ?? null} />
        </State>
        <State name="out of reach">
          <Sought label="Pharmacy" start={null} fails />
        </State>
      </Section>
      <Section name="form-field">
        <State name="an item, by its table's definition" wide>
          <ItemForm />
        </State>
      </Section>
      <Section name="signature-pad">
        <State name="empty" wide>
          <Signed />
        </State>
      </Section>
    </>
  );
}

const TODAY = '2026-11-30';

function Dated(props: {
  label: string;
  start: string | null;
  min?: string;
  max?: string;
  help?: string;
  error?: string;
  disabled?: boolean;
}) {
  const { start, ...rest } = props;
  const [value, setValue] = useState(start);
  return (
    <>
      <DateField {...rest} value={value} onChange={setValue} today={TODAY} testId={idOf(props)} />
      <output className="g-hidden" data-testid={`${idOf(props)}-value`}>
        {value}
      </output>
    </>
  );
}

function Priced(props: { label: string; start: number | null; disabled?: boolean }) {
  const { start, ...rest } = props;
  const [value, setValue] = useState(start);
  return (
    <>
      <MoneyInput {...rest} value={value} onChange={setValue} testId={idOf(props)} />
      <output className="g-hidden" data-testid={`${idOf(props)}-value`}>
        {value}
      </output>
    </>
  );
}

const idOf = (props: { label: string; start: unknown }) =>
  `${props.label.toLowerCase()}-${String(props.start)}`;

const VENDORS: readonly Choice[] = [
  { id: '1', label: 'Aesculap', detail: 'Instruments' },
  { id: '2', label: 'Henry Schein', detail: 'Supplies and injectables' },
  { id: '3', label: 'McKesson Medical-Surgical', detail: 'Supplies' },
  { id: '4', label: 'McKesson Specialty', detail: 'Injectables' },
];

function Sought(props: { label: string; start: Choice | null; fails?: boolean }) {
  const [value, setValue] = useState(props.start);
  const search = async (text: string): Promise<readonly Choice[]> => {
    await new Promise((resolve) => setTimeout(resolve, text.length === 1 ? 900 : 60));
    if (props.fails) throw new AppError('SERVER_UNREACHABLE');
    const fits = matcher(text);
    return VENDORS.filter(({ label }) => fits(fold(label)));
  };
  return (
    <SearchSelect
      label={props.label}
      value={value}
      onChange={setValue}
      search={search}
      testId={`sought-${props.label.toLowerCase()}`}
    />
  );
}

const { name, category, kind, expiry_alert_days, hazardous, description } = inventoryItems.fields;
const FIELDS = { name, category, kind, expiry_alert_days, description, hazardous };
const LABELS = {
  name: 'Name',
  category: 'Category',
  kind: 'Kind',
  expiry_alert_days: 'Expires soon before',
  description: 'Description',
  hazardous: 'Hazardous',
} as const;
const START = {
  name: null,
  category: null,
  kind: null,
  expiry_alert_days: 60,
  description: null,
  hazardous: false,
};

function ItemForm() {
  const form = useForm(FIELDS, START);
  const [isDone, setDone] = useState(false);
  const names = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
  return (
    <form
      noValidate
      className="g-stack"
      style={{ maxWidth: 420 }}
      onSubmit={(event) => {
        event.preventDefault();
        setDone(form.check());
      }}
    >
      <FormSummary
        form={form}
        fields={FIELDS}
        label={(field) => LABELS[field]}
        focus={(field) =>
          document.querySelector<HTMLElement>(`[data-testid=item-${field}]`)?.focus()
        }
      />
      {names.map((field) => (
        <FormField
          key={field}
          {...form.bind(field)}
          label={LABELS[field]}
          {...(field === 'expiry_alert_days' ? { unit: 'days' } : {})}
          today={TODAY}
          testId={`item-${field}`}
        />
      ))}
      <div className="g-row">
        <Button type="submit" data-testid="item-finish">
          Add the item
        </Button>
        {isDone && <span role="status">Added</span>}
      </div>
    </form>
  );
}

function Signed() {
  const [signature, setSignature] = useState<Signature | null>(null);
  return (
    <div style={{ maxWidth: 460 }}>
      <SignaturePad label="Signature" onChange={setSignature} testId="sign" />
      <output className="g-hidden" data-testid="sign-value">
        {signature === null ? '' : JSON.stringify(signature)}
      </output>
    </div>
  );
}

function Edited(props: { start: string; align?: 'right'; multiline?: boolean }) {
  const { start, ...rest } = props;
  const [value, setValue] = useState(start);
  return (
    <InlineEdit
      label="Bin"
      value={value}
      placeholder="None"
      check={(text) => (text.length > 40 ? 'At most 40 characters' : null)}
      save={(text) => {
        setValue(text);
        return Promise.resolve();
      }}
      testId="inline"
      {...rest}
    />
  );
}
