/** What a key means on the review page, or null for all others. */
export type ReviewKey =
  | { readonly do: 'move'; readonly by: 1 | -1 }
  | { readonly do: 'choose'; readonly index: number }
  | { readonly do: 'confirm' }
  | { readonly do: 'undo' };

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * @param isOn what has the focus: `text` takes every key itself, `control` (a button, a link) Enter
 */
export function reviewKey(event: Pressed, isOn: 'text' | 'control' | 'page'): ReviewKey | null {
  if (event.ctrlKey || event.metaKey || event.altKey || isOn === 'text') return null;
  switch (event.key) {
    case 'j':
    case 'J':
    case 'ArrowDown':
      return { do: 'move', by: 1 };
    case 'k':
    case 'K':
    case 'ArrowUp':
      return { do: 'move', by: -1 };
    case 'u':
    case 'U':
      return { do: 'undo' };
    case 'Enter':
      return isOn === 'control' ? null : { do: 'confirm' };
    default:
      return /^[1-9]$/.test(event.key) ? { do: 'choose', index: Number(event.key) - 1 } : null;
  }
}

/** What takes keys where the focus is. A value that is chosen by Enter or by its number is no button. */
export function focusKind(target: EventTarget | null): 'text' | 'control' | 'page' {
  if (!(target instanceof Element)) return 'page';
  if (target.closest('input, textarea, select, [contenteditable="true"]')) return 'text';
  if (target.closest('[role="radio"]')) return 'page';
  return target.closest('button, a, [role="button"], [role="tab"]') ? 'control' : 'page';
}
