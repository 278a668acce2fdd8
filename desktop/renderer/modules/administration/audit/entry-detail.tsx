import { Button, CloseButton } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import type { AuditEntryView } from '#shared/ipc/administration.ts';
import { fieldWord, tableWord } from '../../../ui/domain-words.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import type { AuditNames } from './audit-words.ts';
import type { ChainCheck } from './use-audit.ts';

/** One entry in full, and whether the chain in which it stands is whole. */
export function EntryDetail(props: {
  entry: AuditEntryView;
  names: AuditNames;
  check: ChainCheck;
  disabled: boolean;
  close: () => void;
}) {
  const { entry, names, check } = props;
  const { t, fmt } = useI18n();
  const { deviceId } = entry;
  const table = tableWord(t, entry.tableName);
  const verdict = deviceId === null ? undefined : check.known.get(deviceId);
  const facts: readonly (readonly [string, string, boolean?])[] = [
    [t('audit.when'), fmt.exact(entry.recordedAt)],
    [t('audit.occurred'), entry.occurredAt === null ? '–' : fmt.exact(entry.occurredAt)],
    [t('audit.who'), names.person(entry.actorId)],
    [t('audit.device'), names.device(deviceId)],
    [t('audit.site'), names.site(entry.locationId) || t('admin.noSite')],
    [t('audit.action'), t(`audit.action.${entry.action}`)],
    [t('audit.table'), `${table} (${entry.tableName})`],
    [t('audit.row'), entry.rowId, true],
    [t('audit.fields'), entry.fieldNames.map((field) => fieldWord(t, field)).join(', ') || '–'],
    [t('audit.outcome'), entry.outcome, true],
    [
      t('audit.purpose'),
      entry.purpose === 'search' ? t('audit.how.search') : (entry.purpose ?? '–'),
    ],
    [t('audit.patient'), entry.patientRef ?? '–', true],
    [t('audit.seq'), fmt.number(entry.seq)],
    ...readFacts(),
  ];
  /** What only an entry of a device's own chain says. */
  function readFacts(): readonly (readonly [string, string, boolean?])[] {
    if (entry.chainId === null) return [];
    const { rowIds, patientRefs, screen, chainId } = entry;
    return [
      [t('audit.screen'), screen ?? '–', true],
      ...(rowIds.length > 1 ? [[t('audit.records'), rowIds.join(' '), true] as const] : []),
      ...(patientRefs.length > 1
        ? [[t('audit.patients'), patientRefs.join(' '), true] as const]
        : []),
      [t('audit.ofDevice'), chainId, true],
    ];
  }
  return (
    <aside className="g-detail" aria-label={table} data-testid="audit-detail">
      <div className="g-detail-head g-row">
        <h2 className="g-spread" style={{ fontSize: 16 }}>
          {t(`audit.action.${entry.action}`)} · {table}
        </h2>
        <CloseButton
          aria-label={t('common.close')}
          title={t('common.closeEsc')}
          onClick={props.close}
        />
      </div>
      <div className="g-detail-body g-sections">
        <section aria-label={t('audit.row')}>
          <dl className="g-facts">
            {facts.map(([title, value, isCode]) => (
              <div key={title} style={{ display: 'contents' }}>
                <dt>{title}</dt>
                <dd className={isCode ? 'g-code' : undefined} style={{ overflowWrap: 'anywhere' }}>
                  {value}
                </dd>
              </div>
            ))}
          </dl>
        </section>
        {deviceId !== null && entry.chainId === null && (
          <section aria-label={t('audit.chains')}>
            <div className="g-row" style={{ flexWrap: 'wrap' }}>
              {verdict && (
                <StatusPill
                  tone={verdict.brokenAt === null ? 'green' : 'red'}
                  icon={verdict.brokenAt === null ? IconShieldCheck : IconAlertTriangle}
                >
                  {verdict.brokenAt === null
                    ? t('audit.chainWhole', { n: verdict.checked })
                    : t('audit.chainBroken', {
                        at: verdict.brokenAt,
                        fault: t(`audit.fault.${verdict.fault ?? 'changed'}`),
                      })}
                </StatusPill>
              )}
              <Button
                variant="default"
                size="compact-sm"
                disabled={props.disabled || check.progress !== null}
                onClick={() => check.check([deviceId])}
                data-testid="audit-check-one"
              >
                {t('audit.chainCheck')}
              </Button>
            </div>
          </section>
        )}
      </div>
    </aside>
  );
}
