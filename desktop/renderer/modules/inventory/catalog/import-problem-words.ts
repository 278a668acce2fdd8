import { problemWords } from '../../../ui/form-field.tsx';
import type { T } from '../../../ui/i18n.tsx';
import { fieldWord } from '../../../ui/domain-words.ts';
import { packProblemWords } from './catalog-words.ts';
import type { ImportColumn } from './import-columns.ts';
import type { RowProblem } from './import-plan.ts';
import { ITEM_FIELDS } from './item-values.ts';

/** What a column of the file is, in the words of the item's form. */
export function columnWords(t: T, column: ImportColumn): string {
  const pack = /^pack(\d)_(unit|qty|gtin)$/.exec(column);
  if (pack) {
    const [, n = '', what] = pack;
    if (what === 'unit') return t('import.packUnit', { n: Number(n) });
    return what === 'qty'
      ? t('import.packQty', { n: Number(n) })
      : t('import.packGtin', { n: Number(n) });
  }
  if (column === 'gtin') return t('import.gtin');
  return fieldWord(t, column);
}

/** Why a record of the file cannot be taken, in words. */
export function importProblemWords(t: T, problem: RowProblem): string {
  switch (problem.key) {
    case 'field': {
      const field = ITEM_FIELDS[problem.column as keyof typeof ITEM_FIELDS];
      return `${columnWords(t, problem.column)}: ${problemWords(t, problem.problem, field)}`;
    }
    case 'gtin':
      return `${columnWords(t, problem.column)}: ${packProblemWords(t, problem.problem) ?? ''}`;
    case 'word':
      return t('import.problem.word', {
        column: columnWords(t, problem.column),
        text: problem.text,
      });
    case 'frozen':
      return t('import.problem.frozen', {
        column: columnWords(t, problem.column),
        has: problem.has,
        text: problem.text,
      });
    case 'gtinTaken':
      return `${columnWords(t, problem.column)}: ${t('packs.problem.gtinTaken', { item: problem.item })}`;
    case 'skuTwice':
      return t('import.problem.skuTwice', { line: problem.line });
    case 'gtinTwice':
      return t('import.problem.gtinTwice', { line: problem.line });
    case 'policies':
      return t('catalog.policies');
    default:
      return t(`import.problem.${problem.key}`);
  }
}
