import { Button } from '@mantine/core';
import { IconAlertTriangle, IconLink, IconShieldCheck } from '@tabler/icons-react';
import type { ChainView } from '#shared/ipc/administration.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { AdminError } from '../admin-error.tsx';
import type { ChainCheck } from './use-audit.ts';

/** Whether the chains of the audit are whole: what was checked, and where one is not. */
export function ChainStrip(props: {
  check: ChainCheck;
  deviceIds: readonly string[];
  nameOf: (deviceId: string) => string;
  disabled: boolean;
}) {
  const { check, deviceIds, nameOf } = props;
  const { t } = useI18n();
  const verdicts = [...check.known.values()];
  const broken = verdicts.filter(({ brokenAt }) => brokenAt !== null);
  const whole = verdicts.filter(({ brokenAt }) => brokenAt === null);
  const entries = whole.reduce((sum, { checked }) => sum + checked, 0);
  const { progress } = check;
  return (
    <div className="g-admin-note" data-testid="audit-chains" data-broken={broken.length}>
      <div className="g-row" style={{ flexWrap: 'wrap' }}>
        <span className="g-dim">{t('audit.chains')}</span>
        <span role="status">
          {progress ? (
            t('audit.checking', progress)
          ) : verdicts.length === 0 ? (
            t('audit.chainsNot')
          ) : (
            <StatusPill tone={broken.length > 0 ? 'grey' : 'green'} icon={IconShieldCheck}>
              {t('audit.chainsWhole', { n: whole.length, entries })}
            </StatusPill>
          )}
        </span>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconLink size={14} stroke={1.5} />}
          disabled={props.disabled || progress !== null || deviceIds.length === 0}
          onClick={() => check.check(deviceIds)}
          data-testid="audit-check"
        >
          {t('audit.check')}
        </Button>
      </div>
      {broken.length > 0 && (
        <Note tone="red" icon={IconAlertTriangle} role="alert" testId="audit-broken">
          {broken.map((verdict) => (
            <div key={verdict.deviceId} className="g-strong">
              {brokenWords(verdict, nameOf(verdict.deviceId))}
            </div>
          ))}
          <div>{t('audit.brokenHelp')}</div>
        </Note>
      )}
      {check.error && <AdminError error={check.error} />}
    </div>
  );

  function brokenWords({ brokenAt, fault }: ChainView, device: string): string {
    return t('audit.chainOf', {
      device,
      at: brokenAt ?? 0,
      fault: t(`audit.fault.${fault ?? 'changed'}`),
    });
  }
}
