import { editText, emptyText, textOf } from '#shared/merge/shared-text.ts';
import { countOf } from '#shared/schema/counter.ts';
import { MACHINES } from '#shared/schema/machines.ts';
import type { MachineName } from '#shared/schema/machines.ts';
import type { Row } from '#shared/schema/define.ts';
import { isIn, membersOf } from '#shared/schema/or-set.ts';
import type { OrSet } from '#shared/schema/or-set.ts';
import { rowIdOf } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { Rng } from '../../demo-data/rng.ts';
import * as made from '../world/clinic.ts';
import type { Part } from '../world/ledger.ts';
import type { SimDevice } from '../world/sim-device.ts';
import type { World } from '../world/world.ts';
import type { Work } from './steps.ts';

/** One person at one device, about to do something. */
interface Hand {
  readonly world: World;
  readonly device: SimDevice;
  readonly rng: Rng;
  readonly userId: string;
  readonly now: number;
}

type Fields = Readonly<Record<string, unknown>>;
/** The row as it is to be, or null when there is nothing to be done. */
type Change = (before: Row | null) => Fields;

/** A dot and a member as a window sends them: the store writes its own in their place. */
const WANTED_DOTS = { '000000000000': ['000000000001-0000-000000000000', ''] } as const;

/** Does a piece of work at a device, as far as what is on its disk allows it. */
export async function doWork(world: World, device: SimDevice, what: Work, pick: number) {
  const rng = new Rng(pick, what);
  const hand: Hand = {
    world,
    device,
    rng,
    userId: device.options.userId,
    now: world.time.now() + device.skewMs,
  };
  if (device.isOn) await PIECES[what](hand);
}

const PIECES: Readonly<Record<Work, (hand: Hand) => Promise<void>>> = {
  'new-item': async (hand) => {
    // Few numbers, so that two people take the same one now and then.
    const sku = `NEW-${hand.rng.int(1, 12)}`;
    await insert(hand, 'inventory_items', made.itemFields(sku));
  },
  'edit-item': (hand) => editText1(hand, 'inventory_items', ['name', 'category', 'description']),
  'edit-packs': (hand) =>
    edit(hand, 'inventory_items', 'packs', [
      { unit: hand.world.newValue(), qty_per_base: 10_000, gtin: null },
    ]),
  'step-item': (hand) => step(hand, 'inventory_items'),
  'new-shelf': async (hand) => {
    const item = some(hand, 'inventory_items');
    if (item) await insert(hand, 'item_locations', made.shelfFields(item.id, siteOf(hand)));
  },
  'edit-shelf': (hand) => editText1(hand, 'item_locations', ['bin']),
  request: async (hand) => {
    const item = some(hand, 'inventory_items');
    if (item) await insert(hand, 'reorder_requests', made.requestFields(item.id, siteOf(hand)));
  },
  'edit-request': (hand) => editText1(hand, 'reorder_requests', ['reason']),
  'decide-request': (hand) => step(hand, 'reorder_requests'),
  receive: (hand) => act(hand, 'receive'),
  'issue-stock': (hand) => act(hand, 'issue'),
  'open-count': async (hand) => {
    const fields = made.countFields(siteOf(hand), hand.userId, hand.now);
    await insert(hand, 'count_sessions', fields);
  },
  'count-line': async (hand) => {
    const session = some(hand, 'count_sessions', (row) => row['status'] !== 'posted');
    const item = some(hand, 'inventory_items');
    if (!session || !item) return;
    const site = String(session['location_id']);
    const counted = hand.rng.pick([0, 10_000, 50_000]);
    const fields = made.countLineFields(session.id, site, item.id, hand.userId, counted, hand.now);
    await insert(hand, 'count_lines', fields);
  },
  'submit-count': async (hand) => {
    const session = some(hand, 'count_sessions', (row) => row['status'] === 'open');
    if (!session) return;
    const lines = [...hand.device.rows('count_lines').values()].filter(
      ({ row }) => row['session_id'] === session.id,
    ).length;
    await write(hand, 'count_sessions', session.id, () => ({
      status: 'submitted',
      line_count: hand.rng.chance(0.8) ? lines : null,
    }));
  },
  'decide-count': (hand) => step(hand, 'count_sessions'),
  'recall-lot': (hand) => step(hand, 'inventory_lots'),
  kiosk: async (hand) => {
    await insert(hand, 'kiosk_sessions', made.kioskFields(siteOf(hand), hand.now));
  },
  'kiosk-attempt': async (hand) => {
    const session = some(hand, 'kiosk_sessions');
    if (!session) return;
    const by = hand.rng.int(1, 3);
    const device = hand.device.options.deviceId;
    await write(hand, 'kiosk_sessions', session.id, (before) => {
      const counter = (before?.['attempts'] ?? {}) as Record<string, number>;
      return { attempts: { ...counter, [device]: (counter[device] ?? 0) + by } };
    });
  },
  'new-issue': async (hand) => {
    await insert(hand, 'issues', made.issueFields(hand.world.newValue()));
  },
  'edit-issue': (hand) => editText1(hand, 'issues', ['title', 'body']),
  'step-issue': (hand) => step(hand, 'issues'),
  vote: async (hand) => {
    const issue = some(hand, 'issues');
    if (!issue) return;
    const fields = made.voteFields(issue.id, hand.userId);
    const id = rowIdOf('issue_votes', fields) ?? '';
    await write(hand, 'issue_votes', id, (before) => {
      const has = isIn((before?.['vote'] ?? {}) as never);
      return { ...fields, vote: has ? {} : WANTED_DOTS };
    });
  },
  'new-rock': async (hand) => {
    await insert(hand, 'rocks', made.rockFields(hand.userId));
  },
  'share-rock': async (hand) => {
    const rock = some(hand, 'rocks');
    if (!rock) return;
    const member = hand.world.newValue();
    const takesAway = hand.rng.chance(0.35);
    await write(hand, 'rocks', rock.id, (before) => {
      const set = { ...((before?.['shared_with'] ?? {}) as OrSet) };
      const [first] = membersOf(set);
      if (takesAway && first !== undefined) delete set[first];
      else set[member] = WANTED_DOTS as never;
      return { shared_with: set };
    });
  },
  'edit-rock': (hand) => editText1(hand, 'rocks', ['title', 'definition_of_done']),
  meet: async (hand) => {
    const fields = made.meetingFields(`2026-06-0${hand.rng.int(1, 3)}`);
    const id = rowIdOf('l10_meetings', fields) ?? '';
    if (hand.device.row('l10_meetings', id)) await step(hand, 'l10_meetings');
    else await insert(hand, 'l10_meetings', fields);
  },
  'write-notes': async (hand) => {
    const meeting = some(hand, 'l10_meetings');
    if (!meeting) return;
    const fields = made.notesFields(meeting.id, hand.rng.pick(['segue', 'headlines']));
    const id = rowIdOf('meeting_notes', fields) ?? '';
    const token = `${hand.world.newValue()};`;
    // An id of the writing that nobody else has, else two texts would be one.
    const writer = 1_000_000 + Number(token.slice(1, -1));
    await write(hand, 'meeting_notes', id, (before) => ({
      ...fields,
      notes: editText(
        (before?.['notes'] as string | undefined) ?? emptyText(),
        (text) => text.insert(text.length > 0 && writer % 2 === 0 ? text.length : 0, token),
        writer,
      ),
    }));
  },
  'decide-review': async (hand) => {
    const review = some(hand, 'review_items', (row) => row['status'] === 'open');
    if (!review) return;
    await write(hand, 'review_items', review.id, () => ({
      status: 'decided',
      decision: hand.world.newValue(),
      decided_by: hand.userId,
    }));
  },
};

async function act(hand: Hand, kind: 'receive' | 'issue'): Promise<void> {
  const items = Array.from({ length: hand.rng.int(1, 3) }, () => some(hand, 'inventory_items'));
  const lines = items.flatMap((item) =>
    item
      ? [
          {
            item: item.id,
            qty: hand.rng.int(1, 5) * 10_000,
            lot: hand.rng.chance(0.6) ? `L${hand.rng.int(1, 4)}` : null,
          },
        ]
      : [],
  );
  if (lines.length === 0) return;
  await insert(hand, 'stock_acts', made.actFields(kind, siteOf(hand), lines, hand.now));
}

/** A site where the device believes that its person may work, mostly. */
function siteOf(hand: Hand): string {
  const own = hand.device.grants.flatMap(({ locationId }) => locationId ?? []);
  return hand.rng.pick(own.length > 0 && hand.rng.chance(0.9) ? own : made.SITES);
}

/** Some row of a table that is on the disk. */
function some(hand: Hand, table: TableName, fits: (row: Row) => boolean = () => true): Row | null {
  const rows = [...hand.device.rows(table).values()]
    .map(({ row }) => row)
    .filter(fits)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (rows.length === 0) return null;
  // Mostly the same few, so that people meet.
  return hand.rng.pick(hand.rng.chance(0.7) ? rows.slice(0, 2) : rows);
}

async function insert(hand: Hand, table: TableName, fields: Fields): Promise<void> {
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
async function editText1(hand: Hand, table: TableName, fields: readonly string[]): Promise<void> {
  await edit(hand, table, hand.rng.pick(fields), hand.world.newValue());
}

async function edit(hand: Hand, table: TableName, field: string, value: unknown): Promise<void> {
  const row = some(hand, table);
  if (row) await write(hand, table, row.id, () => ({ [field]: value }));
}

/** A step that the machine of the table knows from where the row is. */
async function step(hand: Hand, table: TableName): Promise<void> {
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
async function write(hand: Hand, table: TableName, id: string, change: Change): Promise<void> {
  const { world, device } = hand;
  const outcome = await world.run(device.write(table, id, change));
  if (outcome.kind === 'unknown' || outcome.kind === 'cut-short') {
    world.tally.did('write cut short');
    if (outcome.kind === 'unknown') return;
    const parts = partsOf(table, outcome.before, outcome.row, device.options.deviceId);
    world.ledger.noteUntold(device, table, outcome.row, world.tally.step, parts);
    return;
  }
  if (outcome.kind === 'refused') {
    world.tally.did(`refused at once: ${outcome.code}`);
    return;
  }
  world.tally.did(`${outcome.before ? 'edit' : 'insert'}: ${table}`);
  world.trace('write', device.options.line, table, id);
  const parts = partsOf(table, outcome.before, outcome.row, device.options.deviceId);
  world.ledger.note(device, table, outcome.row, world.tally.step, parts);
  const found = device.row(table, id);
  const same = found !== null && parts.every((part) => isThere(part, found));
  world.tally.check(5, same ? null : `${table} ${id} is not read as it was written`);
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
