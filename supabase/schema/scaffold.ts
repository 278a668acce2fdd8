import { tableOf, isTableName } from '#shared/schema/tables.ts';
import { accessMigration, retentionMigration, tableMigration } from './migration-sql.ts';

/**
 * `node supabase/schema/scaffold.ts <table>…`: prints what the migration of new tables begins with.
 */
const tables = process.argv.slice(2).filter(isTableName);
if (tables.length === 0) {
  process.stderr.write('which tables? for example: node supabase/schema/scaffold.ts vendors\n');
  process.exit(1);
}
process.stdout.write(
  [
    ...tables.map((table) => tableMigration(tableOf(table).name as typeof table)),
    accessMigration(tables),
    retentionMigration(tables),
  ].join('\n\n'),
);
