import { markdownTable, median, rounded } from '../report.ts';
import type { BenchLine } from '../report.ts';
import { speedByLimit } from './lines.ts';
import type { Measured } from './measure.ts';
import { ABOUT } from './subject.ts';
import type { SubjectName } from './subject.ts';

/** One size as a table: a row a piece of work, a column a store. */
export function sizeTable(measured: Measured, lines: readonly BenchLine[]): string {
  const names = lines
    .filter(({ line }) => line.includes(' in process: '))
    .map(({ line }) => line.slice(line.indexOf(': ') + 2));
  const has = (name: SubjectName): boolean => measured.has(name);
  const head = [
    'work',
    'limit',
    'ours',
    'ours by limit (speed)',
    'RxDB memory',
    'over the port',
    ...(has('powersync') ? [ABOUT.powersync.title] : []),
    ...(has('pouchdb') ? [ABOUT.pouchdb.title] : []),
    'goals',
  ];
  const rows = names.map((name) => {
    const find = (place: string): BenchLine | undefined =>
      lines.find(({ line }) => line.endsWith(`${place}: ${name}`));
    const [inside, port] = [find('in process'), find('over the port')];
    const cell = (value: number | null | undefined): string =>
      value === null || value === undefined || Number.isNaN(value) ? '–' : String(value);
    return [
      name,
      cell(inside?.limit),
      cell(inside?.ours),
      cell(inside && speedByLimit(inside)),
      cell(inside?.peers[ABOUT.memory.title]),
      cell(port?.ours),
      ...(has('powersync') ? [cell(port?.peers[ABOUT.powersync.title])] : []),
      ...(has('pouchdb') ? [cell(port?.peers[ABOUT.pouchdb.title])] : []),
      [word(inside?.met), word(port?.met)].join(', '),
    ];
  });
  const limit = measured.get('limit')?.lastByFirst ?? [];
  const note = `last tenth of the limit's load by its first: ${rounded(median(limit))}`;
  return `${markdownTable(head, rows)}\n\n${note}`;
}

const word = (met: boolean | null | undefined): string =>
  met === true ? 'met' : met === false ? 'missed' : '–';
