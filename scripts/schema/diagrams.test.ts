import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { MACHINES, statesOf } from '#shared/schema/machines.ts';
import { machine } from '#shared/schema/machines/steps.ts';
import { DIAGRAMS_FILE, stateMachines } from './diagrams.ts';

it('the page in the tree is that of the machines', async () => {
  const committed = await readFile(DIAGRAMS_FILE, 'utf8');
  expect(committed, 'run: node scripts/schema/diagrams.ts').toBe(await stateMachines());
});

it('every machine has a diagram and a table with each of its steps', async () => {
  const page = await stateMachines();
  const sections = page.split('\n## ').slice(1);
  expect(sections).toHaveLength(Object.keys(MACHINES).length);
  for (const [at, of] of Object.values(MACHINES).entries()) {
    const section = sections[at] ?? '';
    expect(section.match(/^ {2}(?!\[\*\])\S+ --> (?!\[\*\])\S+/gm)).toHaveLength(
      of.transitions.length,
    );
    // Two lines of the table are its head.
    expect(section.match(/^\|.*\|$/gm)).toHaveLength(of.transitions.length + 2);
    for (const state of statesOf(of)) expect(section).toContain(state.replaceAll('-', '_'));
  }
});

describe('a diagram', () => {
  const door = machine(
    { table: 'appointments', field: 'status', initial: 'left-open' },
    `left-open > shut : update
     shut > locked : approve not-author
     shut > left-open : server`,
  );

  it('begins where rows begin, ends where nothing leads on, and says who takes a step', async () => {
    const page = await stateMachines({ front_door: door });
    const [, diagram = ''] = /```mermaid\n([^`]*)```/.exec(page) ?? [];
    expect(diagram.trim().split('\n')).toEqual([
      'stateDiagram-v2',
      '  state "left-open" as left_open',
      '  [*] --> left_open',
      '  left_open --> shut: update',
      '  shut --> locked: approve [not-author]',
      '  shut --> left_open: server',
      '  locked --> [*]',
    ]);
    expect(page).toContain('## front door');
    expect(page).toContain('1 machines, 3 steps.');
    const cells = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    expect(cells).toContainEqual([
      '',
      'shut',
      'locked',
      'who may approve it',
      'not its author',
      '',
    ]);
  });
});
