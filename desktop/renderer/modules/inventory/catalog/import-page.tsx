import { Button, Progress, SegmentedControl, Select } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCirclePlus,
  IconEqual,
  IconFileImport,
  IconLock,
  IconPencil,
} from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { TableRow } from '#shared/schema/tables.ts';
import { BackTo } from '../../../shell/back-to.tsx';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { DataTable } from '../../../ui/data-table.tsx';
import type { Column } from '../../../ui/data-table.tsx';
import { fieldWord } from '../../../ui/domain-words.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { FileDrop } from '../../../ui/file-drop.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import type { T } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { useTask } from '../../../ui/use-task.ts';
import {
  decodeText,
  ENCODINGS,
  guessSeparator,
  readCsv,
  SEPARATORS,
} from '../../../ui/csv-read.ts';
import type { Encoding, Separator } from '../../../ui/csv-read.ts';
import { guessMapping, readMapping, writeMapping } from './import-columns.ts';
import type { Mapping } from './import-columns.ts';
import { ImportMapping } from './import-mapping.tsx';
import { planImport } from './import-plan.ts';
import type { ImportRights, PlannedRow } from './import-plan.ts';
import { importProblemWords } from './import-problem-words.ts';
import { ImportResult } from './import-result.tsx';
import { makesItems } from './item-rights.ts';
import { useImport } from './use-import.ts';
import type { ImportedRow } from './use-import.ts';
import { recordColumns } from './import-row-columns.tsx';

/** More is no list of items, and would fill the memory of the window. */
const LARGEST_FILE = 20 * 1024 * 1024;

interface ChosenFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Items that were here when it was chosen. */
  readonly items: readonly TableRow<'inventory_items'>[];
}

/** A catalogue out of a file: choose, say what the columns are, look at what would happen, import. */
export function ImportPage() {
  const { t } = useI18n();
  const session = useSession();
  const importing = useImport();
  const { readItems, cutShort } = importing;
  const task = useTask();
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [isLarge, setLarge] = useState(false);
  const make = makesItems(session);
  if (make === null) {
    return (
      <EmptyState isPage icon={IconLock} title={t('home.nothing')} help={t('home.nothingHelp')} />
    );
  }
  const take = ([chosen]: readonly File[]) => {
    if (!chosen) return;
    setLarge(chosen.size > LARGEST_FILE);
    if (chosen.size > LARGEST_FILE) return;
    void task.run(async () => {
      const [bytes, items] = await Promise.all([chosen.arrayBuffer(), readItems()]);
      setFile({ name: chosen.name, bytes: new Uint8Array(bytes), items });
    });
  };
  if (file) {
    const another = () => setFile(null);
    return <Loaded key={file.name} file={file} importing={importing} another={another} />;
  }
  return (
    <>
      <PageHeader title={t('import.title')}>
        <BackTo to="/inventory">{t('inventory.title')}</BackTo>
      </PageHeader>
      <div className="g-scroll">
        <div className="g-stack g-column" style={{ maxWidth: 720 }}>
          {task.error && <ErrorNote error={task.error} />}
          {isLarge && <ErrorNote error="FILE_TOO_LARGE" />}
          {cutShort !== null && (
            <Note tone="amber" icon={IconAlertTriangle} role="status" testId="import-cut-short">
              {t('import.cutShort', { file: cutShort })}
            </Note>
          )}
          <FileDrop
            label={t('import.choose')}
            help={t('import.chooseHelp')}
            dropWords={t('import.drop')}
            accept=".csv,.txt,.tsv,text/csv,text/plain"
            take={take}
            testId="import-file"
          >
            <div style={{ padding: '16px 0' }} className="g-dim">
              <p>{t('import.help')}</p>
              <p>{t('import.helpSafe')}</p>
            </div>
          </FileDrop>
        </div>
      </div>
    </>
  );
}

type Outcome = PlannedRow['outcome'];
const OUTCOMES: readonly Outcome[] = ['new', 'changed', 'same', 'wrong'];
const MARKS = {
  new: { tone: 'green', icon: IconCirclePlus },
  changed: { tone: 'blue', icon: IconPencil },
  same: { tone: 'grey', icon: IconEqual },
  wrong: { tone: 'red', icon: IconAlertTriangle },
} as const;

/** A file that has been read: its columns, and what it would do. */
function Loaded(props: {
  file: ChosenFile;
  importing: ReturnType<typeof useImport>;
  another: () => void;
}) {
  const { file } = props;
  const { t } = useI18n();
  const session = useSession();
  const { readItems, remembered, remember, write } = props.importing;
  const [saidEncoding, setEncoding] = useState<Encoding | null>(null);
  const [saidSeparator, setSeparator] = useState<Separator | null>(null);
  const [saidMapping, setMapping] = useState<Mapping | null>(null);
  const [only, setOnly] = useState<Outcome | 'all'>('all');
  const [done, setDone] = useState<number | null>(null);
  const [result, setResult] = useState<readonly ImportedRow[] | null>(null);
  const task = useTask();

  const { text, encoding } = useMemo(
    () => decodeText(file.bytes, saidEncoding),
    [file, saidEncoding],
  );
  const separator = useMemo(() => saidSeparator ?? guessSeparator(text), [saidSeparator, text]);
  const [head, records] = useMemo(() => {
    const [first, ...rest] = readCsv(text, separator);
    return [first?.cells ?? [], rest] as const;
  }, [text, separator]);
  const mapping = useMemo(
    () => saidMapping ?? readMapping(remembered ?? null, head) ?? guessMapping(head),
    [saidMapping, remembered, head],
  );
  const make = makesItems(session);
  const rights = useMemo<ImportRights>(
    () => ({
      make,
      mayChange: (item) => session.mayRow('inventory_items', 'update', { ...item }),
    }),
    [make, session],
  );
  const plan = useMemo(
    () => planImport(records, mapping, file.items, rights),
    [records, mapping, file.items, rights],
  );
  const counts = Map.groupBy(plan, ({ outcome }) => outcome);
  const count = (outcome: Outcome): number => counts.get(outcome)?.length ?? 0;
  const writes = count('new') + count('changed');
  const canImport = writes > 0 && mapping.sku !== undefined && !task.busy;

  const run = () =>
    task.run(async () => {
      setDone(0);
      remember(writeMapping(mapping, head));
      // What is here may have changed while somebody looked: it is planned by what is here now.
      const fresh = planImport(records, mapping, await readItems(), rights);
      setResult(await write(fresh, file.name, setDone));
    });
  usePageKeys('importItems', { run: canImport && !result ? () => void run() : null });

  if (result) {
    return <ImportResult rows={result} wrong={count('wrong')} another={props.another} />;
  }
  const shown = only === 'all' ? plan : (counts.get(only) ?? []);
  return (
    <>
      <PageHeader title={t('import.title')} count={file.name}>
        <Button variant="default" onClick={props.another} disabled={task.busy}>
          {t('import.another')}
        </Button>
        <Button
          leftSection={<IconFileImport size={18} stroke={1.5} />}
          disabled={!canImport}
          loading={task.busy}
          onClick={() => void run()}
          aria-keyshortcuts="Control+Enter"
          title="Ctrl+Enter"
          data-testid="import-run"
        >
          {t('import.run', { n: writes })}
        </Button>
      </PageHeader>
      <div className="g-import">
        <section className="g-import-columns g-stack" aria-label={t('import.columns')}>
          {task.error && <ErrorNote error={task.error} />}
          {done !== null && task.busy && (
            <div role="status" data-testid="import-progress" data-done={done}>
              <p>{t('import.progress', { done, n: writes })}</p>
              <Progress
                size={6}
                value={writes === 0 ? 0 : (done / writes) * 100}
                aria-label={t('import.progress', { done, n: writes })}
              />
            </div>
          )}
          <div className="g-row" style={{ alignItems: 'flex-start' }}>
            <Select
              label={t('import.encoding')}
              data={ENCODINGS.map((value) => ({ value, label: ENCODING_NAMES[value] }))}
              value={encoding}
              onChange={(value) => setEncoding(ENCODINGS.find((one) => one === value) ?? null)}
              allowDeselect={false}
              data-testid="import-encoding"
            />
            <Select
              label={t('import.separator')}
              data={SEPARATORS.map((value) => ({ value, label: separatorWords(t, value) }))}
              value={separator}
              onChange={(value) => setSeparator(SEPARATORS.find((one) => one === value) ?? null)}
              allowDeselect={false}
              data-testid="import-separator"
            />
          </div>
          <ImportMapping
            head={head}
            sample={records[0]?.cells ?? []}
            mapping={mapping}
            change={setMapping}
          />
        </section>
        <section className="g-list" aria-label={t('import.rows')}>
          {mapping.sku === undefined && (
            <Note tone="amber" icon={IconAlertTriangle} role="alert">
              {t('import.needsSku')}
            </Note>
          )}
          <div className="g-filters">
            <SegmentedControl
              aria-label={t('import.rows')}
              size="xs"
              value={only}
              onChange={(value) => setOnly(OUTCOMES.find((one) => one === value) ?? 'all')}
              data={[
                { value: 'all', label: `${t('inventory.all')} ${plan.length}` },
                ...OUTCOMES.map((value) => ({
                  value,
                  label: `${t(`import.outcome.${value}`)} ${count(value)}`,
                })),
              ]}
            />
          </div>
          <PlanTable rows={shown} />
        </section>
      </div>
    </>
  );
}

const ENCODING_NAMES = {
  'utf-8': 'UTF-8',
  'windows-1252': 'Windows-1252',
  'utf-16le': 'UTF-16',
} as const satisfies Record<Encoding, string>;

const separatorWords = (t: T, separator: Separator): string =>
  ({ ',': t('import.comma'), ';': t('import.semicolon'), '\t': t('import.tab') })[separator];

/** What each record would do, and why not. */
function PlanTable({ rows }: { rows: readonly PlannedRow[] }) {
  const { t } = useI18n();
  const columns = useMemo<readonly Column<PlannedRow>[]>(
    () => [
      ...recordColumns<PlannedRow>(t),
      {
        id: 'outcome',
        title: t('import.what'),
        minWidth: 112,
        sort: (row) => OUTCOMES.indexOf(row.outcome),
        text: (row) => t(`import.outcome.${row.outcome}`),
        cell: (row) => (
          <StatusPill tone={MARKS[row.outcome].tone} icon={MARKS[row.outcome].icon}>
            {t(`import.outcome.${row.outcome}`)}
          </StatusPill>
        ),
      },
      {
        id: 'name',
        title: t('inventory.item'),
        minWidth: 150,
        grow: 2,
        drop: 1,
        sort: (row) => row.name,
        cell: (row) => <span title={row.name}>{row.name}</span>,
      },
      {
        id: 'why',
        title: t('import.why'),
        minWidth: 220,
        grow: 6,
        text: (row) => whyWords(t, row),
        cell: (row) => (
          <span className="g-two-lines" title={whyWords(t, row)}>
            {whyWords(t, row)}
          </span>
        ),
      },
    ],
    [t],
  );
  return (
    <DataTable
      label={t('import.rows')}
      rows={rows}
      columns={columns}
      rowId={(row) => String(row.line)}
      rowTestId={() => 'import-row'}
      rowData={(row) => ({ 'data-outcome': row.outcome, 'data-line': String(row.line) })}
      initialSort={BY_LINE}
      rowHeight={44}
      exportName={t('import.rows').toLowerCase()}
      name="import-plan"
      empty={<EmptyState icon={IconCircleCheck} title={t('import.noRows')} />}
    />
  );
}

const BY_LINE = [{ id: 'line', desc: false }];

function whyWords(t: T, row: PlannedRow): string {
  if (row.outcome === 'wrong') {
    return row.problems.map((problem) => importProblemWords(t, problem)).join(' ');
  }
  if (row.outcome !== 'changed') return '';
  const text = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : '…';
  return Object.entries(row.changes)
    .map(([field, value]) =>
      field === 'packs'
        ? fieldWord(t, field)
        : `${fieldWord(t, field)}: ${text(row.before[field as keyof typeof row.before])} → ${text(value)}`,
    )
    .join('; ');
}
