import { Combobox, Modal, TextInput, useCombobox } from '@mantine/core';
import { useDeferredValue, useState } from 'react';
import { useI18n } from '../../ui/i18n.tsx';
import { useCommands } from './use-commands.ts';

/** Search and every command, by keyboard: Ctrl+K. */
export function Palette(props: { opened: boolean; close: () => void }) {
  const { t } = useI18n();
  return (
    <Modal
      opened={props.opened}
      onClose={props.close}
      withCloseButton={false}
      overlayProps={DIM}
      title={t('top.search')}
      padding={0}
      size={560}
      yOffset={96}
      centered={false}
      styles={{ header: { display: 'none' } }}
    >
      <PaletteBody close={props.close} />
    </Modal>
  );
}

const DIM = { backgroundOpacity: 0.25 };

function PaletteBody(props: { close: () => void }) {
  const { t } = useI18n();
  const [typed, setTyped] = useState('');
  // The field answers each key at once, whatever the list has to do.
  const search = useDeferredValue(typed);
  const combobox = useCombobox({ opened: true });
  const { groups, run } = useCommands(search);
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(id) => {
        props.close();
        run(id);
      }}
      withinPortal={false}
    >
      <Combobox.EventsTarget>
        <TextInput
          data-autofocus
          variant="unstyled"
          px={16}
          py={6}
          aria-label={t('top.search')}
          placeholder={t('palette.placeholder')}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.updateSelectedOptionIndex('selected');
            combobox.selectFirstOption();
          }}
          onKeyDown={(event) => event.key === 'Escape' && props.close()}
          data-testid="palette-input"
        />
      </Combobox.EventsTarget>
      <Combobox.Options className="g-palette" aria-label={t('top.search')}>
        {groups.length === 0 && <Combobox.Empty>{t('palette.nothing')}</Combobox.Empty>}
        {groups.map(({ name, title, commands }) => (
          <Combobox.Group key={name} label={title}>
            {commands.map(({ id, title: label, hint }) => (
              <Combobox.Option key={id} value={id} data-testid={`command-${id}`}>
                <span className="g-row">
                  <span className="g-spread g-cut">{label}</span>
                  {hint !== '' && <span className="g-code g-dim">{hint}</span>}
                </span>
              </Combobox.Option>
            ))}
          </Combobox.Group>
        ))}
      </Combobox.Options>
    </Combobox>
  );
}
