import '../../ui/styles.ts';
import './gallery.css';
import { MantineProvider, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nProvider, useI18n } from '../../ui/i18n.tsx';
import { theme } from '../../ui/theme.ts';
import { GROUPS, isGroup } from './groups.ts';
import type { Group } from './groups.ts';

/**
 * Every component of `ui` in all its states: `#words`, `#fields` and so on of the address choose the
 * group, `?lang=es` the language; the colours follow the machine unless they are chosen here.
 */
function Gallery() {
  const [group, setGroup] = useState<Group>(groupOfAddress);
  const { language, setLanguage } = useI18n();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Shown = GROUPS[group];
  return (
    <main className="s-page">
      <div className="s-head">
        <h1>Components</h1>
        <nav aria-label="Groups" className="g-spread">
          <ul className="s-groups">
            {(Object.keys(GROUPS) as Group[]).map((name) => (
              <li key={name}>
                <a
                  href={`#${name}`}
                  aria-current={name === group ? 'page' : undefined}
                  className={name === group ? 'g-strong' : ''}
                  onClick={() => setGroup(name)}
                >
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <SegmentedControl
          size="xs"
          aria-label="Language"
          value={language}
          onChange={(value) => setLanguage(value === 'es' ? 'es' : 'en')}
          data={['en', 'es']}
        />
        <SegmentedControl
          size="xs"
          aria-label="Colours"
          value={colorScheme}
          onChange={(value) => setColorScheme(value as typeof colorScheme)}
          data={['auto', 'light', 'dark']}
        />
      </div>
      <Shown />
    </main>
  );
}

function groupOfAddress(): Group {
  const name = window.location.hash.slice(1);
  return isGroup(name) ? name : 'words';
}

const root = document.getElementById('root');
if (root) {
  const wish = new URLSearchParams(window.location.search).get('lang');
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <Notifications position="bottom-right" limit={3} />
        <I18nProvider wish={wish}>
          <Gallery />
        </I18nProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
