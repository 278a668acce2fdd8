import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'oxfmt';
import type { FormatConfig } from 'oxfmt';
import { MACHINES, statesOf } from '#shared/schema/machines.ts';
import type { Guard, Machine, Needs, Transition } from '#shared/schema/machines/steps.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

/**
 * The state machines as a page: a diagram and a table of steps for each.
 * `node scripts/schema/diagrams.ts` writes it.
 */

/** Where the page lies. */
export const DIAGRAMS_FILE = fileURLToPath(
  new URL('../../docs/state-machines.md', import.meta.url),
);

const FORMAT_FILE = new URL('../../.oxfmtrc.json', import.meta.url);

const WHO: Readonly<Record<Needs, string>> = {
  create: 'who may create it',
  update: 'who may edit it',
  approve: 'who may approve it',
  server: 'the server',
};

const ASKS: Readonly<Record<Guard, string>> = {
  none: '',
  'not-author': 'not its author',
  'po-approved': 'an approval of the order as it stands',
  'no-receipts': 'nothing of it has come',
  'claim-granted': 'it holds its slot',
  signed: 'the prescriber signed it as it stands',
  answered: 'the insurer has answered',
};

const HEAD = `<!-- Written by scripts/schema/diagrams.ts from shared/schema/machines: change those, not this. -->

# State machines

What may become what, by whom, and what else has to hold. The screen offers these steps, the server
judges them, and the database holds them in \`private.allowed_transitions\`. _The server_ takes a
step as the effect of a fact: nobody else does. Who may create, edit or approve says the access
matrix.
`;

/** The whole page, in the format of the project; the same for the same machines. */
export async function stateMachines(
  machines: Readonly<Record<string, Machine>> = MACHINES,
): Promise<string> {
  const entries = Object.entries(machines);
  const steps = entries.reduce((sum, [, { transitions }]) => sum + transitions.length, 0);
  const text = [
    HEAD,
    `${entries.length} machines, ${steps} steps.`,
    ...entries.map(([name, machine]) => section(name, machine)),
  ].join('\n\n');
  const options = JSON.parse(await readFile(FORMAT_FILE, 'utf8')) as FormatConfig;
  const { code, errors } = await format(path.basename(DIAGRAMS_FILE), text, options);
  if (errors.length > 0) throw new Error(`diagrams: ${errors[0]?.message ?? 'no format'}`);
  return code;
}

function section(name: string, machine: Machine): string {
  const rows = machine.transitions.map(
    (step) => `| ${step.from} | ${step.to} | ${WHO[step.needs]} | ${ASKS[step.guard] || '–'} |`,
  );
  return [
    `## ${name.replaceAll('_', ' ')}`,
    introduction(machine),
    ['```mermaid', diagram(machine), '```'].join('\n'),
    ['| from | to | who | only if |', '| --- | --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

function introduction({ table, field, initial, author, of, subject }: Machine): string {
  const what =
    of === 'record'
      ? `The field \`${field}\` of \`${table}\``
      : `The rows of \`${table}\` about one \`${subject}\`, each with its \`${field}\``;
  const { editableIn, openFields } = tableOf(table as TableName);
  return [
    `${what}; begins as **${initial}**.`,
    ...(author === null ? [] : [`Its author is \`${author}\`.`]),
    ...(editableIn === null || of !== 'record'
      ? []
      : [
          `Its content is edited as ${either(editableIn)} only` +
            `${openFields.length === 0 ? '.' : `, but for ${either(openFields.map((f) => `\`${f}\``))}.`}`,
        ]),
  ].join(' ');
}

const either = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

/** One line between two states for all steps of a kind. Names of states keep to letters and _. */
function diagram(machine: Machine): string {
  const id = (state: string): string => state.replaceAll('-', '_');
  const states = statesOf(machine);
  const over = states.filter((state) => !machine.transitions.some(({ from }) => from === state));
  return [
    'stateDiagram-v2',
    ...states.filter((s) => s !== id(s)).map((s) => `  state "${s}" as ${id(s)}`),
    `  [*] --> ${id(machine.initial)}`,
    ...machine.transitions.map((step) => `  ${id(step.from)} --> ${id(step.to)}: ${label(step)}`),
    ...over.map((state) => `  ${id(state)} --> [*]`),
  ].join('\n');
}

const label = ({ needs, guard }: Transition): string =>
  guard === 'none' ? needs : `${needs} [${guard}]`;

async function write(file: string): Promise<void> {
  const text = await stateMachines();
  await writeFile(file, text);
  console.log(`${path.relative(process.cwd(), file)}: ${text.split('\n').length - 1} lines`);
}

if (import.meta.main) await write(process.argv[2] ?? DIAGRAMS_FILE);
