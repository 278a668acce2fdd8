import { sameContent } from '#shared/kernel/json.ts';
import { UNDO_MS, linesOf } from '#shared/schema/review-lines.ts';
import type { Row } from '#shared/schema/define.ts';
import type { ReviewDecided, ReviewEntry, ReviewGroup, ReviewSide } from '#shared/ipc/views.ts';
import { REVIEW_WAYS, isReviewKind } from '#shared/schema/review-kinds.ts';
import type { ReviewWay } from '#shared/schema/review-kinds.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';

/** One of the values that a field can get, or one of the things that can happen. */
export interface Choice {
  readonly value: unknown;
  readonly label: string | null;
  /** Who entered it; nobody for a value that came later. */
  readonly sides: readonly ReviewSide[];
  /** True for what stands there now. */
  readonly isCurrent: boolean;
  /** Of a trade number given twice: the item that keeps it. */
  readonly item: { readonly id: string; readonly name: string } | null;
}

/** What can become of a row that came after its author's rights had ended. */
export const RELEASE_ENDS = ['release', 'reject'] as const;

/** One question of the review: a field of a record, or something about it as a whole. */
export interface Step {
  readonly key: string;
  readonly group: ReviewGroup;
  readonly way: ReviewWay;
  readonly kind: string;
  readonly field: string | null;
  readonly entries: readonly ReviewEntry[];
  readonly choices: readonly Choice[];
  /** True when two values stay side by side until somebody decides: nothing is chosen beforehand. */
  readonly isOpenQuestion: boolean;
  readonly openedAt: number;
  /** Place among the questions about this record, the ones answered today included. */
  readonly place: number;
  readonly total: number;
}

/** The questions that are open, record by record, in the order of the records. */
export function stepsOf(groups: readonly ReviewGroup[], now: number): Step[] {
  return groups.flatMap((group) => {
    const open = group.entries.filter(({ state }) => state === 'open');
    const fields = Map.groupBy(
      open.filter(({ kind, field }) => kind === 'field_conflict' && field !== null),
      ({ field }) => String(field),
    );
    const others = open.filter(({ kind }) => kind !== 'field_conflict');
    const steps = [
      ...[...fields].map(([field, entries]) => fieldStep(group, field, entries)),
      ...others.flatMap((entry) => otherStep(group, entry)),
    ];
    const answered = new Set(
      group.decisions
        .filter((decided) => !decided.undone && now - decided.at < UNDO_MS)
        .flatMap(({ lines }) => lines.map(({ field }) => field ?? ''))
        .filter((field) => !fields.has(field)),
    ).size;
    return steps.map((step, index) => ({
      ...step,
      place: answered + index + 1,
      total: answered + steps.length,
    }));
  });
}

type Bare = Omit<Step, 'place' | 'total'>;

function fieldStep(group: ReviewGroup, field: string, entries: readonly ReviewEntry[]): Bare {
  const current = group.current[field] ?? { value: null, label: null, seen: null };
  const choices: { -readonly [K in keyof Choice]: Choice[K] }[] = [];
  const add = (value: unknown, label: string | null, side: ReviewSide | null): void => {
    const known = choices.find((choice) => sameContent(choice.value, value));
    if (known) {
      const isNew = side && !known.sides.some(({ by, at }) => by === side.by && at === side.at);
      if (isNew) known.sides = [...known.sides, side];
      return;
    }
    const isCurrent = sameContent(value, current.value);
    choices.push({ value, label, sides: side ? [side] : [], isCurrent, item: null });
  };
  for (const { kept, lost } of entries) {
    for (const side of [kept, lost]) if (side) add(side.value, side.label, side);
  }
  // Somebody wrote a third value since, without having settled it: it can be kept too.
  add(current.value, current.label, null);
  return {
    key: `${group.key}/${field}`,
    group,
    way: 'fields',
    kind: 'field_conflict',
    field,
    entries,
    choices: choices.toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent)),
    isOpenQuestion: entries.some(({ rule }) => rule === 'HR'),
    openedAt: Math.min(...entries.map(({ opened_at: at }) => at)),
  };
}

function otherStep(group: ReviewGroup, entry: ReviewEntry): Bare[] {
  const way = isReviewKind(entry.kind) ? REVIEW_WAYS[entry.kind] : 'elsewhere';
  if (way === 'elsewhere') return [];
  const items = entry.clash?.items ?? [];
  const plain = { label: null, sides: [], isCurrent: false, item: null };
  const ends = way === 'release' ? RELEASE_ENDS.map((value) => ({ ...plain, value })) : null;
  const named = items.map(({ id, name, packs }) => ({
    value: packs,
    label: name,
    sides: [],
    isCurrent: false,
    item: { id, name },
  }));
  return [
    {
      key: `${group.key}/${entry.id}`,
      group,
      // What its items are is not known here (any more): people settle it and say so.
      way,
      kind: entry.kind,
      field: entry.field,
      entries: [entry],
      choices: ends ?? named,
      isOpenQuestion: true,
      openedAt: entry.opened_at,
    },
  ];
}

/** Site of the record as a decision names it. */
function siteOf({ table_name: table, scope }: ReviewGroup): string | null {
  const { location } = isTableName(table) ? tableOf(table).scope : {};
  const site = location === undefined ? null : scope[location];
  return typeof site === 'string' ? site : null;
}

/** The decision that a choice stands for, as a window writes it: one document. */
export function decisionOf(step: Step, choice: Pick<Choice, 'value' | 'item'> | null) {
  const { group, entries, field } = step;
  const base = {
    location_id: siteOf(group),
    table_name: group.table_name,
    row_id: group.row_id,
    reverses_id: null,
    accepted_at: null,
  };
  const [entry] = entries;
  if (step.way === 'handled' || !choice) {
    const done = { field: null, choice: 'done' as const, value: null, before: null, seen: null };
    return { ...base, lines: entries.map(({ about, id }) => ({ about, about_id: id, ...done })) };
  }
  if (entry?.clash) {
    const { gtin, items } = entry.clash;
    const other = items.find(({ id }) => id !== choice.item?.id);
    const value = withoutGtin(other?.packs, gtin);
    const line = { about: entry.about, about_id: entry.id, field, choice: 'other' as const };
    const lines = [{ ...line, value, before: other?.packs ?? null, seen: other?.seen ?? null }];
    return { ...base, row_id: other?.id ?? group.row_id, lines };
  }
  const current = group.current[field ?? ''];
  return {
    ...base,
    lines: entries.map((it) => ({
      about: it.about,
      about_id: it.id,
      field,
      choice: choiceName(it, choice.value),
      value: choice.value,
      before: current?.value ?? null,
      seen: current?.seen ?? null,
    })),
  };
}

function choiceName({ kept, lost }: ReviewEntry, value: unknown): 'kept' | 'lost' | 'other' {
  if (kept && sameContent(kept.value, value)) return 'kept';
  return lost && sameContent(lost.value, value) ? 'lost' : 'other';
}

const withoutGtin = (packs: unknown, gtin: string): unknown =>
  (Array.isArray(packs) ? (packs as Record<string, unknown>[]) : []).map((pack) =>
    pack['gtin'] === gtin ? { ...pack, gtin: null } : pack,
  );

/** A decision of these days, with the record that it is about. */
export interface Decided {
  readonly group: ReviewGroup;
  readonly decision: ReviewDecided;
}

/** What was decided within the time in which it can be undone, newest first. */
export const decidedLately = (groups: readonly ReviewGroup[], now: number): Decided[] =>
  groups
    .flatMap((group) => group.decisions.map((decision) => ({ group, decision })))
    .filter(({ decision }) => undoLeft(decision, now) > 0)
    .toSorted((a, b) => b.decision.at - a.decision.at);

/** How long a decision can still be undone, milliseconds; what waits has all of its time. */
export const undoLeft = ({ accepted_at: at }: ReviewDecided, now: number): number =>
  at === null ? UNDO_MS : Math.min(UNDO_MS, at + UNDO_MS - now);

/** True while nobody has changed what was decided: an undo would be refused. */
export function stillStands({ group, decision }: Decided): boolean {
  const row = decision.row as unknown as Row;
  return linesOf(row).every(
    ({ field }) =>
      field === null || row['row_id'] !== group.row_id || group.current[field]?.seen === row.hlc,
  );
}
