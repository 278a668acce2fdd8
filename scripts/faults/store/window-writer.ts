// A window: RxDB over a port to the store process, as the renderer opens it. It writes without pause,
// tells what it was told to be saved, and shows a live query.
import { toAppError } from '#shared/errors/app-error.ts';
import { newId } from '#shared/kernel/ids.ts';
import { WindowDatabase } from '#desktop/collections/database.ts';
import { LiveQueries } from '#desktop/collections/live-queries.ts';
import { Tables } from '#desktop/collections/tables.ts';
import type { NewRow } from '#desktop/collections/tables.ts';
import { SITE } from './window-messages.ts';
import type { FromWindow, Saved, ToWindow } from './window-messages.ts';

const database = new WindowDatabase();
const tables = new Tables(database);
const tell = (message: FromWindow): void => void process.send?.(message);

let receive: ((frame: unknown) => void) | null = null;
let current = 0;
let isStopping = false;

function attach(generation: number): void {
  current = generation;
  const port = {
    onmessage: null as ((event: { data: unknown }) => void) | null,
    postMessage: (frame: unknown) => tell({ kind: 'frame', generation, frame }),
    close: () => undefined,
  };
  receive = (frame) => port.onmessage?.({ data: frame });
  database.attach(port as never);
}

process.on('message', (raw) => {
  const message = raw as ToWindow;
  if (message.kind === 'port') attach(message.generation);
  // What a dead store had still sent comes after its port was given up.
  else if (message.kind === 'frame') {
    if (message.generation === current) receive?.(message.frame);
  } else isStopping = true;
});
process.on('disconnect', () => process.exit(0));

const live = new LiveQueries(database).rows('item_locations', {
  selector: { location_id: SITE },
});
live.subscribe(() => {
  const { data, stale } = live.current();
  const rows = data && !stale ? data : null;
  tell({
    kind: 'shown',
    rows: rows && Object.fromEntries(rows.map((row) => [row.id, row.par ?? 0])),
  });
});

async function tried(work: () => Promise<Saved>): Promise<Saved | null> {
  try {
    const saved = await work();
    tell({ kind: 'saved', saved });
    return saved;
  } catch (error) {
    tell({ kind: 'refused', code: toAppError(error).code });
    return null;
  }
}

const newPlace = (id: string, par: number): NewRow<'item_locations'> => ({
  id,
  item_id: newId(),
  location_id: SITE,
  par,
  min: null,
  max: null,
  reorder_qty: null,
  bin: 'A-1',
  is_stocked: true,
});

const newAct = (id: string, lines: number): NewRow<'stock_acts'> => ({
  id,
  kind: 'receive',
  location_id: SITE,
  occurred_at: Date.now(),
  local_date: '2026-01-05',
  reason_code: null,
  note: null,
  witnessed_by: null,
  lines: Array.from({ length: lines }, (_, at) => ({
    item_id: newId(),
    qty_base: 10_000,
    lot_no: `LOT${at}`,
    expiry_date: null,
    serial: '',
    entered_unit: 'each',
    entered_qty: '1',
    unit_cost_cents: null,
  })),
});

const mine: string[] = [];
for (let turn = 1; !isStopping; turn += 1) {
  const id = newId();
  const kind = turn % 4;
  if (kind === 0) {
    const lines = 1 + (turn % 7);
    await tried(async () => {
      await tables.insert('stock_acts', newAct(id, lines));
      return { what: 'act', id, lines };
    });
  } else if (kind === 1 || mine.length === 0) {
    const saved = await tried(async () => {
      await tables.insert('item_locations', newPlace(id, turn));
      return { what: 'place', id, par: turn };
    });
    if (saved) mine.push(saved.id);
  } else {
    const place = mine[turn % mine.length] ?? '';
    await tried(async () => {
      await tables.patch('item_locations', place, { par: turn });
      return { what: 'place', id: place, par: turn };
    });
  }
}
tell({ kind: 'stopped' });
