import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import type { SyncDetails } from '#shared/ipc/sync-status.ts';
import { moduleWord, tableWord } from '../../ui/domain-words.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { loadByModule } from './modules.ts';

/** What of the data is on this device, module by module; each opens to its tables. */
export function FirstSync(props: { tables: SyncDetails['tables']; isDone: boolean }) {
  const { t } = useI18n();
  const modules = loadByModule(props.tables);
  const done = modules.reduce((sum, { loaded }) => sum + loaded, 0);
  const total = props.tables.length;
  return (
    <section className="g-stack" aria-labelledby="sync-here">
      <h2 id="sync-here" style={{ fontSize: 16 }}>
        {t('sync.here')}
      </h2>
      <p className="g-dim" data-testid="sync-first">
        {props.isDone ? t('sync.allHere') : t('sync.first', { done, total })}
      </p>
      {!props.isDone && (
        <progress value={done} max={total} aria-label={t('sync.first', { done, total })} />
      )}
      <div className="g-card g-parts">
        {modules.map(({ module, loaded, tables }) => {
          const whole = loaded === tables.length;
          const Mark = whole ? IconCircleCheck : IconCircleDashed;
          return (
            <details key={module} data-testid={`sync-module-${module}`}>
              <summary className="g-row">
                <Mark size={16} stroke={1.5} aria-hidden />
                <span className="g-spread">{moduleWord(t, module)}</span>
                <span className="g-dim">
                  {t('sync.parts', { done: loaded, total: tables.length })}
                </span>
              </summary>
              <ul>
                {tables.map(({ table, isLoaded }) => (
                  <li key={table} className="g-row">
                    <span className="g-spread">{tableWord(t, table)}</span>
                    <span className="g-small g-dim">
                      {isLoaded ? t('sync.isHere') : t('sync.comes')}
                    </span>
                  </li>
                ))}
              </ul>
            </details>
          );
        })}
      </div>
    </section>
  );
}
