import { ActionIcon, Popover, useMantineColorScheme } from '@mantine/core';
import {
  IconCheck,
  IconDeviceDesktop,
  IconHelp,
  IconKeyboard,
  IconLanguage,
  IconLink,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { LANGUAGES } from '#shared/i18n/format.ts';
import { ROLES } from '#shared/schema/roles.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import { roleWord } from '../ui/domain-words.ts';
import { keepDraftsNow } from '../ui/draft.ts';
import { LANGUAGE_NAMES, useI18n } from '../ui/i18n.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { isMac, keyWords } from './actions/keys.ts';
import { useActions } from './actions/use-actions.tsx';
import { useProfileActions } from './profile/profile-actions.tsx';
import { useSession } from './session.tsx';
import { useSites } from './sites.tsx';

const isRole = (role: string): boolean => (ROLES as readonly string[]).includes(role);

const SCHEMES = [
  { scheme: 'light', icon: IconSun, key: 'scheme.light' },
  { scheme: 'dark', icon: IconMoon, key: 'scheme.dark' },
  { scheme: 'auto', icon: IconDeviceDesktop, key: 'scheme.auto' },
] as const;

const HELP = [
  { id: 'help', icon: IconHelp },
  { id: 'keys', icon: IconKeyboard },
  { id: 'link', icon: IconLink },
] as const;

/** Who is signed in with which roles; language, colours, the data on this device, signing out. */
export function UserMenu() {
  const { t, language, setLanguage } = useI18n();
  const { who } = useSession();
  const { byId } = useSites();
  const { client } = useStore();
  const { failed } = useToasts();
  const profileActions = useProfileActions();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [open, setOpen] = useState(false);
  const actions = useActions();
  const hintOf = (id: string): string => {
    const keys = actions.find((action) => action.id === id)?.keys;
    return keys === undefined ? '' : keyWords(keys, isMac());
  };
  // What somebody is in a team has no site, and follows from the team.
  const granted = who.grants.filter(({ role }) => isRole(role));
  const roles = granted.map(({ role, locationId }) => {
    const at = locationId === null ? t('user.allSites') : (byId.get(locationId)?.code ?? '');
    return `${roleWord(t, role)} (${at})`;
  });
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width={340}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon
          aria-label={t('user.menu', { name: who.displayName })}
          onClick={() => setOpen(!open)}
          data-testid="user-menu"
        >
          <IconUserCircle size={22} stroke={1.5} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown
        p={8}
        className="g-user-menu"
        aria-label={t('user.menu', { name: who.displayName })}
      >
        <div style={{ padding: '4px 12px 8px' }}>
          <div className="g-strong" data-testid="user-name">
            {who.displayName}
          </div>
          <div className="g-small g-dim g-cut">{who.email}</div>
          {roles.map((role) => (
            <div key={role} className="g-small g-dim">
              {role}
            </div>
          ))}
        </div>
        <Group title={t('user.language')}>
          {LANGUAGES.map((name) => (
            <Choice
              key={name}
              icon={IconLanguage}
              words={LANGUAGE_NAMES[name]}
              chosen={name === language}
              choose={() => setLanguage(name)}
              testId={`language-${name}`}
            />
          ))}
        </Group>
        <Group title={t('scheme.title')}>
          {SCHEMES.map(({ scheme, icon, key }) => (
            <Choice
              key={scheme}
              icon={icon}
              words={t(key)}
              chosen={scheme === colorScheme}
              choose={() => setColorScheme(scheme)}
              testId={`scheme-${scheme}`}
            />
          ))}
        </Group>
        <Group title={t('device.title')}>
          {profileActions.map(({ id, icon, label, run }) => (
            <Choice
              key={id}
              icon={icon}
              words={label}
              hint={hintOf(`profile-${id}`)}
              choose={() => {
                setOpen(false);
                run();
              }}
              testId={`profile-${id}`}
            />
          ))}
        </Group>
        <Group title={t('help.title')}>
          {HELP.map(({ id, icon }) => {
            const action = actions.find((known) => known.id === id);
            return (
              action && (
                <Choice
                  key={id}
                  icon={icon}
                  words={action.title}
                  hint={hintOf(id)}
                  choose={() => {
                    setOpen(false);
                    action.run();
                  }}
                  testId={`menu-${id}`}
                />
              )
            );
          })}
        </Group>
        <div className="g-menu-group">
          <Choice
            icon={IconLogout}
            words={t('user.signOut')}
            hint={hintOf('sign-out')}
            choose={() => {
              setOpen(false);
              keepDraftsNow();
              client.call('auth.signOut', {}).catch(failed);
            }}
            testId="sign-out"
          />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function Group(props: { title: string; children: ReactNode }) {
  return (
    <div className="g-menu-group" role="group" aria-label={props.title}>
      <div className="g-small g-dim" style={{ padding: '0 12px 4px' }} aria-hidden>
        {props.title}
      </div>
      {props.children}
    </div>
  );
}

function Choice(props: {
  icon: Icon;
  words: string;
  /** The keys that do the same. */
  hint?: string;
  chosen?: boolean;
  choose: () => void;
  testId: string;
}) {
  const { icon: Mark, words, hint, chosen } = props;
  return (
    <button
      type="button"
      className="g-menu-item"
      aria-pressed={chosen}
      onClick={props.choose}
      data-testid={props.testId}
    >
      <Mark size={18} stroke={1.5} aria-hidden />
      <span className="g-spread">{words}</span>
      {hint !== undefined && hint !== '' && <span className="g-code g-dim">{hint}</span>}
      {chosen && <IconCheck size={16} stroke={1.75} aria-hidden />}
    </button>
  );
}
