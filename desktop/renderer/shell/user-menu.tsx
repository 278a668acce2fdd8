import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import {
  IconDeviceDesktop,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { LANGUAGES } from '#shared/i18n/format.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import { roleWord } from '../ui/domain-words.ts';
import { LANGUAGE_NAMES, useI18n } from '../ui/i18n.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useSession } from './session.tsx';
import { useSites } from './sites.tsx';

const SCHEMES = [
  { scheme: 'light', icon: IconSun, key: 'scheme.light' },
  { scheme: 'dark', icon: IconMoon, key: 'scheme.dark' },
  { scheme: 'auto', icon: IconDeviceDesktop, key: 'scheme.auto' },
] as const;

/** Who is signed in with which roles; language, colours and signing out. */
export function UserMenu() {
  const { t, language, setLanguage } = useI18n();
  const { who } = useSession();
  const { byId } = useSites();
  const { client } = useStore();
  const { failed } = useToasts();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const roles = who.grants.map(({ role, locationId }) => {
    const at = locationId === null ? t('user.allSites') : (byId.get(locationId)?.code ?? '');
    return `${roleWord(t, role)} (${at})`;
  });
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <ActionIcon aria-label={t('user.menu', { name: who.displayName })} data-testid="user-menu">
          <IconUserCircle size={22} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: '8px 12px' }}>
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
        <Menu.Divider />
        <Menu.Label>{t('user.language')}</Menu.Label>
        {LANGUAGES.map((name) => (
          <Menu.Item
            key={name}
            lang={name}
            leftSection={<IconLanguage size={18} stroke={1.5} />}
            aria-current={name === language}
            fw={name === language ? 600 : 400}
            onClick={() => setLanguage(name)}
            data-testid={`language-${name}`}
          >
            {LANGUAGE_NAMES[name]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('scheme.title')}</Menu.Label>
        {SCHEMES.map(({ scheme, icon: Mark, key }) => (
          <Menu.Item
            key={scheme}
            leftSection={<Mark size={18} stroke={1.5} />}
            aria-current={scheme === colorScheme}
            fw={scheme === colorScheme ? 600 : 400}
            onClick={() => setColorScheme(scheme)}
            data-testid={`scheme-${scheme}`}
          >
            {t(key)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={18} stroke={1.5} />}
          onClick={() => {
            client.call('auth.signOut', {}).catch(failed);
          }}
          data-testid="sign-out"
        >
          {t('user.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
