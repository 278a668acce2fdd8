import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { TABLES } from '#shared/schema/tables.ts';
import { createLogger } from './logger.ts';
import type { LogFields } from './logger.ts';

/** Tries to get something about a person into a line. */

const PERSON = {
  name: 'Ada Lovelace',
  born: '1984-03-05',
  phone: '+1 555 010 0001',
  email: 'ada@clinic.example',
  mrn: 'MRN 0048213',
  note: 'Itches since Tuesday, left arm',
};

function lineOf(fields: unknown, message = 'x'): string {
  const lines: string[] = [];
  const log = createLogger({ level: 'debug', write: (line) => lines.push(line) });
  log.child({ request: 'r1' }).warn(message, fields as LogFields);
  return lines[0] ?? '';
}

const gone = (line: string): void => {
  for (const word of ['Ada', 'Lovelace', '1984', '555', 'clinic.example', '0048213', 'Itches']) {
    expect(line).not.toContain(word);
  }
};

describe('a line cannot tell who somebody is', () => {
  test.each([
    ['under names of fields of records', PERSON],
    ['as one word under such a name', { family_name: 'Lovelace', patient_name: 'Ada', dob: 1984 }],
    ['as text under any name', { reason: PERSON.note, code: PERSON.name, x: PERSON.mrn }],
    [
      'as phone, day and e-mail under any name',
      { a: PERSON.phone, b: PERSON.born, c: PERSON.email },
    ],
    ['in a list', { tables: [PERSON.name, PERSON.note] }],
    ['as an object that the types forbid', { row: PERSON, thing: PERSON, list: [PERSON] }],
    [
      'in a statement, where a value was written into its text',
      { statement: "select 1 from patients where family_name = 'Lovelace' and note = 'Ada''s'" },
    ],
    ['in the words of an error', { error: String(new Error(`no patient ${PERSON.name}`)) }],
  ])('%s', (_how, fields) => gone(lineOf(fields)));

  test('in the message itself: what can be known by its shape', () => {
    const line = lineOf({}, `for ${PERSON.email}, ${PERSON.phone}, born ${PERSON.born}`);
    expect(JSON.parse(line)).toMatchObject({ message: 'for [e-mail], [phone], born [day]' });
  });

  test('no field of a table that is about people is a name that a line takes', () => {
    for (const table of ['patients', 'users'] as const) {
      for (const name of Object.keys(TABLES[table].fields)) {
        if (/_id$|status|_at$|language|active|required/.test(name)) continue;
        const line = lineOf({ [name]: PERSON.note });
        expect(line, `${table}.${name}`).not.toContain('Itches');
      }
    }
  });
});

test('what is ours stands as it was passed', () => {
  const fields = {
    code: 'SYNC_UNIQUE_TAKEN',
    request: '01a22e86-b7f7-74a1-9457-e86bee03a741',
    ms: 12,
    ok: true,
    none: null,
    tables: ['inventory_items', 'users'],
    route: '/v1/push',
    version: '17.4.1',
    at: ['run (/app/sync-server/sync/push.ts:12:3)'],
    statement: 'select id from public.users where id = $1',
    host: '127.0.0.1',
  };
  expect(JSON.parse(lineOf(fields))).toMatchObject(fields);
});

test('every message in the sources is a constant, so that nothing can be put into it', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const call = /\b(?:log|lines|logger)\.(?:debug|info|warn|error)\(\s*([A-Z_]+\b|[^\s])/g;
  let calls = 0;
  for (const folder of ['shared', 'desktop', 'sync-server']) {
    const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files) {
      if (!/\.tsx?$/.test(file) || /\.(test|suite)\.tsx?$/.test(file)) continue;
      const source = readFileSync(path.join(root, folder, file), 'utf8');
      for (const [line, first] of source.matchAll(call)) {
        calls += 1;
        expect(first, `${folder}/${file}: ${line}`).toMatch(/^'$|^[A-Z_]{2,}$/);
      }
    }
  }
  expect(calls).toBeGreaterThan(50);
});
