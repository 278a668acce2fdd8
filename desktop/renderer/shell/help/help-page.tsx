import { Kbd, TextInput } from '@mantine/core';
import { IconHelp, IconSearch } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { isMac } from '../actions/keys.ts';
import { helpPieces } from './help-keys.ts';
import { helpIn, HELP_NAMES, isHelpName } from './help-names.ts';
import { useHelpSearch } from './use-help-search.ts';

const route = getRouteApi('/help/$page');

/** One page of help, the list of all beside it, and a search through all of them. */
export function HelpPage() {
  const { t, language } = useI18n();
  const { page: name } = route.useParams();
  const { part } = route.useSearch();
  const pages = helpIn(language);
  const [typed, setTyped] = useState('');
  const found = useHelpSearch(typed);
  const page = isHelpName(name) ? pages[name] : null;
  const wanted = useRef<HTMLElement | null>(null);
  useEffect(() => {
    wanted.current?.scrollIntoView({ block: 'start' });
    wanted.current?.focus();
  }, [name, part]);
  return (
    <>
      <PageHeader title={t('help.title')} />
      <div className="g-help">
        <nav className="g-help-list g-stack" aria-label={t('help.pages')}>
          <TextInput
            type="search"
            aria-label={t('help.search')}
            placeholder={t('help.search')}
            leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-testid="help-search"
          />
          {typed.trim() === '' ? (
            <ul>
              {HELP_NAMES.map((other) => (
                <li key={other}>
                  <Link
                    to="/help/$page"
                    params={{ page: other }}
                    className="g-nav"
                    activeProps={{ 'aria-current': 'page' }}
                    activeOptions={{ includeSearch: false }}
                  >
                    {pages[other].title}
                  </Link>
                </li>
              ))}
            </ul>
          ) : (
            <ul data-testid="help-found">
              {found.map(({ id, page: at, part: number, title, of }) => (
                <li key={id}>
                  <Link
                    to="/help/$page"
                    params={{ page: at }}
                    search={{ part: number }}
                    className="g-nav"
                  >
                    <span className="g-spread g-cut">{title}</span>
                    <span className="g-small g-dim">{of}</span>
                  </Link>
                </li>
              ))}
              {found.length === 0 && <li className="g-dim">{t('palette.nothing')}</li>}
            </ul>
          )}
        </nav>
        {page ? (
          <article className="g-help-page" data-testid="help-page" data-page={name}>
            <h2>{page.title}</h2>
            <p className="g-help-lead">{page.lead}</p>
            {page.parts.map(({ title, text }, index) => (
              <section
                key={title}
                ref={index + 1 === part ? wanted : undefined}
                tabIndex={-1}
                data-testid={`help-part-${index + 1}`}
              >
                <h3>{title}</h3>
                {text.map((sentences) => (
                  <p key={sentences}>
                    <WithKeys text={sentences} />
                  </p>
                ))}
              </section>
            ))}
          </article>
        ) : (
          <EmptyState icon={IconHelp} title={t('home.notFound')} />
        )}
      </div>
    </>
  );
}

/** A text of help with its keys drawn as keys. */
function WithKeys(props: { text: string }) {
  const { t } = useI18n();
  return (
    <>
      {helpPieces(props.text, t, isMac()).map((piece, index) =>
        'words' in piece ? (
          piece.words
        ) : (
          // oxlint-disable-next-line react/no-array-index-key -- pieces of one text never move
          <span key={index} style={{ whiteSpace: 'nowrap' }}>
            {piece.keys.map((key) => (
              <Kbd key={key} size="xs" mr={2}>
                {key}
              </Kbd>
            ))}
          </span>
        ),
      )}
    </>
  );
}
