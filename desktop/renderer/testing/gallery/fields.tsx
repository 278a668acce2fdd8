import { Checkbox, PasswordInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { InlineEdit } from '../../ui/inline-edit.tsx';
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
    </>
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
