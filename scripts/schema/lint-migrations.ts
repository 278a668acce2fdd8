import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { SUPABASE_DIR } from '#stack/migration-files.ts';
import type { Context, Finding, History } from './lint-context.ts';
import { judge, RULES } from './lint-rules.ts';
import { notNullColumn } from './lint-table-rules.ts';
import { SqlSyntaxError, parseSql, tableName } from './parse-sql.ts';
import type { Comment, ParsedSql, Statement } from './parse-sql.ts';

/**
 * Judges migrations by what they would do to a database with rows and with people at work.
 * `node scripts/schema/lint-migrations.ts [folder]` prints a line a finding and exits with 1.
 *
 * A statement is excused by a comment on the line before it, or on a line of its own within it:
 * `-- allow <rule>: <reason>`. What is wrong with a file as such (syntax, allow, file-name,
 * version-order) cannot be excused. Bodies of functions and of `do` are not looked into.
 */

const NO_HISTORY = { notNullChecks: new Map<string, string>(), validated: new Set<string>() };

/**
 * Judges one file.
 * @param tablesBefore tables that earlier migrations made, as `schema.name`
 * @param checksBefore checks of earlier migrations, which `set not null` may build on
 */
export function lintMigration(
  name: string,
  sql: string,
  tablesBefore: ReadonlySet<string>,
  checksBefore: Omit<History, 'tables'> = NO_HISTORY,
): Finding[] {
  const parsed = tryParse(name, sql);
  if (Array.isArray(parsed)) return parsed;
  const raw: { readonly finding: Finding; readonly statement: Statement | undefined }[] = [];
  let current: Statement | undefined;
  const context: Context = {
    before: { tables: tablesBefore, ...checksBefore },
    parsed,
    report(rule, { line }, why, instead) {
      const finding = { file: name, line, rule, why, instead };
      raw.push({ finding, statement: current });
    },
    made: new Set(),
    madeObjects: new Set(),
    added: new Set(),
    validated: new Set(),
  };
  for (const statement of parsed.statements) {
    current = statement;
    judge(context, statement);
  }
  const { excuses, broken } = readExcuses(name, parsed.comments);
  const used = new Set<Excuse>();
  const kept = raw.filter(({ finding, statement }) => {
    const matching = excuses.filter(
      ({ rule, line, covers }) =>
        rule === finding.rule &&
        statement !== undefined &&
        (covers === statement.line || (statement.line <= line && line <= statement.lastLine)),
    );
    for (const excuse of matching) used.add(excuse);
    return matching.length === 0;
  });
  const idle = excuses
    .filter((excuse) => !used.has(excuse))
    .map((excuse) => idleExcuse(name, excuse));
  return [...kept.map(({ finding }) => finding), ...broken, ...idle].toSorted(
    (a, b) => a.line - b.line || (a.rule < b.rule ? -1 : 1),
  );
}

/** Judges all migrations of a folder, each knowing what those before it made. */
export async function lintMigrations(
  dir: string = path.join(SUPABASE_DIR, 'migrations'),
): Promise<Finding[]> {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.sql')).toSorted();
  const findings: Finding[] = [];
  const tables = new Set<string>();
  const notNullChecks = new Map<string, string>();
  const validated = new Set<string>();
  let last = '';
  for (const file of files) {
    const version = /^(\d{14})_[a-z0-9_]+\.sql$/.exec(file)?.[1];
    if (version === undefined) findings.push(wrongName(file));
    else if (version === last) findings.push(sameVersion(file));
    last = version ?? last;
    const sql = await readFile(path.join(dir, file), 'utf8');
    findings.push(...lintMigration(file, sql, tables, { notNullChecks, validated }));
    remember(file, sql, { tables, notNullChecks, validated });
  }
  return findings;
}

/** One line of text. */
export function describeFinding({ file, line, rule, why, instead }: Finding): string {
  return `${file}:${line} ${rule}: ${why} ${instead}`;
}

interface Excuse {
  readonly rule: string;
  readonly line: number;
  /** The line that the excuse is for: the next one that is not such a comment itself. */
  readonly covers: number;
}

function readExcuses(
  file: string,
  comments: readonly Comment[],
): { excuses: Excuse[]; broken: Finding[] } {
  const excuses: Excuse[] = [];
  const broken: Finding[] = [];
  const commented = new Set(comments.map(({ line }) => line));
  for (const { text, line } of comments) {
    const [, rule, colon, reason = ''] = /^--\s*allow\s+([\w-]+)\s*(:?)\s*(.*)$/.exec(text) ?? [];
    // Prose may begin with the word, too.
    if (rule === undefined || (colon === '' && !RULES.has(rule))) continue;
    const wrong = (why: string, instead: string): void => {
      broken.push({ file, line, rule: 'allow', why, instead });
    };
    if (!RULES.has(rule)) {
      wrong(`There is no rule ${rule} to be excused from.`, 'Name the rule of the finding.');
    } else if (colon === '' || reason.trim() === '') {
      wrong(`The excuse from ${rule} says no reason.`, `Write "-- allow ${rule}: <reason>".`);
    } else {
      let covers = line + 1;
      while (commented.has(covers)) covers += 1;
      excuses.push({ rule, line, covers });
    }
  }
  return { excuses, broken };
}

function idleExcuse(file: string, { rule, line }: Excuse): Finding {
  return {
    file,
    line,
    rule: 'allow',
    why: `The excuse from ${rule} excuses nothing.`,
    instead: 'Remove it, or put it on the line before what it is for.',
  };
}

function tryParse(file: string, sql: string): ParsedSql | Finding[] {
  try {
    return parseSql(sql);
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
    const why = `Postgres does not understand it: ${error.message}.`;
    return [{ file, line: error.line, rule: 'syntax', why, instead: 'Correct the statement.' }];
  }
}

function remember(
  file: string,
  sql: string,
  into: { tables: Set<string>; notNullChecks: Map<string, string>; validated: Set<string> },
): void {
  const parsed = tryParse(file, sql);
  if (Array.isArray(parsed)) return;
  for (const { node } of parsed.statements) {
    if ('CreateStmt' in node) into.tables.add(tableName(node.CreateStmt.relation));
    if ('CreateTableAsStmt' in node) {
      into.tables.add(tableName(node.CreateTableAsStmt.into?.rel));
    }
    if (!('AlterTableStmt' in node)) continue;
    const table = tableName(node.AlterTableStmt.relation);
    for (const command of node.AlterTableStmt.cmds ?? []) {
      if (!('AlterTableCmd' in command)) continue;
      const { subtype, def, name } = command.AlterTableCmd;
      if (subtype === 'AT_ValidateConstraint') into.validated.add(`${table}.${name ?? ''}`);
      if (subtype !== 'AT_AddConstraint' || !def || !('Constraint' in def)) continue;
      const key = `${table}.${def.Constraint.conname ?? ''}`;
      const column = notNullColumn(def.Constraint);
      if (column !== undefined) into.notNullChecks.set(key, column);
      if (def.Constraint.skip_validation !== true) into.validated.add(key);
    }
  }
}

function wrongName(file: string): Finding {
  return {
    file,
    line: 1,
    rule: 'file-name',
    why: 'Files apply in the order of their names, and this one has no version of fourteen digits.',
    instead: 'Name it <yyyymmddhhmmss>_<what_it_does>.sql.',
  };
}

function sameVersion(file: string): Finding {
  return {
    file,
    line: 1,
    rule: 'version-order',
    why: 'Another migration has this version: which of the two applies first is left to chance.',
    instead: 'Give it the next free version.',
  };
}

if (import.meta.main) {
  const findings = await lintMigrations(process.argv[2]);
  for (const finding of findings) console.log(describeFinding(finding));
  process.exitCode = findings.length === 0 ? 0 : 1;
}
