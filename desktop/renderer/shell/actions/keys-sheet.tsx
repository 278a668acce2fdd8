import { Kbd } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { Dialog } from '../../ui/dialog.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { isMac, keyNames } from './keys.ts';
import { pageKeysFor } from './page-keys.ts';
import type { KeysOfPage } from './page-keys.ts';
import { ACTION_GROUPS } from './registry.ts';
import { useActions } from './use-actions.tsx';

interface Line {
  readonly id: string;
  readonly title: string;
  /** Each is one way to do it. */
  readonly ways: readonly (readonly string[])[];
}

/** Every key that this person has: those of the page at hand first, made from the registry of actions. */
export function KeysSheet(props: { close: () => void }) {
  const { t } = useI18n();
  const actions = useActions();
  const { pathname } = useLocation();
  const mac = isMac();
  const groups = ACTION_GROUPS.map((group) => ({
    title: t(`shortcuts.group.${group}`),
    lines: actions
      .filter((action) => action.group === group)
      .map(({ id, title, keys, also }): Line => {
        const ways = also === undefined ? [keys] : [keys, also];
        return { id, title, ways: ways.map((way) => keyNames(way, mac)) };
      }),
  }));
  const linesOf = (page: KeysOfPage) => ({
    title: page.title(t),
    lines: Object.entries(page.keys).map(([id, { keys, title }]): Line => {
      // What is pressed together is one way; the others are a row of single keys.
      return { id, title: title(t), ways: keys.map((way) => keyNames(way, mac)) };
    }),
  });
  const pages = pageKeysFor(pathname);
  const shown = [...pages.here.map(linesOf), ...groups, ...pages.elsewhere.map(linesOf)];
  return (
    <Dialog title={t('shortcuts.title')} close={props.close} size={820} testId="keys-sheet">
      <div className="g-keys">
        {shown.map(({ title, lines }) => (
          <div key={title} role="group" aria-label={title} className="g-keys-group">
            <h3>{title}</h3>
            <dl>
              {lines.map((line) => (
                <div key={line.id} data-testid={`keys-${line.id}`}>
                  <dt>{line.title}</dt>
                  <dd>
                    {line.ways.map((way) => (
                      <span key={way.join(' ')}>
                        {way.map((key) => (
                          <Kbd key={key} size="xs">
                            {key}
                          </Kbd>
                        ))}
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </Dialog>
  );
}
