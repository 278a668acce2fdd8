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
  /** When the rows were as they are, milliseconds since the Unix epoch. */
  readonly at: number;
}

/**
 * All rows of a table on paper: while this is in the page, paper shows it and nothing else. It asks for
 * the system's dialog at once; `done` is called when that has closed.
 */
export function PrintTable(props: { printed: Printed; done: () => void }) {
  const { title, notes = [], head, rows, at } = props.printed;
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
            {head.map((words) => (
              <th key={words}>{words}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, line) => (
            // oxlint-disable-next-line react/no-array-index-key -- paper does not move
            <tr key={line}>
              {row.map((cell, column) => (
                <td key={head[column]} className={typeof cell === 'number' ? 'g-num' : undefined}>
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
