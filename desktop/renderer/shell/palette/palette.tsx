import { Combobox, Modal, TextInput, useCombobox } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
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
  const combobox = useCombobox({ opened: true });
  const { groups, run } = useCommands(typed);
  const first = groups[0]?.commands[0]?.id;
  // Enter takes the first answer of what is typed, also when it comes a moment later.
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the store is new each time, and the same
  useEffect(() => void combobox.selectFirstOption(), [typed, first]);
  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(id) => {
        props.close();
        run(id);
      }}
      withinPortal={false}
    >
      <Combobox.EventsTarget withExpandedAttribute>
        <TextInput
          data-autofocus
          variant="unstyled"
          classNames={{ input: 'g-palette-input' }}
          leftSection={<IconSearch size={18} stroke={1.5} aria-hidden />}
          leftSectionWidth={44}
          aria-label={t('top.search')}
          placeholder={t('palette.placeholder')}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && props.close()}
          data-testid="palette-input"
        />
      </Combobox.EventsTarget>
      {groups.length === 0 && (
        <div className="g-palette" role="status">
          <Combobox.Empty>{t('palette.nothing')}</Combobox.Empty>
        </div>
      )}
      <Combobox.Options
        className="g-palette"
        aria-label={t('top.search')}
        hidden={groups.length === 0}
      >
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
