import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { SimDevice } from './sim-device.ts';

/**
 * One thing that a person was told is saved. value: a field got this value · member, gone: a member
 * was put into a set, or taken out of it · token: these letters were typed into a shared text ·
 * counted: a counter grew · row: the row was made.
 */
export interface Promised {
  readonly device: SimDevice;
  readonly table: TableName;
  readonly id: string;
  readonly kind: 'value' | 'member' | 'gone' | 'token' | 'counted' | 'row';
  readonly field: string;
  readonly value: unknown;
  /** What the person saw in its place. */
  readonly before: unknown;
  readonly step: number;
  /**
   * Why it need not be at the server in the end: the person gave it up, or the disk that it was on
   * was set back to an earlier day before the server had it, or the database was set back to before it
   * came and the disk had to give it up, since the right to it had ended before it was brought back.
   */
  excuse: 'given up' | 'disk set back' | 'lost with the backup' | null;
  /** The decision of a review by which the value was set: while that waits for a person, so does this. */
  readonly via: string | null;
}

/** All that people were told is saved, on which device, and on top of what. */
export class Ledger {
  readonly promises: Promised[] = [];
  /** What was cut short by a kill: nobody was told, but where it was saved, it saw what it replaced. */
  readonly untold: Promised[] = [];
  /** Decisions of reviews by their stamps. */
  readonly decidedAt = new Map<string, string>();

  note(
    device: SimDevice,
    table: TableName,
    row: Row,
    step: number,
    parts: readonly Part[],
    via: string | null = null,
  ): void {
    const made = promised(device, table, row, step, parts);
    this.promises.push(...made.map((promise) => ({ ...promise, via })));
  }

  noteUntold(
    device: SimDevice,
    table: TableName,
    row: Row,
    step: number,
    parts: readonly Part[],
  ): void {
    this.untold.push(...promised(device, table, row, step, parts));
  }

  of(device: SimDevice): Promised[] {
    return this.promises.filter((promise) => promise.device === device);
  }
}

const promised = (
  device: SimDevice,
  table: TableName,
  row: Row,
  step: number,
  parts: readonly Part[],
): Promised[] =>
  parts.map((part) => ({ device, table, id: row.id, step, excuse: null, via: null, ...part }));

export type Part = Pick<Promised, 'kind' | 'field' | 'value' | 'before'>;
