import type { T } from '../../../ui/i18n.tsx';
import type { PackProblem } from './pack-text.ts';

/** The clinic's words for the choices of an item's fields; what has none stays as it is. */
export function choiceWords(t: T, field: string): (value: string) => string {
  const words: Readonly<Record<string, (value: string) => string>> = {
    kind: (value) => t(`catalog.kind.${value as 'supply'}`),
    lot_policy: (value) => t(`catalog.policy.${value as 'none'}`),
    expiry_policy: (value) => t(`catalog.policy.${value as 'none'}`),
    document_policy: (value) => t(`catalog.policy.${value as 'none'}`),
    controlled_schedule: (value) => t(`catalog.schedule.${value as 'none'}`),
    hazardous: (value) => t(value === 'true' ? 'common.yes' : 'common.no'),
    language: (value) => (value === 'es' ? 'Español' : 'English'),
  };
  return words[field] ?? ((value) => value);
}

/** What is wrong with a pack, in words. */
export function packProblemWords(t: T, problem: PackProblem | undefined): string | null {
  if (!problem) return null;
  if (problem.key === 'gtinTaken') return t('packs.problem.gtinTaken', { item: problem.item });
  if (problem.key === 'gtinCheck') return t('packs.problem.gtinCheck', { digit: problem.digit });
  return t(`packs.problem.${problem.key}`);
}
