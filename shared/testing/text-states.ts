import { editText, emptyText, joinTexts } from '#shared/merge/shared-text.ts';

/**
 * States of one text that three people have written in at once, each under an id of their own: made
 * once, since a generator that typed each text anew would take longer than all the laws. Any of them
 * may be joined with any other, as what is written under an id is the same wherever it is found.
 */
export const TEXT_STATES: readonly string[] = makeStates();

function makeStates(): string[] {
  const first = editText(emptyText(), (text) => text.insert(0, 'Agenda: numbers, to-dos'), 11);
  const ann = editText(first, (text) => text.insert(7, ' rocks,'), 12);
  const annLater = editText(ann, (text) => text.delete(2, 9), 12);
  const bo = editText(first, (text) => text.delete(0, 8), 13);
  const boLater = editText(bo, (text) => text.insert(0, '🧴 '), 13);
  const both = editText(joinTexts(annLater, bo), (text) => text.insert(3, '…'), 14);
  const alone = editText(emptyText(), (text) => text.insert(0, 'written offline'), 15);
  return [emptyText(), first, ann, annLater, bo, boLater, both, alone];
}
