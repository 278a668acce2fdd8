import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Makes a process run as another build of the suite: `node --import ./scripts/versions/build-as.ts …`
 * with GANGER_BUILD=previous or next. Sources are changed as they are loaded: the tables, their
 * history and the version of the protocol; everything else is what this build has.
 */
const build = process.env['GANGER_BUILD'] ?? 'present';

type Edit = (source: string) => string;

/** Exactly one place, or the build has changed and this file has to. */
const put =
  (from: string | RegExp, to: string): Edit =>
  (source) => {
    const parts = source.split(from);
    if (parts.length !== 2)
      throw new Error(`build-as: ${String(from)} stands ${parts.length - 1} times`);
    return parts.join(to);
  };
const all =
  (...edits: readonly Edit[]): Edit =>
  (source) =>
    edits.reduce((text, edit) => edit(text), source);

const present = Number(
  /PROTOCOL_VERSION = (\d+);/.exec(
    readFileSync(new URL('../../shared/protocol/messages.ts', import.meta.url), 'utf8'),
  )?.[1],
);
const version = (number: number): Edit =>
  all(
    put(/PROTOCOL_VERSION = \d+;\n\/\*\* Oldest/, `PROTOCOL_VERSION = ${number};\n/** Oldest`),
    put(/OLDEST_PROTOCOL_VERSION = \d+;/, `OLDEST_PROTOCOL_VERSION = ${Math.max(1, number - 2)};`),
  );

const BUILDS: Readonly<Record<string, Readonly<Record<string, Edit>>>> = {
  previous: {
    'shared/protocol/messages.ts': version(present - 1),
    // Tables that came with the present version are not there yet.
    'shared/schema/tables.ts': all(
      put('export const TABLES = {', 'const ALL_TABLES = {'),
      put(
        '} as const satisfies Record<string, TableDefinition>;',
        `};
import { HISTORY as NEWER } from './present-history.ts';
const NEW = NEWER[${present}]?.tables ?? [];
const fieldsOf = (name, fields) => {
  const { added = {}, was = {} } = NEWER[${present}]?.changed?.[name] ?? {};
  const kept = Object.entries(fields).filter(([field]) => !(field in added));
  return Object.fromEntries(kept.map(([field, now]) => [field, was[field]?.field ?? now]));
};
export const TABLES = Object.fromEntries(Object.entries(ALL_TABLES)
  .filter(([name]) => !NEW.includes(name))
  .map(([name, table]) => [name, {
    ...table,
    fields: fieldsOf(name, table.fields),
    expandedFrom: table.expandedFrom.filter((from) => !NEW.includes(from)),
  }]));`,
      ),
    ),
    'shared/schema/history.ts': (source) =>
      `${source}\ndelete (HISTORY as Record<number, unknown>)[${present}];\n`,
    // Nor are there rights of theirs.
    'shared/access/matrix.ts': (source) =>
      source.replaceAll(
        '(Object.keys(STATED) as Stated[])',
        '(Object.keys(STATED) as Stated[]).filter((name) => TABLE_NAMES.includes(name))',
      ),
    // The first version did not say which one it was.
    'sync-server/http/app.ts': put('[PROTOCOL_HEADER]: String(PROTOCOL_VERSION),', ''),
  },
  present: {},
  next: {
    'shared/protocol/messages.ts': version(present + 1),
    'shared/schema/tables.ts': all(
      put('export const TABLES = {', 'const PRESENT_TABLES = {'),
      put(
        '} as const satisfies Record<string, TableDefinition>;',
        `};
import { NEXT_TABLES } from '#versions/builds.ts';
export const TABLES = { ...PRESENT_TABLES, ...NEXT_TABLES };`,
      ),
    ),
    'shared/schema/history.ts': (source) => `${source}
import { NEXT_CHANGES } from '#versions/builds.ts';
(HISTORY as Record<number, unknown>)[${present + 1}] = NEXT_CHANGES;\n`,
  },
};

const root = new URL('../../', import.meta.url);
const edits = BUILDS[build];
if (!edits) throw new Error(`build-as: no build is called ${build}`);

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '#versions/builds.ts') {
      return { url: new URL('builds.ts', import.meta.url).href, shortCircuit: true };
    }
    if (specifier === './present-history.ts') {
      return { url: new URL('shared/schema/history.ts?present', root).href, shortCircuit: true };
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    const edit = edits[url.slice(root.href.length)];
    if (!edit) return next(url, context);
    const source = readFileSync(fileURLToPath(url), 'utf8');
    return { format: 'module-typescript', source: edit(source), shortCircuit: true };
  },
});
