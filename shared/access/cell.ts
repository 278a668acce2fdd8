import type { GrantedRole } from '#shared/schema/roles.ts';

/**
 * How far a right reaches: own rows, rows of one's team, rows of the grant's sites (and those of no
 * site), or all.
 */
export type Reach = 'own' | 'team' | 'sites' | 'all';

/** metadata: that a row exists, since when, where and in which state, but not what it says. */
export const OPERATIONS = ['read', 'create', 'update', 'approve', 'metadata'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Only rows whose field holds one of these values; of an update, the row as it was before. */
export interface Only {
  readonly field: string;
  readonly values: readonly string[];
}

export type Cell = Readonly<Partial<Record<Operation, Reach>>> & {
  readonly only?: Readonly<Partial<Record<Operation, Only>>>;
};
export type Cells = Readonly<Partial<Record<GrantedRole, Cell>>>;

const LETTERS: Readonly<Record<string, Operation>> = {
  R: 'read',
  C: 'create',
  U: 'update',
  A: 'approve',
  M: 'metadata',
};
const SUFFIXES: Readonly<Record<string, Reach>> = { o: 'own', t: 'team', l: 'sites', '*': 'all' };

/**
 * A cell in the notation of the role matrix: words of letters (R read, C create, U update, A approve,
 * M metadata) and a suffix (o own, t team, l own sites, * all), as in `RCl` or `R* CUo`.
 * @throws TypeError for anything else
 */
export function cell(code: string, only: NonNullable<Cell['only']> = {}): Cell {
  const out: Partial<Record<Operation, Reach>> = {};
  for (const word of code.split(' ')) {
    const match = /^([RCUAM]+)([otl*])$/.exec(word);
    const reach = SUFFIXES[match?.[2] ?? ''];
    if (!match || !reach) throw new TypeError(`cell: ${code}`);
    for (const letter of match[1] ?? '') {
      const operation = LETTERS[letter];
      if (operation) out[operation] = reach;
    }
  }
  return Object.keys(only).length === 0 ? out : { ...out, only };
}

/** Cells of one table, by role; `FD CS: 'Rl'` gives both roles the same. */
export function cells(codes: Readonly<Record<string, string | Cell>>): Cells {
  const out: Partial<Record<GrantedRole, Cell>> = {};
  for (const [roles, code] of Object.entries(codes)) {
    for (const role of roles.split(' ') as GrantedRole[]) {
      if (out[role]) throw new TypeError(`cells: ${role} twice`);
      out[role] = typeof code === 'string' ? cell(code) : code;
    }
  }
  return out;
}

/** For drafts: made and changed as long as they are one. */
export const onlyDrafts = (field = 'status', states: readonly string[] = ['draft']) => ({
  create: { field, values: [states[0] ?? 'draft'] },
  update: { field, values: states },
});
