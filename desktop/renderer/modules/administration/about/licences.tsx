import { useI18n } from '../../../ui/i18n.tsx';
import LICENCES from './licences.json' with { type: 'json' };

/** The packages that this build contains, with their licences: `scripts/licences.ts` writes the list. */
export function Licences() {
  const { t } = useI18n();
  return (
    <section className="g-card g-wide" aria-label={t('about.licences')}>
      <h2>{t('about.licences')}</h2>
      <p className="g-dim">{t('about.licencesHelp')}</p>
      <details data-testid="licences">
        <summary data-testid="licences-show">{t('about.licencesShow')}</summary>
        <table className="g-plain-table" aria-label={t('about.licences')}>
          <thead>
            <tr>
              <th scope="col">{t('about.package')}</th>
              <th scope="col">{t('about.version')}</th>
              <th scope="col">{t('about.licence')}</th>
            </tr>
          </thead>
          <tbody>
            {LICENCES.map(({ name, version, licence }) => (
              <tr key={`${name}@${version}`}>
                <td className="g-code">{name}</td>
                <td className="g-code">{version}</td>
                <td>{licence}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
