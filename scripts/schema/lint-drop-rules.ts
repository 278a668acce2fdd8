import type {
  AlterEnumStmt,
  AlterObjectSchemaStmt,
  DropStmt,
  Node,
  RenameStmt,
} from '@libpg-query/parser';
import { isExisting } from './lint-context.ts';
import type { Context } from './lint-context.ts';
import { nameParts, qualified, tableName } from './parse-sql.ts';
import type { Statement } from './parse-sql.ts';

/** Kinds of objects by what Postgres calls them, with the rule for dropping one. */
const KINDS: Partial<Record<string, readonly [rule: string, kind: string]>> = {
  OBJECT_TABLE: ['drop-table', 'table'],
  OBJECT_FOREIGN_TABLE: ['drop-table', 'table'],
  OBJECT_MATVIEW: ['drop-view', 'view'],
  OBJECT_VIEW: ['drop-view', 'view'],
  OBJECT_SCHEMA: ['drop-schema', 'schema'],
  OBJECT_SEQUENCE: ['drop-table', 'sequence'],
  OBJECT_TYPE: ['drop-type', 'type'],
  OBJECT_DOMAIN: ['drop-type', 'type'],
  OBJECT_FUNCTION: ['drop-function', 'function'],
  OBJECT_PROCEDURE: ['drop-function', 'function'],
  OBJECT_ROUTINE: ['drop-function', 'function'],
  OBJECT_AGGREGATE: ['drop-function', 'function'],
  OBJECT_EXTENSION: ['drop-extension', 'extension'],
  OBJECT_TRIGGER: ['drop-trigger', 'trigger'],
  OBJECT_POLICY: ['drop-policy', 'policy'],
};

const INSTEAD: Record<string, string> = {
  'drop-table': 'Stop using it; drop it when no version in use knows it any more.',
  'drop-view': 'Use "create or replace view", or make a new view beside it.',
  'drop-schema': 'Drop what is in it piece by piece, when nothing uses it any more.',
  'drop-type': 'Make a new type beside it.',
  'drop-function':
    'Use "create or replace function", or make a new one beside it and drop this one later.',
  'drop-extension': 'Leave it; what it gives may be used by functions that nobody looks at.',
  'drop-trigger':
    'Leave it. Where another takes its place in the same file, say so in an allow comment.',
  'drop-policy':
    'Use "alter policy". Where another takes its place in the same file, say so in an allow comment.',
};

/** Judges `drop …`. What the same file made is free. */
export function drop(context: Context, at: Statement, stmt: DropStmt): void {
  if (stmt.concurrent === true) concurrently(context, at);
  const known = KINDS[stmt.removeType ?? ''];
  if (!known) return;
  const [rule, kind] = known;
  for (const object of stmt.objects ?? []) {
    const parts = objectName(object);
    const name =
      kind === 'trigger' || kind === 'policy'
        ? `${qualified(parts.slice(0, -1))}.${parts.at(-1) ?? ''}`
        : kind === 'schema' || kind === 'extension'
          ? parts.join('.')
          : qualified(parts);
    if (kind === 'function' && 'ObjectWithArgs' in object) {
      if (context.madeObjects.has(`function ${signature(name, object.ObjectWithArgs.objargs)}`)) {
        continue;
      }
    } else if (context.madeObjects.has(`${kind} ${name}`)) continue;
    if (kind === 'table' && !isExisting(context, name)) continue;
    const table = qualified(parts.slice(0, -1));
    if ((kind === 'trigger' || kind === 'policy') && !isExisting(context, table)) continue;
    context.report(
      rule,
      at,
      kind === 'trigger' || kind === 'policy'
        ? `What the ${kind} ${name} guards is no longer guarded.`
        : `What uses the ${kind} ${name} fails, and what only it holds is lost.`,
      INSTEAD[rule] ?? '',
    );
  }
}

/** Judges `… rename to`, `… rename column`; names that only the database reads are free. */
export function rename(context: Context, at: Statement, stmt: RenameStmt): void {
  const instead = 'Make the new one beside it, let both be filled, and drop the old one later.';
  const to = stmt.newname ?? '';
  switch (stmt.renameType) {
    case 'OBJECT_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
      if (!isExisting(context, tableName(stmt.relation))) return;
      context.report(
        'rename-table',
        at,
        `Whoever asks for ${tableName(stmt.relation)} fails from this moment on; it is ${to} now.`,
        instead,
      );
      return;
    case 'OBJECT_COLUMN':
    case 'OBJECT_ATTRIBUTE':
      if (!isExisting(context, tableName(stmt.relation))) return;
      context.report(
        'rename-column',
        at,
        `The old version asks for ${tableName(stmt.relation)}.${stmt.subname ?? ''} and fails.`,
        instead,
      );
      return;
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
    case 'OBJECT_SCHEMA':
    case 'OBJECT_ROLE':
      context.report(
        'rename-object',
        at,
        `What names the old one, in code or in function bodies, fails; it is ${to} now.`,
        instead,
      );
      return;
    default:
  }
}

/** Judges `alter type … rename value`. */
export function alterEnum({ report }: Context, at: Statement, stmt: AlterEnumStmt): void {
  if (stmt.oldVal === undefined) return;
  report(
    'rename-object',
    at,
    `The value ${stmt.oldVal} is no longer known to what writes or reads it.`,
    'Add the new value beside the old one.',
  );
}

/** Judges `alter … set schema`. */
export function moveSchema(context: Context, at: Statement, stmt: AlterObjectSchemaStmt): void {
  if (stmt.objectType === 'OBJECT_EXTENSION') {
    if (stmt.newschema !== 'extensions') extensionOutside(context, at);
    return;
  }
  const isTable = stmt.relation !== undefined;
  if (isTable && !isExisting(context, tableName(stmt.relation))) return;
  context.report(
    isTable ? 'rename-table' : 'rename-object',
    at,
    `It moves to the schema ${stmt.newschema ?? ''}: what names it by the old one fails.`,
    'Make the new one beside it, and drop the old one later.',
  );
}

/** An extension lies in the schema `extensions`. */
export function extensionOutside({ report }: Context, at: Statement): void {
  report(
    'extension-outside',
    at,
    'The functions of the extension land among those of the product, where the API shows them.',
    'Write "with schema extensions".',
  );
}

/** What Postgres does not do within a transaction. */
export function concurrently({ report }: Context, at: Statement): void {
  report(
    'concurrently',
    at,
    'Every migration runs in one transaction, and in a transaction nothing works concurrently: ' +
      'this file fails.',
    'Leave "concurrently" out; on an existing table say in an allow comment why the lock is short.',
  );
}

/** A function with the types of what it takes: several may have one name. */
export function signature(name: string, types: readonly Node[] | undefined): string {
  const args = (types ?? []).map((node) => {
    if (!('TypeName' in node)) return '';
    const { names, arrayBounds = [] } = node.TypeName;
    return `${nameParts(names).at(-1) ?? ''}${'[]'.repeat(arrayBounds.length)}`;
  });
  return `${name}(${args.join(', ')})`;
}

function objectName(node: Node): string[] {
  if ('List' in node) return nameParts(node.List.items);
  if ('String' in node) return [node.String.sval ?? ''];
  if ('TypeName' in node) return nameParts(node.TypeName.names);
  if ('ObjectWithArgs' in node) return nameParts(node.ObjectWithArgs.objname);
  return [];
}
