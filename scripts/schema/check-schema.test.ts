import { describe, expect, it } from 'vitest';
import { cells } from '#shared/access/cell.ts';
import type { TableDefinition } from '#shared/schema/define.ts';
import { machine } from '#shared/schema/machines/steps.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { report } from './check-schema.ts';
import { CURRENT, definitionFindings } from './definition-checks.ts';
import type { Definitions } from './definition-checks.ts';
import { NAMED_APPEND_ONLY, NAMED_BY_ROLE, PARENTS, ruleOf } from './parents.ts';
import { testGroups } from './table-lines.ts';

/** What is found when a definition is planted with a gap, and not found otherwise. */
function found(planted: Partial<Definitions>): string[] {
  const before = new Set(report(definitionFindings()).lines);
  const now = report(definitionFindings({ ...CURRENT, ...planted })).lines;
  return now.filter((line) => line.startsWith('FAILED') && !before.has(line));
}

/** The definitions with one table that differs. */
const withTable = (name: TableName, change: Partial<TableDefinition>): Partial<Definitions> => ({
  tables: CURRENT.tables.map((table) => (table.name === name ? { ...table, ...change } : table)),
});
const withField = (name: TableName, field: string, change: object): Partial<Definitions> => {
  const { fields } = tableOf(name);
  const before = fields[field];
  if (!before) throw new Error(`${name} has no ${field}`);
  return withTable(name, { fields: { ...fields, [field]: { ...before, ...change } } });
};

it('the definitions as they are have no gap', () => {
  const { verdict } = report(definitionFindings());
  expect(verdict.failed).toBe(0);
  expect(verdict.ok).toBeGreaterThan(TABLE_NAMES.length * 3);
});

describe('a gap is found', () => {
  it('when nobody has any right to a table, or nobody reads it', () => {
    expect(found({ cells: { ...CURRENT.cells, rocks: {} } })).toEqual([
      'FAILED rocks: rights: no role has any right',
    ]);
    expect(found({ cells: { ...CURRENT.cells, rocks: undefined } })).toHaveLength(1);
    expect(found({ cells: { ...CURRENT.cells, rocks: cells({ FD: 'Cl', IT: 'M*' }) } })).toEqual([
      'FAILED rocks: rights: nobody reads it',
    ]);
  });

  it('when a secret reaches devices', () => {
    expect(found(withField('devices', 'public_key', { onDevice: true }))).toEqual([
      'FAILED devices: secrets: public_key is a secret and reaches devices',
    ]);
  });

  it('when a table says no time after which its rows go', () => {
    expect(found(withTable('rocks', { retentionYears: null }))).toEqual([
      'FAILED rocks: retention: says no time after which its rows go',
    ]);
    expect(found(withTable('rocks', { retentionYears: 0 }))).toHaveLength(1);
    // Kept for ever, and it is said why.
    expect(found(withTable('locations', { retentionYears: null }))).toEqual([]);
  });

  it('when what is said to keep a row longer is no field that can', () => {
    const withStays = (stays: TableDefinition['stays']) => found(withTable('todos', { stays }));
    expect(withStays({ until: { field: 'state', is: ['gone'] } })).toEqual([
      'FAILED todos: retention: gone is no value',
    ]);
    expect(withStays({ ends: 'title' })).toEqual([
      'FAILED todos: retention: title cannot keep a row',
    ]);
    expect(withStays({ notBefore: 'nothing' })).toHaveLength(1);
    expect(withStays({ with: 'state' })).toHaveLength(1);
    expect(withStays({ until: { field: 'state', is: ['done'] }, ends: 'due_on' })).toEqual([]);
  });

  it('when what is never to be changed is of a kind that is', () => {
    expect(found(withTable('consents', { kind: 'record' }))).toEqual([
      'FAILED consents: rule: is never to be changed, and is a record that is',
    ]);
    expect(found(withTable('form_submissions', { editableIn: null }))).toHaveLength(1);
  });

  it('when a machine is missing, or of another field', () => {
    const { todo: _, ...others } = CURRENT.machines;
    expect(found({ machines: others })).toEqual([
      'FAILED todos: machine: there is no machine todo',
    ]);
    expect(found(withTable('todos', { machine: { field: 'state', name: 'issue' } }))).toContain(
      'FAILED todos: machine: issue is of issues.state',
    );
  });

  it('when a state is unknown, or nothing leads to it', () => {
    const todo = (steps: string): string[] =>
      found({
        machines: {
          ...CURRENT.machines,
          todo: machine({ table: 'todos', field: 'state', initial: 'open' }, steps),
        },
      });
    expect(todo('open > done : update')).toEqual(['FAILED todos: machine: no step knows dropped']);
    expect(todo('open > done, dropped, lost : update')).toEqual([
      'FAILED todos: machine: lost is no value',
    ]);
    expect(todo('open > done : update\ndropped > open : update')).toEqual([
      'FAILED machine todo: nothing leads to dropped',
    ]);
    expect(todo('open > done, dropped : update\nopen > done : approve')).toEqual([
      'FAILED machine todo: open > done is said twice',
    ]);
  });

  it('when content is edited in no state, or a field that is none stays open', () => {
    expect(found(withTable('transfers', { editableIn: ['drafted'] }))).toEqual([
      'FAILED transfers: machine: is edited in drafted, which is no state',
    ]);
    expect(found(withTable('transfers', { openFields: ['remark'] }))).toEqual([
      'FAILED transfers: machine: remark stays open and is no field',
    ]);
  });
});

describe('the rule of a table', () => {
  it('stands in a list, or is that of a parent up to one that does', () => {
    expect(ruleOf('consents')).toBe('named (append-only, roles)');
    expect(ruleOf('rocks')).toBe('named (roles)');
    expect(ruleOf('milestones')).toBe('of rocks');
    expect(ruleOf('handout_summaries')).toBe('of handout_packs of generated_handouts');
  });

  it('is missing where there is neither, or parents lead round', () => {
    expect(ruleOf('milestones', {})).toBeNull();
    expect(ruleOf('milestones', { milestones: 'headlines', headlines: 'milestones' })).toBeNull();
  });

  it('is told for every table, by one of the two', () => {
    for (const table of TABLE_NAMES) {
      const named = NAMED_APPEND_ONLY.includes(table) || NAMED_BY_ROLE.includes(table);
      expect({ table, ways: Number(named) + Number(table in PARENTS) }).toEqual({ table, ways: 1 });
    }
  });
});

describe('the tests of a table', () => {
  it('are those that its definition asks for', () => {
    expect(testGroups(tableOf('locations'))).toEqual(['rights', 'values', 'unique']);
    expect(testGroups(tableOf('consents'))).toEqual(['rights', 'values', 'append-only', 'laws']);
    expect(testGroups(tableOf('transfers'))).toEqual([
      'rights',
      'values',
      'laws',
      'states',
      'editable',
    ]);
    expect(testGroups(tableOf('kiosk_schedule'))).toEqual(['rights', 'values', 'projection']);
  });
});

describe('the report', () => {
  it('counts what is well, wrong and meant, and prints the last two', () => {
    const { lines, verdict } = report([
      { what: 'a', problems: [] },
      { what: 'b', problems: ['is wrong', 'is worse'] },
      { what: 'c', problems: ['is odd'], excuse: 'so it is' },
      { what: 'd', problems: [], excuse: 'idle' },
    ]);
    expect(lines).toEqual([
      'FAILED b: is wrong',
      'FAILED b: is worse',
      'excused c: is odd (so it is)',
      '2 ok, 1 failed, 1 excused',
    ]);
    expect(verdict).toEqual({ ok: 2, failed: 1, excused: 1 });
  });
});
