import { Combobox, Modal, TextInput, useCombobox, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useStore, useView } from '#desktop/collections/hooks.tsx';
import { fold, matcher } from '../ui/fold.ts';
import { LANGUAGE_NAMES, useI18n } from '../ui/i18n.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { usePlaces } from './places.ts';
import { useProfileActions } from './profile/profile-actions.tsx';
import { useSession } from './session.tsx';

interface Command {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly run: () => void;
}

const MAX_ITEMS = 8;

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
      size={520}
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
  const [search, setSearch] = useState('');
  const combobox = useCombobox({ opened: true });
  const commands = useCommands();
  const items = useItems(search);
  const fits = matcher(search);
  const found = [...commands.filter(({ label }) => fits(fold(label))), ...items];
  const run = (id: string) => {
    props.close();
    found.find((command) => command.id === id)?.run();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={run} withinPortal={false}>
      <Combobox.EventsTarget>
        <TextInput
          data-autofocus
          variant="unstyled"
          px={16}
          py={6}
          aria-label={t('top.search')}
          placeholder={t('palette.placeholder')}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            combobox.updateSelectedOptionIndex('selected');
            combobox.selectFirstOption();
          }}
          onKeyDown={(event) => event.key === 'Escape' && props.close()}
          data-testid="palette-input"
        />
      </Combobox.EventsTarget>
      <Combobox.Options
        mah={360}
        p={6}
        style={{ overflow: 'auto', borderTop: '1px solid var(--g-line)' }}
        aria-label={t('top.search')}
      >
        {found.length === 0 && <Combobox.Empty>{t('palette.nothing')}</Combobox.Empty>}
        {found.map(({ id, label, hint }) => (
          <Combobox.Option key={id} value={id} data-testid={`command-${id}`}>
            <span className="g-row">
              <span className="g-spread g-cut">{label}</span>
              {hint && <span className="g-code g-dim">{hint}</span>}
            </span>
          </Combobox.Option>
        ))}
      </Combobox.Options>
    </Combobox>
  );
}

function useCommands(): readonly Command[] {
  const { t, language, setLanguage } = useI18n();
  const { client } = useStore();
  const { failed } = useToasts();
  const { may } = useSession();
  const places = usePlaces();
  const profileActions = useProfileActions();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const other = language === 'en' ? 'es' : 'en';
  const dark = colorScheme === 'dark';
  const receive = may('stock_acts', 'create', { kind: 'receive' });
  return [
    ...(receive
      ? [
          {
            id: 'receive',
            label: t('receive.title'),
            hint: 'Alt R',
            run: () => void navigate({ to: '/inventory/receive' }),
          },
        ]
      : []),
    ...(may('count_sessions', 'create')
      ? [
          {
            id: 'count',
            label: t('counts.start'),
            hint: 'Alt C',
            run: () => void navigate({ to: '/counts', search: { start: true } }),
          },
        ]
      : []),
    ...(may('unmatched_scans', 'read')
      ? [
          {
            id: 'unmatched',
            label: t('unmatched.title'),
            hint: 'Alt U',
            run: () => void navigate({ to: '/inventory/unmatched' }),
          },
        ]
      : []),
    ...places.map(({ name, to, title }, index) => ({
      id: name,
      hint: `Alt ${index + 1}`,
      label: t('palette.goTo', { place: title }),
      run: () => void navigate({ to }),
    })),
    {
      id: 'sync',
      label: t('sync.now'),
      run: () => {
        client.call('sync.now', {}).catch(failed);
      },
    },
    {
      id: 'scheme',
      label: dark ? t('palette.light') : t('palette.dark'),
      run: () => setColorScheme(dark ? 'light' : 'dark'),
    },
    {
      id: 'language',
      label: t('palette.language', { language: LANGUAGE_NAMES[other] }),
      run: () => setLanguage(other),
    },
    ...profileActions.map(({ id, label, hint, run }) => ({
      id: `profile-${id}`,
      label: label.replace(/…$/, ''),
      ...(hint ? { hint } : {}),
      run,
    })),
    {
      id: 'sign-out',
      label: t('user.signOut'),
      run: () => {
        client.call('auth.signOut', {}).catch(failed);
      },
    },
  ];
}

function useItems(search: string): readonly Command[] {
  const { may } = useSession();
  const navigate = useNavigate();
  const asked = search.trim().length > 1 && may('inventory_items', 'read');
  const { data } = useView('inventory.list', asked ? {} : null);
  const folded = useMemo(
    () => data?.map((row) => ({ row, text: fold(`${row.name} ${row.sku}`) })) ?? [],
    [data],
  );
  if (!asked) return [];
  const fits = matcher(search);
  const found = [];
  for (const { row, text } of folded) {
    if (fits(text)) found.push(row);
    if (found.length === MAX_ITEMS) break;
  }
  return found.map(({ item_id, name, sku }) => ({
    id: item_id,
    label: name,
    hint: sku,
    run: () => void navigate({ to: '/inventory', search: { item: item_id } }),
  }));
}
