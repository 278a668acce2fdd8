/**
 * Values that the examples of a document share. In a request `{{name}}` stands for a value bound
 * before, `{{id name}}` and `{{stamp name}}` for one that is made where it is first named. In an answer `{{=name}}` binds whatever stands there, `{{name}}` must be equal, and
 * `{{any}}`, `{{text}}`, `{{number}}` say what kind of value it is. `"..."` as the last of a list says
 * that the list holds these among others, as a key that the object has further fields.
 */
export class Bindings {
  readonly #values = new Map<string, unknown>();
  readonly #makers: Readonly<Record<string, () => unknown>>;

  constructor(values: Readonly<Record<string, unknown>>, makers: Record<string, () => unknown>) {
    for (const [name, value] of Object.entries(values)) this.#values.set(name, value);
    this.#makers = makers;
  }

  /** The text with every placeholder replaced; one that stands alone in a JSON string becomes its value. */
  fill(text: string): string {
    const whole = text.replaceAll(/"\{\{([^}]+)\}\}"/g, (_all, name: string) =>
      JSON.stringify(this.#value(name.trim())),
    );
    return whole.replaceAll(/\{\{([^}]+)\}\}/g, (_all, name: string) =>
      String(this.#value(name.trim())),
    );
  }

  /** How a value differs from a pattern, one line a difference; binds what the pattern names. */
  differences(pattern: unknown, value: unknown, at = 'body'): string[] {
    if (typeof pattern === 'string') return this.#text(pattern, value, at);
    if (Array.isArray(pattern)) return this.#list(pattern, value, at);
    if (pattern !== null && typeof pattern === 'object') return this.#object(pattern, value, at);
    return pattern === value ? [] : [`${at}: ${JSON.stringify(value)} is not ${String(pattern)}`];
  }

  #value(name: string): unknown {
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const [kind = '', own] = name.split(' ');
    const make = this.#makers[kind];
    if (!make) throw new Error(`{{${name}}} is bound to nothing`);
    const value = make();
    if (own !== undefined) {
      this.#values.set(name, value);
      this.#values.set(own, value);
    }
    return value;
  }

  #text(pattern: string, value: unknown, at: string): string[] {
    const name = /^\{\{([^}]+)\}\}$/.exec(pattern)?.[1]?.trim();
    if (name === undefined) {
      const wanted = this.fill(pattern);
      return wanted === value ? [] : [`${at}: ${JSON.stringify(value)} is not "${wanted}"`];
    }
    if (name.startsWith('=')) {
      this.#values.set(name.slice(1), value);
      return value === undefined ? [`${at}: is missing`] : [];
    }
    if (name === 'any') return value === undefined ? [`${at}: is missing`] : [];
    if (name === 'text' || name === 'number') {
      const wanted = name === 'text' ? 'string' : 'number';
      return typeof value === wanted ? [] : [`${at}: ${JSON.stringify(value)} is no ${name}`];
    }
    const wanted = this.#value(name);
    return JSON.stringify(wanted) === JSON.stringify(value)
      ? []
      : [`${at}: ${JSON.stringify(value)} is not ${JSON.stringify(wanted)}`];
  }

  #list(pattern: readonly unknown[], value: unknown, at: string): string[] {
    if (!Array.isArray(value)) return [`${at}: is no list`];
    if (pattern.at(-1) !== '...') {
      if (pattern.length !== value.length) return [`${at}: has ${value.length} entries`];
      return pattern.flatMap((each, index) =>
        this.differences(each, value[index], `${at}/${index}`),
      );
    }
    return pattern.slice(0, -1).flatMap((each, index) => {
      const found = value.some((item) => this.differences(each, item, at).length === 0);
      return found ? [] : [`${at}: has nothing like entry ${index} of ${value.length}`];
    });
  }

  #object(pattern: object, value: unknown, at: string): string[] {
    if (value === null || typeof value !== 'object') return [`${at}: is no object`];
    const { '...': open, ...written } = pattern as Record<string, unknown>;
    const named = Object.fromEntries(
      Object.entries(written).map(([key, each]) => [this.fill(key), each]),
    );
    const given = value as Record<string, unknown>;
    const extra = open === undefined ? Object.keys(given).filter((key) => !(key in named)) : [];
    return [
      ...extra.map((key) => `${at}/${key}: is not in the example`),
      ...Object.entries(named).flatMap(([key, each]) =>
        this.differences(each, given[key], `${at}/${key}`),
      ),
    ];
  }
}
