import { editText, emptyText } from '#shared/merge/shared-text.ts';
import { isIn, membersOf } from '#shared/schema/or-set.ts';
import type { OrSet } from '#shared/schema/or-set.ts';
import { rowIdOf } from '#shared/schema/rows.ts';
import { Rng } from '../../demo-data/rng.ts';
import * as made from '../world/clinic.ts';
import type { SimDevice } from '../world/sim-device.ts';
import type { World } from '../world/world.ts';
import { decideConflict, undoDecision } from './decisions.ts';
import { edit, editText1, insert, siteOf, some, step, write } from './hand.ts';
import type { Hand } from './hand.ts';
import type { Work } from './steps.ts';

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
  'book-visit': async (hand) => {
    const site = siteOf(hand);
    const activity = hand.rng.pick(made.ACTIVITIES.filter((one) => one.site === site));
    if (!hand.device.row('scheduling_activities', activity.id)) return;
    await insert(hand, 'pharma_appointments', made.visitFields(activity, hand.rng.int(0, 2)));
  },
  'edit-visit': (hand) => editText1(hand, 'pharma_appointments', ['topic']),
  'move-visit': (hand) => moveVisit(hand, ['held', 'confirmed'], {}),
  'rebook-visit': (hand) => moveVisit(hand, ['conflict'], { status: 'requested' }),
  'step-visit': (hand) => step(hand, 'pharma_appointments'),
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
    const review = some(
      hand,
      'review_items',
      ({ status, kind }) => status === 'open' && kind !== 'field_conflict',
    );
    if (!review) return;
    await write(hand, 'review_items', review.id, () => ({
      status: 'decided',
      decision:
        review['kind'] === 'quarantined'
          ? hand.rng.pick(['release', 'release', 'reject'])
          : hand.world.newValue(),
      decided_by: hand.userId,
    }));
  },
  'decide-conflict': decideConflict,
  'undo-decision': undoDecision,
};

/** A visit that is in one of these states is put on another day, or on the same. */
async function moveVisit(
  hand: Hand,
  states: readonly string[],
  also: Readonly<Record<string, unknown>>,
): Promise<void> {
  const visit = some(hand, 'pharma_appointments', ({ status }) => states.includes(String(status)));
  const activity = made.ACTIVITIES.find(({ id }) => id === visit?.['activity_id']);
  if (!visit || !activity) return;
  const slot = made.slotOf(activity, hand.rng.int(0, 2));
  await write(hand, 'pharma_appointments', visit.id, () => ({ ...slot, ...also }));
}

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
