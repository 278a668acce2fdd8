import * as Y from 'yjs';
import { fromBase64, toBase64 } from './base64.ts';

/**
 * Text that several people write at once: a Yjs document as base64. A value is always the whole
 * state in its canonical form, so that the same writing gives the same bytes on every replica,
 * however it came together: equal content, equal text, equal hash.
 *
 * What makes it canonical: both states are read into one fresh document within one transaction, so
 * that every run of neighbouring insertions is joined as far as it can be, and what was deleted is
 * let go of everywhere (`gc`), never kept on the one side and gone on the other. The document's
 * types are not touched while joining: Yjs would tidy up formatting otherwise, which is a decision
 * of its own.
 */

/** Name of the text within its document. Windows that bind an editor to it use the same. */
export const TEXT_ROOT = 'text';

const EMPTY = toBase64(Y.encodeStateAsUpdate(new Y.Doc()));

/** The text that nobody has written in yet. */
export const emptyText = (): string => EMPTY;

/**
 * Both states of a text as one: all that either has inserted, without all that either has deleted.
 * @throws RangeError when one of them is no such document
 */
export function joinTexts(a: string, b: string): string {
  // Equal bytes are the common case, and reading a long text takes milliseconds.
  return a === b ? a : encode(read(a, b));
}

/** What can be read. @throws RangeError as `joinTexts` */
export const textOf = (base64: string): string => textIn(read(base64)).toJSON();

/**
 * The text after an edit.
 * @param clientId who writes, as Yjs counts: a whole number below 2^32 that nobody else ever uses.
 *   Two edits of the same state under one id are lost on each other, so leave it away (a random
 *   one is taken) except where one document stays open and is edited step by step.
 * @throws RangeError as `joinTexts`
 */
export function editText(
  base64: string,
  edit: (text: Y.Text, doc: Y.Doc) => void,
  clientId?: number,
): string {
  const doc = read(base64);
  if (clientId !== undefined) doc.clientID = clientId;
  const text = textIn(doc);
  doc.transact(() => {
    edit(text, doc);
  });
  return joinTexts(EMPTY, toBase64(Y.encodeStateAsUpdate(doc)));
}

/**
 * True for a whole text: nothing in it waits for an insertion that is not there, and nothing else
 * is stowed away beside the text. What a device sends is to be checked by this before it is joined.
 */
export function isSharedText(base64: string): boolean {
  try {
    const doc = read(base64);
    const { pendingStructs, pendingDs } = doc.store;
    if (pendingStructs !== null || pendingDs !== null) return false;
    return [...doc.share.keys()].every((name) => name === TEXT_ROOT);
  } catch {
    return false;
  }
}

const textIn = (doc: Y.Doc): Y.Text => doc.getText(TEXT_ROOT);

const encode = (doc: Y.Doc): string => toBase64(Y.encodeStateAsUpdate(doc));

function read(...states: readonly string[]): Y.Doc {
  const doc = new Y.Doc({ gc: true });
  try {
    doc.transact(() => {
      for (const state of states) Y.applyUpdate(doc, fromBase64(state));
    });
  } catch (cause) {
    throw new RangeError('not a shared text', { cause });
  }
  return doc;
}
