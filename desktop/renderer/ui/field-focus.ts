/** Brings the focus to fields by name, wherever they are in the page. */
export class FieldFocus<F extends string> {
  readonly #elements = new Map<F, HTMLElement>();

  /** To be given to an element as its `ref`. */
  register(field: F): (element: HTMLElement | null) => void {
    return (element) => {
      if (element) this.#elements.set(field, element);
      else this.#elements.delete(field);
    };
  }

  focus(field: F): void {
    this.#elements.get(field)?.focus();
  }
}

/** As `ref`: what appears in answer to a click takes the focus. */
export const focusWhenShown = (element: HTMLElement | null): void => element?.focus();
