import { useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

/**
 * For a field whose text changes with the focus: all of it is selected in the same moment, so that
 * what is typed next, by a scanner too, takes its place.
 */
export function useSelectedOnFocus(): {
  ref: RefObject<HTMLInputElement | null>;
  setFocused: (focused: boolean) => void;
} {
  const ref = useRef<HTMLInputElement>(null);
  const [isFocused, setFocused] = useState(false);
  useLayoutEffect(() => {
    if (isFocused) ref.current?.select();
  }, [isFocused]);
  return { ref, setFocused };
}
