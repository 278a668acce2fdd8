import { IconCircleCheck, IconCircleX, IconPlayerPause } from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import type { DeviceView } from '#shared/ipc/administration.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import type { Tone } from '../../../ui/status-pill.tsx';

/** A machine as this device knows it, with what only the server knows, where it was asked. */
export interface Machine {
  readonly id: string;
  readonly name: string;
  readonly kind: DeviceView['kind'];
  readonly status: DeviceView['status'];
  readonly site: string;
  readonly enrolledBy: string;
  readonly enrolledAt: number;
  readonly told: DeviceView | undefined;
}

const STATUS: Readonly<Record<Machine['status'], { tone: Tone; icon: Icon }>> = {
  active: { tone: 'green', icon: IconCircleCheck },
  suspended: { tone: 'amber', icon: IconPlayerPause },
  retired: { tone: 'grey', icon: IconCircleX },
};

export function MachineStatus(props: { status: Machine['status'] }) {
  const { t } = useI18n();
  const { tone, icon } = STATUS[props.status];
  return (
    <StatusPill tone={tone} icon={icon}>
      {t(`devices.status.${props.status}`)}
    </StatusPill>
  );
}
