// A small client for trying the list itself; the stranger's takes its place.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { createInterface } from 'node:readline';

let opts,
  state,
  ahead = 0,
  socket = null,
  queue = Promise.resolve();
const ZERO = '000000000000-0000-000000000000';
const hex = (v, w) => v.toString(16).padStart(w, '0');
const pause = (ms) => new Promise((r) => setTimeout(r, ms));
const now = () => Date.now() + ahead;
const save = () => {
  const file = `${opts.folder}/state.json`,
    fd = openSync(`${file}.new`, 'w');
  writeSync(fd, JSON.stringify(state));
  fsyncSync(fd);
  closeSync(fd);
  renameSync(`${file}.new`, file);
};
function newId() {
  const b = randomBytes(16);
  b.writeUIntBE(now(), 0, 6);
  b[6] = (b[6] & 15) | 112;
  b[8] = (b[8] & 63) | 128;
  const h = b.toString('hex');
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([x, y]) => h.slice(x, y))
    .join('-');
}
function follow(stamp) {
  if (stamp.slice(0, 17) > state.clock) state.clock = stamp.slice(0, 17);
}
function next() {
  let ms = parseInt(state.clock.slice(0, 12), 16),
    c = parseInt(state.clock.slice(13, 17), 16);
  if (now() > ms) [ms, c] = [now(), 0];
  else if (c < 0xffff) c += 1;
  else [ms, c] = [ms + 1, 0];
  state.clock = `${hex(ms, 12)}-${hex(c, 4)}`;
  return `${state.clock}-${state.device.slice(-12)}`;
}
function canonical(value) {
  const sorted = (v) =>
    Array.isArray(v)
      ? v.map(sorted)
      : v === null || typeof v !== 'object'
        ? v
        : Object.fromEntries(
            Object.keys(v)
              .sort()
              .filter((k) => v[k] !== null && v[k] !== undefined)
              .map((k) => [k, sorted(v[k])]),
          );
  return JSON.stringify(sorted(value)) ?? 'null';
}
const stampedOf = (t) =>
  Object.entries(state.tables[t].fields)
    .filter(([, f]) => ['LWW', 'HR', 'SM', 'CLM'].includes(f.merge))
    .map(([n]) => n);
function merge(table, mine, theirs) {
  const out = { ...theirs, field_hlc: { ...theirs.field_hlc } };
  for (const f of stampedOf(table)) {
    const a = mine.field_hlc?.[f] ?? ZERO,
      b = theirs.field_hlc?.[f] ?? ZERO;
    if (a === b ? canonical(mine[f]) >= canonical(theirs[f]) : a > b) {
      out[f] = mine[f];
      if (a !== ZERO) out.field_hlc[f] = a;
    }
  }
  return out;
}
const rowsOf = (t) => (state.rows[t] ??= {});
async function token(force) {
  const s = state.session;
  if (s && !force && s.until > Date.now() + 60_000) return s.access;
  const kind = s ? 'refresh_token' : 'password';
  const how = s ? { refresh_token: s.refresh } : { email: opts.email, password: opts.password };
  const r = await fetch(`${opts.auth}/token?grant_type=${kind}`, {
    method: 'POST',
    headers: { apikey: opts.key, 'content-type': 'application/json' },
    body: JSON.stringify(how),
  });
  if (!r.ok) throw Object.assign(new Error('sign in'), { code: 'AUTH_SESSION_ENDED' });
  const b = await r.json();
  state.session = {
    access: b.access_token,
    refresh: b.refresh_token,
    until: Date.now() + b.expires_in * 1000,
  };
  state.user = b.user.id;
  save();
  return b.access_token;
}
async function call(path, body, tries = 4) {
  let wait = 300;
  for (let n = 1; ; n++) {
    try {
      const headers = {
        authorization: `Bearer ${await token()}`,
        'x-ganger-protocol': '2',
        'x-ganger-device': state.device,
        'content-type': 'application/json',
      };
      const r = await fetch(opts.server + path, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        redirect: 'manual',
        signal: AbortSignal.timeout(30_000),
      });
      const b = await r.json();
      if (r.ok) return b;
      if (r.status === 503)
        wait = Number(r.headers.get('retry-after') ?? 1) * 1000 * (1 + Math.random());
      throw Object.assign(new Error(b.error.code), { code: b.error.code, final: r.status !== 503 });
    } catch (e) {
      if (e.final || n >= tries) throw e;
      await pause(wait);
      wait = Math.min(wait * 2, 1000);
    }
  }
}
async function pushAll() {
  const all = opts.tables.flatMap((t) =>
    Object.values(rowsOf(t))
      .filter((e) => e.dirty && !e.refused)
      .map((e) => [t, e]),
  );
  let took = false;
  for (let i = 0; i < all.length;) {
    let bytes = 100;
    const batch = [];
    for (; i < all.length && batch.length < 200; i++) {
      const size = Buffer.byteLength(JSON.stringify(all[i][1].row)) + 600;
      if (batch.length && bytes + size > 2_000_000) break;
      bytes += size;
      batch.push([...all[i], canonical(all[i][1].row)]);
    }
    const { results } = await call('/v1/push', {
      rows: batch.map(([table, e]) => ({ table, base: e.base, row: e.row })),
    });
    results.forEach((r, n) => {
      const [table, e, before] = batch[n],
        edited = canonical(e.row) !== before;
      if (r.outcome === 'refused') {
        if (!edited) e.refused = { code: r.code, fields: r.fields };
      } else if (r.outcome !== 'retry') {
        took = true;
        const master = r.row ?? JSON.parse(before);
        if (r.row && r.row.field_hlc) e.row = edited ? merge(table, e.row, r.row) : r.row;
        else if (r.row) e.row = r.row;
        e.dirty = edited;
        e.base = edited ? (master.field_hlc ?? null) : null;
        e.server = true;
      }
    });
    save();
  }
  return took;
}
async function pullAll(tables) {
  for (let asking = tables; asking.length;) {
    const ask = (epoch) =>
      call('/v1/pull', {
        epoch,
        tables: asking.map((table) => ({
          table,
          cursors: state.cursors[table] ?? {},
          limit: 1000,
        })),
      });
    let answer;
    try {
      answer = await ask(state.epoch);
    } catch (e) {
      if (e.code !== 'SYNC_EPOCH_CHANGED') throw e;
      state.cursors = {};
      state.epoch = null;
      state.relist = Object.fromEntries(opts.tables.map((t) => [t, {}]));
      save();
      asking = opts.tables;
      continue;
    }
    state.epoch = answer.epoch;
    const more = [];
    for (const p of answer.tables) {
      const rows = rowsOf(p.table);
      if (p.ended.length) {
        for (const [id, e] of Object.entries(rows)) if (!e.dirty) delete rows[id];
        state.cursors[p.table] = {};
        more.push(p.table);
        continue;
      }
      for (const row of p.rows) {
        const e = rows[row.id];
        if (row._deleted || row._left) {
          if (!e?.dirty) delete rows[row.id];
        } else if (!e?.dirty) rows[row.id] = { row, server: true };
        else if (row.field_hlc) e.row = merge(p.table, e.row, row);
        if (state.relist?.[p.table]) state.relist[p.table][row.id] = 1;
      }
      state.cursors[p.table] = { ...state.cursors[p.table], ...p.cursors };
      if (p.more) more.push(p.table);
      else if (state.relist?.[p.table]) {
        for (const [id, e] of Object.entries(rows))
          if (e.server && !e.dirty && !state.relist[p.table][id]) {
            if (state.tables[p.table].pushed) Object.assign(e, { dirty: true, base: null });
            else delete rows[id];
          }
        delete state.relist[p.table];
      }
    }
    save();
    asking = more;
  }
}
async function sync() {
  let reached = true,
    problem = null;
  const session = async () => {
    if (!state.enrolled) {
      await call('/v1/session', {
        device: { id: state.device, name: 'Stranger', kind: 'desktop' },
      });
      state.enrolled = true;
    }
  };
  for (const step of [session, pushAll, () => pullAll(opts.tables), pushAll]) {
    try {
      await step();
    } catch (e) {
      if (e.code && e.final) problem = e.code;
      else reached = false;
    }
  }
  const all = opts.tables.flatMap((t) => Object.values(rowsOf(t)));
  return {
    reached,
    waiting: all.filter((e) => e.dirty && !e.refused).length,
    refused: all.filter((e) => e.refused).length,
    problem,
  };
}
function write(table, id, fields) {
  const fact = state.tables[table].kind === 'fact',
    e = rowsOf(table)[id];
  for (const s of Object.values(e?.row.field_hlc ?? {})) follow(s);
  const stamp = next();
  const base = e?.row ?? { id, created_at: now(), created_by: state.user, device_id: state.device };
  const row = { ...base, ...fields };
  if (fact) Object.assign(row, { hlc: stamp, origin_seq: (state.seq = (state.seq ?? 0) + 1) });
  else
    row.field_hlc = {
      ...base.field_hlc,
      ...Object.fromEntries(
        stampedOf(table)
          .filter((f) => (e ? canonical(e.row[f]) !== canonical(row[f]) : true))
          .map((f) => [f, stamp]),
      ),
    };
  rowsOf(table)[id] = {
    ...e,
    row,
    dirty: true,
    base: e?.dirty ? e.base : (e?.row.field_hlc ?? null),
    refused: undefined,
  };
  save();
}
const COMMANDS = {
  async start(o) {
    opts = o;
    const file = `${o.folder}/state.json`;
    state = existsSync(file)
      ? JSON.parse(readFileSync(file, 'utf8'))
      : { device: newIdOnce(), clock: ZERO.slice(0, 17), rows: {}, cursors: {}, epoch: null };
    if (!state.tables)
      state.tables = Object.fromEntries(
        (await (await fetch(`${o.server}/docs/json`)).json())['x-tables'].map((t) => [t.table, t]),
      );
    if (!state.session) await token();
    save();
    return null;
  },
  sync,
  insert({ table, fields: { id = newId(), ...fields } }) {
    write(table, id, fields);
    return id;
  },
  edit({ table, row, fields }) {
    write(table, row, fields);
    return null;
  },
  read: ({ table }) => Object.values(rowsOf(table)).map((e) => e.row),
  refused: () =>
    opts.tables.flatMap((table) =>
      Object.values(rowsOf(table))
        .filter((e) => e.refused)
        .map((e) => ({ table, id: e.row.id, ...e.refused })),
    ),
  async listen() {
    // Node's own WebSocket takes headers beside the protocols.
    socket = new WebSocket(`${opts.server.replace(/^http/, 'ws')}/v1/live`, {
      headers: {
        authorization: `Bearer ${await token()}`,
        'x-ganger-protocol': '2',
        'x-ganger-device': state.device,
      },
    });
    await new Promise((resolve, reject) => {
      socket.onerror = reject;
      socket.onmessage = ({ data }) => {
        const m = JSON.parse(data);
        if (m.type === 'hello') resolve();
        if (m.type === 'changed') {
          const t = opts.tables.filter((x) => m.tables.includes(x));
          if (t.length) queue = queue.then(() => pullAll(t)).catch(() => {});
        }
      };
    });
    return null;
  },
  setClock(o) {
    ahead = o.ahead;
    return null;
  },
  stop: () => null,
};
const newIdOnce = () => newId();
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, do: what, ...rest } = JSON.parse(line);
  const run = async () => {
    let answer;
    try {
      answer = { id, ok: true, value: await COMMANDS[what](rest) };
    } catch (e) {
      answer = { id, ok: false, error: String(e.stack) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`, () => {
      if (what === 'stop') process.exit(0);
    });
  };
  queue = queue.then(run, run);
});
