/** The part of js-yaml that the stack uses; the package brings no types. */
declare module 'js-yaml' {
  export function load(text: string): unknown;
}
