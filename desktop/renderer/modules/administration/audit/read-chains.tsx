import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconClock,
  IconEye,
  IconLink,
  IconShieldCheck,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { ReadChainView } from '#shared/ipc/administration.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { AdminError } from '../admin-error.tsx';
import { useReadChains } from './use-reads.ts';
import type { ReadChains } from './use-reads.ts';

interface Props {
  nameOf: (deviceId: string) => string;
  disabled: boolean;
}

/** What machines handed over of what was read on them: whether all goes on, and each chain by itself. */
export function ReadChainStrip(props: Props) {
  const { t, fmt } = useI18n();
  const { nameOf } = props;
  const reads = useReadChains();
  const [isOpen, setOpen] = useState(false);
  const { chains, error } = reads;
  const broken = chains?.filter(({ fault }) => fault !== null) ?? [];
  const entries = chains?.reduce((sum, { seq }) => sum + seq, 0) ?? 0;
  return (
    <div
      className="g-admin-note"
      data-testid="read-chains"
      data-broken={broken.length}
      data-entries={entries}
    >
      <div className="g-row" style={{ flexWrap: 'wrap' }}>
        <span className="g-dim">{t('audit.reads')}</span>
        <span role="status">
          {chains && (
            <StatusPill tone={broken.length > 0 ? 'grey' : 'green'} icon={IconEye}>
              {chains.length === 0
                ? t('audit.readsNone')
                : t('audit.readsCount', { n: chains.length, entries })}
            </StatusPill>
          )}
        </span>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconLink size={14} stroke={1.5} />}
          disabled={!chains || chains.length === 0}
          onClick={() => setOpen(true)}
          data-testid="read-chains-open"
        >
          {t('audit.readsOpen')}
        </Button>
      </div>
      {broken.length > 0 && (
        <Note tone="red" icon={IconAlertTriangle} role="alert" testId="read-chains-broken">
          {broken.map((chain) => (
            <div key={chain.chainId} className="g-strong">
              {t('audit.readsFaultOf', {
                device: nameOf(chain.deviceId),
                at: chain.faultSeq ?? 0,
                time: chain.faultAt === null ? '–' : fmt.exact(chain.faultAt),
              })}{' '}
              {t(`audit.readFault.${chain.fault ?? 'changed'}`)}
            </div>
          ))}
          <div>{t('audit.brokenHelp')}</div>
        </Note>
      )}
      {error && <AdminError error={error} />}
      {isOpen && chains && (
        <Dialog
          title={t('audit.readsTitle')}
          close={() => setOpen(false)}
          size={920}
          testId="read-chains-dialog"
        >
          <p className="g-dim">{t('audit.readsHelp')}</p>
          <ChainTable {...props} chains={chains} reads={reads} />
          <div>
            <Button
              variant="default"
              leftSection={<IconShieldCheck size={18} stroke={1.5} />}
              loading={reads.checking !== null}
              disabled={props.disabled}
              onClick={() => reads.check(chains.map(({ chainId }) => chainId))}
              data-testid="read-chains-check"
            >
              {t('audit.check')}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

function ChainTable(props: Props & { chains: readonly ReadChainView[]; reads: ReadChains }) {
  const { t, fmt } = useI18n();
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className="g-plain-table" aria-label={t('audit.readsTitle')}>
        <thead>
          <tr>
            <th>{t('audit.device')}</th>
            <th>{t('audit.readsBegun')}</th>
            <th className="g-num">{t('audit.readsHead')}</th>
            <th>{t('audit.readsTaken')}</th>
            <th>{t('audit.readsChecked')}</th>
            <th>{t('audit.readsState')}</th>
          </tr>
        </thead>
        <tbody>
          {props.chains.map((chain) => (
            <tr key={chain.chainId} data-testid="read-chain" data-fault={chain.fault ?? 'none'}>
              <td>{props.nameOf(chain.deviceId)}</td>
              <td>{fmt.exact(chain.begunAt)}</td>
              <td className="g-num">{fmt.number(chain.seq)}</td>
              <td>{chain.takenAt === null ? '–' : fmt.exact(chain.takenAt)}</td>
              <td>{chain.checkedAt === null ? t('admin.never') : fmt.exact(chain.checkedAt)}</td>
              <td>
                <ChainState chain={chain} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ChainState({ chain }: { chain: ReadChainView }) {
  const { t } = useI18n();
  const { fault, faultSeq, checkedAt, checked, isSigned, isLast } = chain;
  if (fault !== null) {
    return (
      <StatusPill tone="red" icon={IconAlertTriangle} title={t(`audit.readFault.${fault}`)}>
        {t('audit.readsFault', { at: faultSeq ?? 0 })}
      </StatusPill>
    );
  }
  if (checkedAt !== null) {
    return (
      <StatusPill tone="green" icon={IconShieldCheck}>
        {t('audit.chainWhole', { n: checked ?? 0 })}
      </StatusPill>
    );
  }
  return (
    <StatusPill tone={isSigned ? 'blue' : 'grey'} icon={IconClock}>
      {isLast ? t(isSigned ? 'audit.readsSigned' : 'audit.readsUnsigned') : t('audit.readsOver')}
    </StatusPill>
  );
}
