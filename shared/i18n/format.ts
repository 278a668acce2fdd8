/** Languages of the screens. */
export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A message, or its forms by number: which one is chosen by the parameter `n`. */
export type Message = string | { readonly one: string; readonly other: string };
export type Messages = Readonly<Record<string, Message>>;

/** Names in braces of a message: `'{n} of {total}'` has `n` and `total`. */
type Names<S extends string> = S extends `${string}{${infer P}}${infer Rest}`
  ? P | Names<Rest>
  : never;
type NamesOf<M extends Message> = M extends { one: infer A extends string; other: infer B }
  ? Names<A> | (B extends string ? Names<B> : never) | 'n'
  : M extends string
    ? Names<M>
    : never;
type Value<P extends string> = P extends 'n' ? number : string | number;
type Args<M extends Message> = [NamesOf<M>] extends [never]
  ? []
  : [params: { readonly [P in NamesOf<M>]: Value<P> }];

/** Gives the words of a key. Parameters are checked by the compiler against the English message. */
export type Translate<M extends Messages> = <K extends keyof M & string>(
  key: K,
  ...params: Args<M[K]>
) => string;

/**
 * A function that turns keys into words of one language. `messages` must have every key of `M`;
 * numbers among the parameters are written as the language writes them.
 */
export function createTranslate<M extends Messages>(
  language: Language,
  messages: Readonly<Record<keyof M, Message>>,
): Translate<M> {
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 4 });
  return (key, ...rest) => {
    const params = (rest[0] ?? {}) as Readonly<Record<string, string | number>>;
    const message = messages[key];
    const words =
      typeof message === 'string'
        ? message
        : plural.select(Number(params['n'])) === 'one'
          ? message.one
          : message.other;
    return words.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
      const value = params[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? number.format(value) : value;
    });
  };
}

/** The language to begin with: the first wish that we have, else English. */
export function pickLanguage(wishes: readonly (string | null | undefined)[]): Language {
  for (const wish of wishes) {
    const short = wish?.toLowerCase().split(/[-_]/)[0];
    const known = LANGUAGES.find((language) => language === short);
    if (known) return known;
  }
  return 'en';
}

/** The names in braces that a message needs, for checking translations. */
export function placeholders(message: Message): string[] {
  const all = typeof message === 'string' ? message : `${message.one} ${message.other}`;
  return [...new Set([...all.matchAll(/\{(\w+)\}/g)].map((m) => m[1] ?? ''))].toSorted();
}
