/**
 * What else has to hold for a step, beside the right to make it.
 * not-author: who made the content may not make this step · po-approved: an approval of the order as
 * it stands, within the approver's limit · no-receipts: nothing of the order has come ·
 * claim-granted: the visit holds its slot · signed: the prescriber signed the request as it stands ·
 * answered: the insurer has answered the request.
 */
export const GUARDS = [
  'none',
  'not-author',
  'po-approved',
  'no-receipts',
  'claim-granted',
  'signed',
  'answered',
] as const;
export type Guard = (typeof GUARDS)[number];

/** The right that a step needs; server: nobody makes it but the server, as an effect of a fact. */
export type Needs = 'create' | 'update' | 'approve' | 'server';

export interface Transition {
  readonly from: string;
  readonly to: string;
  /** The operation of the access matrix that the actor needs on the table. */
  readonly needs: Needs;
  readonly guard: Guard;
}

export interface Machine {
  readonly table: string;
  readonly field: string;
  readonly initial: string;
  /** Column that names the author for the guard. */
  readonly author: string | null;
  /** record: the field moves · events: each row is a step of the thing that `subject` names. */
  readonly of: 'record' | 'events';
  readonly subject: string;
  readonly transitions: readonly Transition[];
}

/**
 * A machine in short. Each line of `steps` is `from, from > to, to : needs [guard]`.
 * @throws TypeError for a line that is not that
 */
export function machine(
  head: Omit<Machine, 'transitions' | 'author' | 'of' | 'subject'> & {
    author?: string;
    of?: Machine['of'];
    subject?: string;
  },
  steps: string,
): Machine {
  const transitions = steps
    .trim()
    .split('\n')
    .flatMap((line) => {
      const match = /^\s*(.+?) > (.+?) : (\w+)(?: ([\w-]+))?$/.exec(line);
      const [, froms = '', tos = '', needs, guard = 'none'] = match ?? [];
      if (!match || !isGuard(guard) || !isNeeds(needs)) throw new TypeError(`machine: ${line}`);
      return froms
        .split(', ')
        .flatMap((from) => tos.split(', ').map((to) => ({ from, to, needs, guard })));
    });
  return { author: null, of: 'record', subject: 'id', ...head, transitions };
}

const isGuard = (text: string): text is Guard => (GUARDS as readonly string[]).includes(text);
const isNeeds = (text: string | undefined): text is Needs =>
  text === 'create' || text === 'update' || text === 'approve' || text === 'server';
