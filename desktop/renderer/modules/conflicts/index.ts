export { LostValues } from './lost-values.tsx';
export { parseOther, takesOther } from './other-value.ts';
export { recommend } from './recommend.ts';
export { decidedLately, stepsOf, stillStands, undoLeft } from './steps.ts';
export type { Choice, Decided, Step } from './steps.ts';
export {
  phiOf,
  useMayDecide,
  useReviewActs,
  useReviewGroups,
  useReviewWords,
} from './use-conflicts.ts';
export { isLongText } from './value-words.ts';
export { wordDiff } from './word-diff.ts';
