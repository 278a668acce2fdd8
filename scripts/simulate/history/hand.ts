import { emptyText, textOf } from '#shared/merge/shared-text.ts';
import { countOf } from '#shared/schema/counter.ts';
import { MACHINES } from '#shared/schema/machines.ts';
import type { MachineName } from '#shared/schema/machines.ts';
import type { Row } from '#shared/schema/define.ts';
import { membersOf } from '#shared/schema/or-set.ts';
import type { OrSet } from '#shared/schema/or-set.ts';
import { rowIdOf } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Rng } from '../../demo-data/rng.ts';
import * as made from '../world/clinic.ts';
import type { Part } from '../world/ledger.ts';
import type { SimDevice, WriteOutcome } from '../world/sim-device.ts';
import type { World } from '../world/world.ts';

/** One person at one device, about to do something. */
export interface Hand {
  readonly world: World;
  readonly device: SimDevice;
  readonly rng: Rng;
  readonly userId: string;
  readonly now: number;
}

export type Fields = Readonly<Record<string, unknown>>;
/** The row as it is to be, or null when there is nothing to be done. */
export type Change = (before: Row | null) => Fields;

/** A site where the device believes that its person may work, mostly. */
export function siteOf(hand: Hand): string {
  const own = hand.device.grants.flatMap(({ locationId }) => locationId ?? []);
  return hand.rng.pick(own.length > 0 && hand.rng.chance(0.9) ? own : made.SITES);
}

/** Some row of a table that is on the disk. */
export function some(
  hand: Hand,
  table: TableName,
  fits: (row: Row) => boolean = () => true,
): Row | null {
  const rows = [...hand.device.rows(table).values()]
    .map(({ row }) => row)
    .filter(fits)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (rows.length === 0) return null;
  // Mostly the same few, so that people meet.
  return hand.rng.pick(hand.rng.chance(0.7) ? rows.slice(0, 2) : rows);
}

export async function insert(hand: Hand, table: TableName, fields: Fields): Promise<void> {
  // Nobody can choose a team or a site that is not on the disk yet.
  const { team_id: team, location_id: site } = fields;
  if (typeof team === 'string' && !hand.device.row('eos_teams', team)) return;
  if (typeof site === 'string' && !hand.device.row('locations', site)) return;
  const id = rowIdOf(table, fields) ?? made.simId('row', hand.world.newValue());
  const unsaid = made.rowAs(
    table,
    { id, created_at: 0, created_by: null, device_id: null },
    fields,
  );
  await write(hand, table, id, () => unsaid);
}

/** One of some fields gets a text that nobody has written before. */
export async function editText1(
  hand: Hand,
  table: TableName,
  fields: readonly string[],
): Promise<void> {
  await edit(hand, table, hand.rng.pick(fields), hand.world.newValue());
}

export async function edit(
  hand: Hand,
  table: TableName,
  field: string,
  value: unknown,
): Promise<void> {
  const row = some(hand, table);
  if (row) await write(hand, table, row.id, () => ({ [field]: value }));
}

/** A step that the machine of the table knows from where the row is. */
export async function step(hand: Hand, table: TableName): Promise<void> {
  const { machine } = tableOf(table);
  const row = some(hand, table);
  if (!row || !machine) return;
  const { transitions } = MACHINES[machine.name as MachineName];
  const steps = transitions.filter(
    ({ from, needs }) => from === row[machine.field] && needs !== 'server',
  );
  if (steps.length === 0) return;
  const { to } = hand.rng.pick(steps);
  await write(hand, table, row.id, () => ({ [machine.field]: to }));
}

/** Writes, and notes what the person was told is saved. */
export async function write(
  hand: Hand,
  table: TableName,
  id: string,
  change: Change,
): Promise<WriteOutcome> {
  const { world, device } = hand;
  const outcome = await world.run(device.write(table, id, change));
  if (outcome.kind === 'unknown' || outcome.kind === 'cut-short') {
    world.tally.did('write cut short');
    if (outcome.kind === 'unknown') return outcome;
    const parts = partsOf(table, outcome.before, outcome.row, device.options.deviceId);
    world.ledger.noteUntold(device, table, outcome.row, world.tally.step, parts);
    return outcome;
  }
  if (outcome.kind === 'refused') {
    world.tally.did(`refused at once: ${outcome.code}`);
    return outcome;
  }
  world.tally.did(`${outcome.before ? 'edit' : 'insert'}: ${table}`);
  world.trace('write', device.options.line, table, id);
  const parts = partsOf(table, outcome.before, outcome.row, device.options.deviceId);
  world.ledger.note(device, table, outcome.row, world.tally.step, parts);
  // A kill may come right behind the answer.
  if (!device.isOn) return outcome;
  const found = device.row(table, id);
  const same = found !== null && parts.every((part) => isThere(part, found));
  world.tally.check(5, same ? null : `${table} ${id} is not read as it was written`);
  return outcome;
}

const isThere = ({ kind, field, value }: Part, row: Row): boolean =>
  kind !== 'value' || JSON.stringify(row[field]) === JSON.stringify(value);

/** What a write has promised, in terms that can be looked for later. */
function partsOf(table: TableName, before: Row | null, row: Row, deviceId: string): Part[] {
  const parts: Part[] = [];
  if (!before) parts.push({ kind: 'row', field: '', value: null, before: null });
  if (tableOf(table).kind !== 'record') return parts;
  for (const [field, { merge }] of Object.entries(tableOf(table).fields)) {
    const [was, is] = [before?.[field] ?? null, row[field] ?? null];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    if ((merge === 'LWW' || merge === 'HR') && before) {
      parts.push({ kind: 'value', field, value: is, before: was });
    } else if (merge === 'ORS' && field !== 'vote') {
      const [had, has] = [membersOf((was ?? {}) as OrSet), membersOf((is ?? {}) as OrSet)];
      for (const value of has.filter((member) => !had.includes(member))) {
        parts.push({ kind: 'member', field, value, before: null });
      }
      for (const value of had.filter((member) => !has.includes(member))) {
        parts.push({ kind: 'gone', field, value, before: null });
      }
    } else if (merge === 'CNT') {
      const value = (is as Record<string, number>)[deviceId];
      if (countOf((is ?? {}) as never) > 0)
        parts.push({ kind: 'counted', field, value, before: null });
    } else if (merge === 'TXT') {
      const seen = new Set(tokensIn(was));
      for (const value of tokensIn(is).filter((token) => !seen.has(token))) {
        parts.push({ kind: 'token', field, value, before: null });
      }
    }
  }
  return parts;
}

const tokensIn = (text: unknown): string[] =>
  textOf((text as string | null) ?? emptyText())
    .split(';')
    .filter((token) => token !== '');
