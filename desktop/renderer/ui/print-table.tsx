import { useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import type { CsvCell } from './csv.ts';
import { useI18n } from './i18n.tsx';

/** What is put on paper, or into a PDF where the system's dialog for printing offers one. */
export interface Printed {
  readonly title: string;
  /** Lines between the title and the table. */
  readonly notes?: readonly string[];
  readonly head: readonly string[];
  readonly rows: readonly (readonly CsvCell[])[];
  /** A last row that is no row of the table, for example what the others come to. */
  readonly foot?: readonly CsvCell[];
  /** Columns at the right edge besides those of numbers, from 0: amounts that are written out. */
  readonly toTheRight?: readonly number[];
  /** When the rows were as they are, milliseconds since the Unix epoch. */
  readonly at: number;
}

/**
 * All rows of a table on paper: while this is in the page, paper shows it and nothing else. It asks for
 * the system's dialog at once; `done` is called when that has closed.
 */
export function PrintTable(props: { printed: Printed; done: () => void }) {
  const { title, notes = [], head, rows, foot, toTheRight = [], at } = props.printed;
  const { t, fmt } = useI18n();
  const done = useRef(props.done);
  useEffect(() => {
    const after = (): void => done.current();
    window.addEventListener('afterprint', after);
    // By a timer, so that a page that mounts twice prints once.
    const timer = setTimeout(() => window.print());
    return () => {
      clearTimeout(timer);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  const isToTheRight = (column: number): boolean =>
    toTheRight.includes(column) || typeof rows[0]?.[column] === 'number';
  return createPortal(
    <div className="g-print" aria-hidden data-testid="grid-printed">
      <h1>{title}</h1>
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
      <p>{t('grid.printedAt', { n: rows.length, time: fmt.exact(at) })}</p>
      <table>
        <thead>
          <tr>
            {head.map((words, column) => (
              <th key={words} className={isToTheRight(column) ? 'g-num' : undefined}>
                {words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...rows, ...(foot ? [foot] : [])].map((row, line) => (
            // oxlint-disable-next-line react/no-array-index-key -- paper does not move
            <tr key={line} className={row === foot ? 'g-strong' : undefined}>
              {row.map((cell, column) => (
                <td key={head[column]} className={isToTheRight(column) ? 'g-num' : undefined}>
                  {typeof cell === 'number' ? fmt.number(cell) : cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>,
    document.body,
  );
}
