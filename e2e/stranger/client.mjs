// A client of the sync protocol, written from docs/protocol.md alone, with nothing but Node's own modules. All that it
// keeps is one JSON file, written anew at every change. Commands and pulls run one after the other (`inTurn`).
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
let disk = { clock: '', facts: 0, cursors: {}, rows: {} }; // and device, user, epoch, session, tables
let [options, mine, queue, ahead, patience, notBefore, reached, problem] = [{}, [], null, 0, 0, 0, false, null];
const [now, jitter] = [() => Date.now() + ahead, () => 1 + Math.random() / 4];
const fail = (text, more) => { throw Object.assign(new Error(text), more); };
const inTurn = (work) => (queue = Promise.resolve(queue).catch(() => {}).then(() => { patience = 3; return work(); }));
const at = (end) => `${options.folder}/disk.${end}`;
const save = () => [writeFileSync(at('new'), JSON.stringify(disk), { flush: true }), renameSync(at('new'), at('json'))];
const tableOf = (name) => mine.find(({ table }) => table === name) ?? fail('no such table');
const rowsOf = (name) => (disk.rows[name] ??= {}); // id → { name, row, epoch, unsent?, base?, refused?, gone? }
const rowsWhere = (test) => mine.flatMap(({ table }) => Object.values(rowsOf(table)).filter(test));
const waiting = () => rowsWhere(({ unsent, refused }) => unsent && !refused);
const due = () => waiting().filter(({ again = 0 }) => again <= Date.now());
const put = (name, row, more) => { rowsOf(name)[row.id] = { name, row, epoch: disk.epoch, ...more }; };
const remove = (held) => (held.unsent ? (held.gone = true) : delete rowsOf(held.name)[held.row.id]); // or hides it
const uuid = (hex, version) => hex.replace(/^(.{8})(.{4}).(.{3})(.)(.{3})(.{12}).*/, (_, a, b, c, variant, d, e) =>
  `${a}-${b}-${version}${c}-${'89ab'[parseInt(variant, 16) & 3]}${d}-${e}`);
const newId = () => uuid(now().toString(16).padStart(12, '0') + randomBytes(10).toString('hex'), 7);
const sha1 = (text) => createHash('sha1').update('6f1c0b0e7f1d4c449d0a5b1d3a5c2e77', 'hex').update(text).digest('hex');
function nextStamp(seen) { // later than all own and all seen ones; time and counter are one number
  const after = (stamp) => BigInt(`0x0${stamp.slice(0, 12)}${stamp.slice(13, 17)}`) + 1n;
  const latest = [disk.clock, ...seen].map(after).reduce((a, b) => (a > b ? a : b), BigInt(now()) << 16n);
  return (disk.clock = latest.toString(16).padStart(16, '0').replace(/.{4}$/, `-$&-${disk.device.slice(-12)}`)); }
const inOrder = (part) => Object.fromEntries(Object.keys(part).sort().map((key) => [key, part[key] ?? undefined]));
const canonical = (value) =>
  JSON.stringify(value ?? null, (_, part) => (Object(part) === part && !Array.isArray(part) ? inOrder(part) : part));
const stamped = ({ fields }, row) => Object.keys(row).filter((name) => /LWW|HR|SM|CLM/.test(fields[name]?.merge));
function merge(table, ours, master) {
  const out = { ...master, field_hlc: { ...master.field_hlc } };
  for (const field of stamped(table, { ...ours, ...master })) {
    const [a, b] = [ours, master].map((row) => `${row.field_hlc[field] ?? ''} ${canonical(row[field])}`);
    if (a > b) [out[field], out.field_hlc[field]] = [ours[field], ours.field_hlc[field]];
  } return out; }
async function ask(url, sign, headers, body) { // status 0: no answer of the server; a good one has the field `sign`
  const how = { ...(body && { method: 'POST', body: JSON.stringify(body) }), signal: AbortSignal.timeout(30_000) };
  const answer = await fetch(url, { redirect: 'manual', headers, ...how }).catch(() => null);
  const reply = (await answer?.json().catch(() => null)) ?? {};
  const isKnown = answer?.status === 200 ? sign in reply : (reply.error?.code ?? reply.error_code);
  return { status: isKnown ? answer.status : 0, reply, wait: Number(answer?.headers.get('retry-after')) }; }
async function headers() {
  const { until, access_token, refresh_token, email, password, auth, key: apikey } = { ...options, ...disk.session };
  const own = { 'x-ganger-protocol': '2', 'x-ganger-device': disk.device, 'content-type': 'application/json' };
  if (until > now() + 60_000) return { authorization: `Bearer ${access_token}`, ...own };
  const [by, body] = disk.session ? ['refresh_token', { refresh_token }] : ['password', { email, password }];
  const { status, reply } = await ask(`${auth}/token?grant_type=${by}`, 'access_token', { ...own, apikey }, body);
  if (status !== 200 && !(status === 400 && disk.session)) fail('cannot sign in', { status });
  disk.session = status === 200 ? { ...reply, until: now() + reply.expires_in * 1000 } : null;
  return save(), headers(); }
async function request(path, sign, body, tries = 1) {
  await sleep(notBefore - Date.now());
  const { status, reply, wait } = await ask(options.server + path, sign, await headers(), body);
  reached = status > 0 && status !== 429 && status < 500;
  if (status === 401) disk.session.until = 0; // a new token, once
  if (!reached) notBefore = Date.now() + Math.max(wait * 1000 * jitter(), Math.random() * 250 * 2 ** tries);
  const again = status === 401 || status === 500 ? tries === 1 : !reached && wait < 3 && (patience -= 1) >= 0;
  if (status !== 200 && !again) fail(reply.error?.code, { status, code: reply.error?.code, ...reply.error?.details });
  return again ? request(path, sign, body, tries + 1) : reply; }
const note = (error) => { problem = 'status' in error ? (error.code ?? problem) : fail(error) };
async function push(all = due(), failed = []) {
  if (all.length) await send(all, failed);
  if (failed.length > 1 && failed.length === all.length) throw failed[0].error; // it is the server that is at fault
  for (const { held, error } of failed) save(answered(held, { outcome: 'refused', ...error })); }
async function send(batch, failed) { // in halves when it is too large, or when the server cannot take it
  const [rows, half] = [batch.map(({ name, base, row }) => ({ table: name, base, row })), batch.length >> 1];
  const isLarge = half && (rows.length > 200 || Buffer.byteLength(JSON.stringify({ rows })) > 2_097_152);
  const reply = isLarge ? { status: 413 } : await request('/v1/push', 'results', { rows }).catch((error) => error);
  if (reply.results) return save(reply.results.forEach((result, i) => answered(batch[i], result)));
  if (![400, 413, 422, 500].includes(reply.status)) throw reply;
  if (!half) return failed.push({ held: batch[0], error: reply });
  for (const part of [batch.slice(0, half), batch.slice(half)]) await send(part, failed); }
function answered(held, { outcome, row = held.row, code, fields = [] }) {
  const wait = Math.min(60_000, 2 * held.wait || 1000);
  if (outcome === 'refused') return (held.refused = { code, fields });
  if (outcome === 'retry') return Object.assign(held, { wait, again: Date.now() + wait * jitter() });
  for (const other of waiting()) other.again = 0;
  return held.gone ? delete rowsOf(held.name)[row.id] : put(held.name, row); }
async function pull(names = options.tables) {
  const rest = mine.filter(({ table }) => names.includes(table)).sort((a, b) => a.priority - b.priority);
  for (; rest.length; save()) {
    const tables = rest.splice(0, 24).map(({ table }) => ({ table, cursors: disk.cursors[table] ?? {}, limit: 1000 }));
    const reply = await request('/v1/pull', 'tables', { epoch: disk.epoch, tables }).catch((error) => error);
    if (!reply.tables && (reply.code !== 'SYNC_EPOCH_CHANGED' || !disk.epoch)) throw reply;
    Object.assign(disk, reply.tables ? { epoch: reply.epoch } : { epoch: null, cursors: {} });
    if (!reply.tables) return pull(); // all of it anew
    for (const part of reply.tables) if (take(tableOf(part.table), part)) rest.unshift(tableOf(part.table)); } }
function take(table, { table: name, rows, cursors, ended, more }) { // says whether there is more to ask for
  for (const master of rows) {
    const isOf = (held) => master._left && held.row[tableOf(held.name).parts.day] === master.id;
    if (master._deleted || master._left) rowsWhere((held) => held.row.id === master.id || isOf(held)).forEach(remove);
    else store(table, name, rowsOf(name)[master.id], master); }
  disk.cursors[name] = ended.length ? {} : { ...disk.cursors[name], ...cursors };
  for (const held of Object.values(rowsOf(name))) {
    const isLost = !more && !held.unsent && held.epoch !== disk.epoch; // by a server that was restored
    const isOwn = held.row.device_id === disk.device && table.pushed && table.inserted;
    if (ended.length || isLost) remove(held);
    if (isLost && isOwn && !ended.length) put(name, held.row, { unsent: true, base: null }); }
  return more || ended.length > 0; }
function store(table, name, held, master) { // changed here, or from before the server was restored: both are merged
  const isOurs = table.kind === 'record' && held && (held.unsent || held.epoch !== disk.epoch);
  const row = isOurs ? merge(table, held.row, master) : master;
  if (isOurs && held.unsent) put(name, row, { ...held, row, gone: false });
  else put(name, row, canonical(row) !== canonical(master) && { unsent: true, base: master.field_hlc }); }
const pullInTurn = (names) => inTurn(() => pull(names).catch(note));
async function listen(said, wait = 250 + Math.random() * 2750) {
  const how = { headers: await headers().catch(() => ({})) }; // without a token it is turned away, and comes back
  const live = new WebSocket(`${options.server.replace('http', 'ws')}/v1/live`, how);
  live.onclose = () => setTimeout(() => pullInTurn().then(() => listen(said)), wait);
  live.onmessage = ({ data }) => {
    const { type, tables, retryMs = wait } = JSON.parse(data); wait = retryMs;
    if (/^(hello|changed)$/.test(type)) said(void pullInTurn(tables)); }; }
function change(name, id, fields, made) {
  const [table, held] = [tableOf(name), rowsOf(name)[id] ?? (made ? undefined : fail('no such record'))];
  const stamp = nextStamp(Object.values(held?.row.field_hlc ?? {}));
  const changed = stamped(table, fields).filter((name) => canonical(fields[name]) !== canonical(held?.row[name]));
  const field_hlc = { ...held?.row.field_hlc, ...Object.fromEntries(changed.map((name) => [name, stamp])) };
  const system = table.kind === 'record' ? { field_hlc } : { hlc: stamp, origin_seq: (disk.facts += 1) };
  const base = held?.unsent ? held.base : (held?.row.field_hlc ?? null);
  return (put(name, { id, ...made, ...held?.row, ...fields, ...system }, { unsent: true, base }), save(), id); }
const commands = {
  async start(given) {
    mkdirSync((options = given).folder, { recursive: true });
    if (existsSync(at('json'))) disk = JSON.parse(readFileSync(at('json')));
    disk.device ??= newId(); disk.tables ??= (await request('/docs/json', 'x-tables'))['x-tables'];
    const device = { id: disk.device, name: 'A stranger', kind: 'desktop' };
    const { user, epoch } = disk.user ? disk : await request('/v1/session', 'grants', { device });
    mine = disk.tables.filter(({ table }) => options.tables.includes(table));
    save(Object.assign(disk, { user, epoch })); },
  async sync() { [reached, problem] = [false, null];
    for (let round = 0; round === 0 || (round < 3 && due().length); round += 1)
      for (const work of [push, pull]) await work().catch(note);
    return { reached, waiting: waiting().length, refused: commands.refused().length, problem }; },
  insert({ table, fields }) {
    const derived = tableOf(table).identity?.map((field) => fields[field]);
    const id = fields.id ?? (derived ? uuid(sha1([table, ...derived].join('\u001f')), 5) : newId());
    return change(table, id, fields, { created_at: now(), created_by: disk.user.id, device_id: disk.device }); },
  edit: ({ table, row, fields }) => void change(table, row, fields),
  read: ({ table }) => Object.values(rowsOf(tableOf(table).table)).filter(({ gone }) => !gone).map(({ row }) => row),
  refused: () => rowsWhere((it) => it.refused).map((it) => ({ table: it.name, id: it.row.id, ...it.refused })),
  listen: () => new Promise((said) => void (setInterval(pullInTurn, 60_000), listen(said))),
  setClock: (given) => void (ahead = given.ahead), stop: () => void setImmediate(() => process.exit(0)) };
createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, ...command } = JSON.parse(line);
  const run = async () => ({ id, ok: true, value: (await commands[command.do](command)) ?? null });
  const answer = command.do === 'listen' ? run() : inTurn(run);
  console.log(JSON.stringify(await answer.catch(({ message: error }) => ({ id, ok: false, error })))); });
