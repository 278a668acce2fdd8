import { MATRIX } from '#shared/access/matrix.ts';
import type { Cells } from '#shared/access/cell.ts';
import type { TableDefinition } from '#shared/schema/define.ts';
import { MACHINES, statesOf } from '#shared/schema/machines.ts';
import type { Machine } from '#shared/schema/machines/steps.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { NAMED_APPEND_ONLY, NAMED_BY_ROLE, PARENTS, ruleOf } from './parents.ts';

/** What can be said of the definitions alone, without a database. */

/** One thing that was looked at. `problems` is empty where all is well. */
export interface Finding {
  readonly what: string;
  readonly problems: readonly string[];
  /** Why what was found is meant; then it does not count as a failure. */
  readonly excuse?: string;
}

/** Tables that are kept for ever, and why. */
const KEPT_FOR_EVER: Readonly<Partial<Record<TableName, string>>> = {
  locations: 'everything refers to its site',
  medications: 'a catalogue that old prescriptions refer to',
  sds_documents: 'exposure records are kept as long as anybody may ask',
  vto_versions: 'the history of what a team set out to do',
  open_payments_thresholds: 'the law of each year explains the reports of that year',
  regime_rules: 'the law of each day explains the clocks of that day',
  item_merges: 'what was booked of a merged item is found by it, as long as anything is',
  item_distinctions: 'without it the same two items would be asked about again',
  role_permissions: 'what a role could do explains what its people did',
  location_configs: 'a setting holds until the next one, and explains the past afterwards',
  audit_logs: 'a chain without its first entries cannot be reckoned again',
};

/** The definitions as they are, or as a test has them. */
export interface Definitions {
  readonly tables: readonly TableDefinition[];
  readonly cells: Readonly<Record<string, Cells | undefined>>;
  readonly machines: Readonly<Record<string, Machine>>;
}

export const CURRENT: Definitions = {
  tables: TABLE_NAMES.map(tableOf),
  cells: MATRIX,
  machines: MACHINES,
};

/** All findings about some definitions. */
export const definitionFindings = (definitions: Definitions = CURRENT): Finding[] => [
  ...definitions.tables.flatMap((table) => [
    cellsOf(table, definitions.cells[table.name]),
    secretsOf(table),
    retentionOf(table),
    ruleFound(table),
  ]),
  ...definitions.tables.flatMap((table) => machineOf(table, definitions.machines)),
  ...Object.entries(definitions.machines).map(([name, machine]) => reachable(name, machine)),
  strayRules(definitions),
];

function cellsOf({ name }: TableDefinition, cells: Cells | undefined): Finding {
  const all = Object.values(cells ?? {});
  const problems: string[] = [];
  if (all.length === 0) problems.push('no role has any right');
  else if (!all.some((cell) => cell.read)) problems.push('nobody reads it');
  return { what: `${name}: rights`, problems };
}

/** Secrets stay on the server. */
function secretsOf({ name, fields }: TableDefinition): Finding {
  const problems = Object.entries(fields)
    .filter(([, { phi, onDevice }]) => phi === 'P3' && onDevice)
    .map(([field]) => `${field} is a secret and reaches devices`);
  return { what: `${name}: secrets`, problems };
}

function retentionOf(table: TableDefinition): Finding {
  const { name, retentionYears } = table;
  const what = `${name}: retention`;
  if (retentionYears !== null) {
    const none = retentionYears > 0 ? [] : ['is kept for no time'];
    return { what, problems: [...none, ...strayStays(table)] };
  }
  const excuse = KEPT_FOR_EVER[name as TableName];
  const problems = ['says no time after which its rows go'];
  return excuse === undefined ? { what, problems } : { what, problems, excuse };
}

/** What is said to keep rows longer are fields of the table, of a kind that can. */
function strayStays({ stays, fields }: TableDefinition): string[] {
  if (stays === null) return [];
  const kindOf = (field: string | undefined): string =>
    field === undefined ? '' : (fields[field]?.kind ?? 'no field');
  const wrong = (field: string | undefined, ...kinds: string[]): string[] =>
    field === undefined || kinds.includes(kindOf(field)) ? [] : [`${field} cannot keep a row`];
  const until = stays.until;
  const values = fields[until?.field ?? '']?.values ?? ['true', 'false'];
  return [
    ...wrong(until?.field, 'enum', 'bool'),
    ...(until?.is ?? []).filter((v) => !values.includes(v)).map((v) => `${v} is no value`),
    ...wrong(stays.ends, 'instant', 'date'),
    ...wrong(stays.notBefore, 'date'),
    ...wrong(stays.with, 'uuid'),
  ];
}

/** Its rule stands somewhere, and what is never changed is so by its kind. */
function ruleFound({ name, kind, editableIn }: TableDefinition): Finding {
  const table = name as TableName;
  const problems: string[] = [];
  if (ruleOf(table) === null) problems.push('is named in no list and has no parent that is');
  const closes = kind === 'fact' || kind === 'log' || editableIn !== null;
  if (NAMED_APPEND_ONLY.includes(table) && !closes) {
    problems.push(`is never to be changed, and is a ${kind} that is`);
  }
  return { what: `${name}: rule`, problems };
}

function machineOf(
  { name, machine, fields, editableIn, openFields }: TableDefinition,
  machines: Definitions['machines'],
): Finding[] {
  if (machine === null) return [];
  const of = machines[machine.name];
  const what = `${name}: machine`;
  if (!of) return [{ what, problems: [`there is no machine ${machine.name}`] }];
  const problems: string[] = [];
  if (of.table !== name || of.field !== machine.field) {
    problems.push(`${machine.name} is of ${of.table}.${of.field}`);
  }
  const values = fields[machine.field]?.values ?? [];
  const states = statesOf(of);
  for (const value of values) if (!states.includes(value)) problems.push(`no step knows ${value}`);
  for (const state of states) if (!values.includes(state)) problems.push(`${state} is no value`);
  for (const state of editableIn ?? []) {
    if (!states.includes(state)) problems.push(`is edited in ${state}, which is no state`);
  }
  for (const field of openFields) {
    if (!(field in fields)) problems.push(`${field} stays open and is no field`);
  }
  if (of.author !== null && of.author !== 'created_by' && !(of.author in fields)) {
    problems.push(`its author ${of.author} is no field`);
  }
  return [{ what, problems }];
}

/** Every state can be come to from the first one, or is one in which rows begin. */
function reachable(name: string, machine: Machine): Finding {
  const seen = new Set([machine.initial]);
  for (let before = 0; before < seen.size;) {
    before = seen.size;
    for (const { from, to } of machine.transitions) if (seen.has(from)) seen.add(to);
  }
  const problems = statesOf(machine)
    .filter((state) => !seen.has(state) && !BEGUN_ELSEWHERE.has(`${name} ${state}`))
    .map((state) => `nothing leads to ${state}`);
  const pairs = machine.transitions.map(({ from, to }) => `${from} > ${to}`);
  for (const [at, pair] of pairs.entries()) {
    if (pairs.indexOf(pair) !== at) problems.push(`${pair} is said twice`);
  }
  return { what: `machine ${name}`, problems };
}

/** States that rows have when they come from another system. */
const BEGUN_ELSEWHERE = new Set(['appointment proposed']);

/** Lists and parents name no table that is not there, and none that is in both. */
function strayRules({ tables }: Definitions): Finding {
  const names = new Set(tables.map(({ name }) => name));
  const listed = [...NAMED_APPEND_ONLY, ...NAMED_BY_ROLE];
  const said = [...listed, ...Object.keys(PARENTS), ...Object.values(PARENTS)];
  const problems = [
    ...said.filter((name) => !names.has(name)).map((name) => `${name} is no table`),
    ...listed
      .filter((name) => name in PARENTS)
      .map((name) => `${name} is named and has a parent, too`),
  ];
  return { what: 'parents', problems };
}
