import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createDraft, keepDraftsNow, openDrafts, openForms } from './draft.ts';
import type { DraftBox } from './draft.ts';

interface Form {
  readonly text: string;
  readonly open: boolean;
  set(text: string): void;
}

const useForm = createDraft<Form>(
  {
    name: 'draft-test',
    keep: ({ text }) => ({ text }),
    address: ({ text }) => (text === '' ? null : '/form'),
  },
  (set) => ({ text: '', open: false, set: (text) => set({ text, open: true }) }),
);

/** The profile of one person. */
function profile(): DraftBox & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    recall: (name) => Promise.resolve(kept.get(name) ?? null),
    remember: (name, value) => {
      kept.set(name, value);
      return Promise.resolve();
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

describe('a half-filled form', () => {
  test('is there again when its person comes back, and nobody else sees it', async () => {
    const ana = profile();
    const ben = profile();
    const anaLeaves = await openDrafts(ana);
    useForm.getState().set('three boxes');
    expect(openForms()).toEqual([{ name: 'draft-test', address: '/form' }]);
    anaLeaves();
    expect(useForm.getState()).toMatchObject({ text: '', open: false });

    const benLeaves = await openDrafts(ben);
    expect(useForm.getState().text).toBe('');
    expect(openForms()).toEqual([]);
    benLeaves();
    expect([...ben.kept.values()].join()).not.toContain('three');

    const again = await openDrafts(ana);
    expect(useForm.getState()).toMatchObject({ text: 'three boxes', open: false });
    useForm.getState().set('');
    again();
  });

  test('is kept after a pause, many keys as one write, and at once when the window goes', async () => {
    const ana = profile();
    const remember = vi.spyOn(ana, 'remember');
    const leave = await openDrafts(ana);
    for (const text of ['a', 'ab', 'abc']) useForm.getState().set(text);
    expect(remember).not.toHaveBeenCalled();
    vi.advanceTimersByTime(500);
    expect(remember).toHaveBeenCalledTimes(1);
    useForm.getState().set('abcd');
    keepDraftsNow();
    expect(ana.kept.get('draft-test')).toContain('abcd');
    useForm.getState().set('');
    leave();
  });

  test('without anybody here nothing is kept; a profile that cannot be read begins empty', async () => {
    useForm.getState().set('nobody');
    vi.advanceTimersByTime(500);
    const broken: DraftBox = {
      recall: () => Promise.reject(new Error('gone')),
      remember: () => Promise.reject(new Error('gone')),
    };
    const leave = await openDrafts(broken);
    useForm.getState().set('still works');
    vi.advanceTimersByTime(500);
    leave();
    expect(useForm.getState().text).toBe('');
  });
});
