import { newId } from '#shared/kernel/ids.ts';
import {
  DEVICE_HEADER,
  ErrorReply,
  LIMITS,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
  PushReply,
} from '#shared/protocol/messages.ts';
import type { FaultKind } from '../fault-kind.ts';
import { ALWAYS_CHECKED, checkAll } from './checks.ts';
import { keepWorking } from './kills.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';

/** Documents that no honest window writes, over the wire and through a window of a real device. */
export const poison: FaultKind = {
  name: 'poison',
  mustCheck: [...ALWAYS_CHECKED, 'refused by the server', 'refused on the device', 'log lines'],
  async start(context) {
    return { cases: [caseIn(context, 'all', run, { logLevel: 'debug' })] };
  },
};

/** Stands in every poisoned text: it must be found in no log. */
const MARK = 'POISONMARK';

type Fields = Readonly<Record<string, unknown>>;
/** The value of a field as JSON text, so that what no value can hold travels too. */
type Poison = readonly [name: string, field: string, json: string];

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

const POISONS: readonly Poison[] = [
  ['a value of 5 MB', 'name', JSON.stringify(MARK + 'x'.repeat(5_000_000))],
  ['a value of 1 MB', 'name', JSON.stringify(MARK + 'x'.repeat(1_000_000))],
  ['a lone high surrogate', 'name', `"${MARK}\\ud800"`],
  ['a lone low surrogate', 'name', `"${MARK}\\udc00 x"`],
  ['surrogates the wrong way round', 'name', `"${MARK}\\udc00\\ud800"`],
  ['a NUL character', 'name', `"${MARK}\\u0000"`],
  ['a key of the prototype', '__proto__', `{"name":"${MARK}"}`],
  ['a key of the constructor', 'constructor', `{"prototype":{"name":"${MARK}"}}`],
  ['10,000 levels of arrays', 'packs', deep(10_000)],
  ['10,000 levels of objects', 'packs', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ['a number beyond all', 'open_days', '1e999'],
  ['a number with 400 digits', 'open_days', '9'.repeat(400)],
  ['a number below zero', 'expiry_alert_days', '-0.5'],
  ['an object for a text', 'name', `{"${MARK}":1}`],
  ['an array for a text', 'name', `["${MARK}"]`],
  ['a text for a list', 'packs', `"${MARK}"`],
  ['nothing for a text', 'name', 'null'],
  ['a field that there is not', MARK, '1'],
  ['an id that is none', 'id', `"${MARK}"`],
  ['a stamp that is none', 'field_hlc', `{"name":"${MARK}"}`],
];

async function run(inClinic: InClinic): Promise<void> {
  const { found, clinic, pool, rng, device } = inClinic;
  const worker = await device('worker');
  const poisoned = await device('poisoned');
  keepWorking(worker, pool, rng.uint32(), 50);
  await poisonServer(inClinic);
  await poisonDevice(inClinic, poisoned);
  // Neither has stopped anybody.
  await poisoned.call('write', {
    table: 'item_locations',
    id: pool.places[0] ?? '',
    values: { bin: 'after the poison' },
  });
  await worker.call('rest', null);
  await checkAll(found, clinic, [worker, poisoned]);
  for (const { name, lines } of [
    { name: 'the server', lines: clinic.server.lines },
    { name: worker.name, lines: await worker.call('log', null) },
    { name: poisoned.name, lines: await poisoned.call('log', null) },
  ]) {
    found.checked('log lines', lines.length);
    if (lines.some((line) => line.includes(MARK))) found.problem(`${name} logged a value`);
  }
  const { rows } = await clinic.admin.query<{ n: number }>(
    `select count(*)::int as n from public.inventory_items i where i::text like $1`,
    [`%${MARK}%`],
  );
  if (rows[0]?.n !== 0) found.silent(`${rows[0]?.n} poisoned rows were taken`);
}

const goodItem = (): Fields => ({
  id: newId(),
  created_at: Date.now(),
  device_id: null,
  field_hlc: {},
  name: 'Good item',
  description: null,
  category: null,
  manufacturer: null,
  kind: 'supply',
  sku: newId().slice(-12),
  base_unit: 'each',
  packs: [],
  lot_policy: 'optional',
  expiry_policy: 'none',
  controlled_schedule: 'none',
  hazardous: false,
  status: 'draft',
  merged_into_id: null,
});

/** A row as text, with one field as it was never made. */
function rowText(good: Fields, field: string, json: string): string {
  const rest = Object.entries(good).filter(([name]) => name !== field);
  const fields = rest.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${[...fields, `${JSON.stringify(field)}:${json}`].join(',')}}`;
}

async function poisonServer(inClinic: InClinic): Promise<void> {
  const { found, clinic } = inClinic;
  const person = await clinic.person(['MG', null]);
  const token = await clinic.token(person);
  const deviceId = newId();
  const post = (path: string, body: string): Promise<Response> =>
    fetch(`${clinic.server.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        [PROTOCOL_HEADER]: String(PROTOCOL_VERSION),
        [DEVICE_HEADER]: deviceId,
      },
      body,
    });
  const device = { id: deviceId, name: 'Poisoner', kind: 'desktop' };
  await post('/v1/session', JSON.stringify({ device }));
  const mine = (): Fields => ({ ...goodItem(), created_by: person.id, device_id: deviceId });

  for (const [name, field, json] of POISONS) {
    const good = mine();
    const rows = [rowText(mine(), field, json), JSON.stringify(good)].map(
      (row) => `{"table":"inventory_items","base":null,"row":${row}}`,
    );
    const answer = await post('/v1/push', `{"rows":[${rows.join(',')}]}`).catch(() => null);
    found.checked('refused by the server');
    if (answer === null) {
      // Too large to be read: the connection is closed on it.
      continue;
    }
    const body: unknown = await answer.json();
    if (answer.status !== 200) {
      const refusal = ErrorReply.safeParse(body);
      if (!refusal.success || answer.status >= 500) {
        found.problem(`${name}: ${answer.status} ${JSON.stringify(body).slice(0, 200)}`);
      }
      continue;
    }
    const [bad, other] = PushReply.parse(body).results;
    if (bad?.outcome !== 'refused') found.silent(`${name}: ${bad?.outcome}`);
    if (other?.outcome !== 'ok') found.problem(`${name}: the row beside it: ${other?.outcome}`);
  }

  const many = Array.from({ length: 10_000 }, () => ({
    table: 'inventory_items',
    base: null,
    row: { id: newId() },
  }));
  for (const [name, body] of [
    ['10,000 rows in one push', JSON.stringify({ rows: many })],
    [`${LIMITS.pushRows + 1} rows`, JSON.stringify({ rows: many.slice(0, LIMITS.pushRows + 1) })],
    ['no JSON', `{"rows": ${MARK}`],
    ['an array for a request', '[]'],
    ['nothing', ''],
    ['a table that there is not', `{"rows":[{"table":"${MARK}","base":null,"row":{}}]}`],
  ] as const) {
    const answer = await post('/v1/push', body);
    found.checked('refused by the server');
    const refusal = ErrorReply.safeParse(await answer.json());
    if (answer.status < 400 || answer.status >= 500 || !refusal.success) {
      found.problem(`${name}: ${answer.status}`);
    }
  }
}

async function poisonDevice(
  { found }: InClinic,
  device: Awaited<ReturnType<InClinic['device']>>,
): Promise<void> {
  for (const [name, field, json] of POISONS) {
    const code = await device
      .call('writeText', { table: 'inventory_items', json: rowText(goodItem(), field, json) })
      .then(
        () => 'taken',
        (error: Error & { code?: string }) => error.code ?? error.message,
      );
    found.checked('refused on the device');
    // Who made a row and with which stamps the store says itself.
    const isIgnored = field === 'field_hlc';
    if (isIgnored ? code !== 'taken' : !/^(ROW_INVALID|REQUEST_INVALID)$/.test(code)) {
      found.problem(`${name} on a device: ${code}`);
    }
  }
}
