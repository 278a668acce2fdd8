import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { auditPageSql } from '#server/admin/audit.ts';
import { migrate } from '#stack/migrate.ts';
import { connectForScripts } from '#stack/sql-file.ts';
import { withScratchPostgres } from '../../schema/scratch-postgres.ts';
import type { BenchOptions } from '../bench.ts';
import { describeMachine, markdownTable, median, rounded } from '../report.ts';
import type { BenchReport } from '../report.ts';
import { explain } from './plans.ts';
import { peopleStatements } from './load.ts';
import { PERSON, SITE } from './people.ts';
import { openSyncLogin } from './queries.ts';
import { timed, undone } from './sessions.ts';

const ROWS = 1_000_000;
const RUNS = 5;
/** Of so many entries one is about a patient. */
const PATIENT_EVERY = 4;
const PATIENTS = 5_000;
const MOST_MS = 50;

const patient = (nth: number): string =>
  `9a000000-0000-4000-8000-${nth.toString(16).padStart(12, '0')}`;

/** Who asks, about whom. */
const CASES = [
  ['of a patient, as manager', PERSON.MG, patient(7)],
  ['of a patient, as satellite manager', PERSON.LM, patient(7)],
  ['of a patient about whom there is nothing, as manager', PERSON.MG, randomUUID()],
] as const;

/**
 * A page of the audit that is filtered by a patient, with the index over those entries and without it,
 * in one run.
 */
export async function benchAudit({ rows = ROWS, print }: BenchOptions): Promise<BenchReport> {
  return withScratchPostgres(async ({ adminUrl, ownerUrl }) => {
    await migrate(ownerUrl);
    const admin = await connectForScripts(adminUrl, 'bench');
    const sync = await connectForScripts(await openSyncLogin(admin, adminUrl), 'bench');
    try {
      await fill(admin, rows);
      const machine = describeMachine();
      print(
        `audit-patient: ${rows} entries, one of ${PATIENT_EVERY} about one of ${PATIENTS} patients`,
      );
      print(`machine: ${machine}\n`);
      const withIndex = await measure(sync);
      await admin.query('drop index public.audit_logs_patient_ref_feed_idx');
      const without = await measure(sync);
      const lines = CASES.map(([name], at) => {
        const [ours = Number.NaN, before = Number.NaN] = [withIndex[at]?.ms, without[at]?.ms];
        return { name, ours, before, index: withIndex[at]?.indexes ?? '' };
      });
      print(
        markdownTable(
          ['a page of 100', 'ms', 'without the index', 'times', 'index'],
          lines.map((line) => [
            line.name,
            rounded(line.ours),
            rounded(line.before),
            rounded(line.before / line.ours),
            line.index,
          ]),
        ),
      );
      return {
        bench: 'audit-patient',
        machine,
        date: new Date().toISOString(),
        lines: lines.map((line) => ({
          line: line.name,
          unit: 'ms',
          better: 'lower',
          ours: rounded(line.ours),
          limit: null,
          peers: { 'without the index': rounded(line.before) },
          ratio: rounded(line.ours / line.before),
          goal: `under ${MOST_MS} ms`,
          met: line.ours < MOST_MS,
        })),
      };
    } finally {
      await Promise.all([sync.end(), admin.end()]);
    }
  });
}

interface Measured {
  readonly ms: number;
  readonly indexes: string;
}

async function measure(sync: pg.ClientBase): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const [, person, patientRef] of CASES) {
    const actor = { person, as: 'person' } as const;
    const query = auditPageSql({ filter: { patientRef }, after: null, limit: 100 });
    const once = (): Promise<number> =>
      undone(sync, actor, () => timed(() => sync.query(query.text, query.values)));
    await once();
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) times.push(await once());
    const plan = await undone(sync, actor, () => explain(sync, query));
    measured.push({ ms: median(times), indexes: plan.indexes.join(', ') });
  }
  return measured;
}

/** Entries as the product writes them, but for their chain: no page reads that. */
async function fill(admin: pg.ClientBase, rows: number): Promise<void> {
  await admin.query(peopleStatements().join(';\n'));
  const perTransaction = 50_000;
  for (let from = 0; from < rows; from += perTransaction) {
    await admin.query(
      `insert into public.audit_logs (id, device_id, location_id, seq, prev_hash, hash, actor_id, action,
         table_name, row_id, outcome, field_names, patient_ref, recorded_at)
       select gen_random_uuid(), $3, (array[$4, $5, $6]::uuid[])[1 + n % 3], n, '', '', $7, 'update',
              'patients', gen_random_uuid(), 'ok', '["name"]',
              case when n % ${PATIENT_EVERY} = 0 then
                ('9a000000-0000-4000-8000-' || lpad(to_hex((n / ${PATIENT_EVERY}) % ${PATIENTS}), 12, '0'))::uuid
              end, now()
         from generate_series($1::integer, $2::integer) n`,
      [
        from,
        Math.min(rows, from + perTransaction) - 1,
        randomUUID(),
        SITE.AA,
        SITE.WX,
        SITE.PY,
        PERSON.MG.id,
      ],
    );
  }
  await admin.query('vacuum analyze public.audit_logs');
}
