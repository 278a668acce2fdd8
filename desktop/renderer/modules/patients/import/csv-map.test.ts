import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guessMapping, isUsable, momentIn, readRows } from './csv-map.ts';
import { guessSeparator, readCsv } from '../../../ui/csv-read.ts';

const CONTEXT = { zone: 'America/New_York', today: '2026-11-30' };
const read = (text: string) => {
  const records = readCsv(text, guessSeparator(text));
  return readRows(records, guessMapping(records[0]?.cells ?? []), CONTEXT);
};
const problems = (text: string) => read(text).wrong.map(({ row, problem }) => [row, problem]);
const HEAD = 'MRN,Last Name,First Name,DOB,Gender,Mobile,Email';

describe('the meaning of columns', () => {
  test('is guessed by their titles, in English and Spanish, each column once', () => {
    expect(guessMapping(['Chart #', 'Patient Name', 'Date of Birth', 'Cell Phone'])).toEqual({
      mrn: 0,
      full_name: 1,
      birth_date: 2,
      phone: 3,
    });
    expect(guessMapping(['Apellidos', 'Nombre', 'Fecha de nacimiento', 'Teléfono'])).toEqual({
      family_name: 0,
      given_name: 1,
      birth_date: 2,
      phone: 3,
    });
    const { mrn, family_name: family } = guessMapping(['mrn', 'mrn', 'last name', 'surname']);
    expect([mrn, family]).toEqual([0, 2]);
  });

  test('is enough with name and birth date, or a number and a visit', () => {
    expect(isUsable({ full_name: 0, birth_date: 1 })).toBe(true);
    expect(isUsable({ family_name: 0, birth_date: 1 })).toBe(false);
    expect(isUsable({ mrn: 0 })).toBe(false);
    expect(isUsable({ mrn: 0, visit_date: 1 })).toBe(true);
  });
});

describe('rows', () => {
  test('become people', () => {
    const { people, wrong } = read(
      `${HEAD}\nM1,Delgado,Rosa,3/4/61,F,734-555-0142,r@mail.example\n`,
    );
    expect(wrong).toEqual([]);
    expect(people[0]?.fields).toMatchObject({
      mrn: 'M1',
      family_name: 'Delgado',
      given_name: 'Rosa',
      birth_date: '1961-03-04',
      sex: 'female',
      phones: ['734-555-0142'],
      email: 'r@mail.example',
      language: 'en',
    });
  });

  test('of one person are gathered with their visits', () => {
    const { people, wrong } = read(
      'MRN,Patient,DOB,Appointment Date,Time,Minutes,Type,Location\n' +
        'M1,"Delgado, Rosa",1961-03-04,12/1/2026,9:40 AM,20,Follow-up,AA\n' +
        'M1,"Delgado, Rosa",1961-03-04,12/2/2026,13:05,,Biopsy,AA\n' +
        'M1,"Delgado, Rosa",1961-03-04,12/2/2026,13:05,,Biopsy,AA\n' +
        'M2,,,12/3/2026,8:00,,,\n',
    );
    expect(wrong).toEqual([]);
    expect(people.map(({ fields, visits }) => [fields?.family_name, visits.length])).toEqual([
      ['Delgado', 2],
      [undefined, 1],
    ]);
    const [first, second] = people[0]?.visits ?? [];
    expect(first?.fields.starts_at).toBe(Date.parse('2026-12-01T14:40:00Z'));
    expect(first?.fields.ends_at).toBe(Date.parse('2026-12-01T15:00:00Z'));
    expect(second?.fields.ends_at).toBe(Date.parse('2026-12-02T18:20:00Z'));
    expect(first?.site).toBe('AA');
  });

  test.each([
    ['a name that is missing', 'M1,,,3/4/61,F,,', 'name'],
    ['a birth date that no calendar has', 'M1,Delgado,Rosa,2/30/61,F,,', 'birth_date'],
    ['a birth date that is missing', 'M1,Delgado,Rosa,,F,,', 'birth_date'],
    ['a sex that nobody knows', 'M1,Delgado,Rosa,3/4/61,yes,,', 'sex'],
    ['a number that is too long', `${'9'.repeat(21)},Delgado,Rosa,3/4/61,F,,`, 'mrn'],
    ['nobody at all', ',,,,F,,', 'name'],
    ['a quote without its end', 'M1,"Delgado,Rosa,3/4/61,F,,', 'quote'],
  ])('%s are listed with the reason', (_what, row, problem) => {
    expect(problems(`${HEAD}\nM0,Ives,Ben,1/2/70,M,,\n${row}`)).toEqual([[3, problem]]);
  });

  test.each([
    ['12/1/2026,99:00,', 'time'],
    ['12/1/2026,,', 'time'],
    ['13/1/2026,9:00,', 'time'],
    ['12/1/2026,9:00,zero', 'ends'],
    ['12/1/2026,9:00,0', 'ends'],
  ])('the visit %s is listed, its patient is taken', (visit, problem) => {
    const { people, wrong } = read(
      `Name,DOB,Visit date,Time,Minutes\nRosa Delgado,3/4/61,${visit}\n`,
    );
    expect(wrong.map((one) => one.problem)).toEqual([problem]);
    expect(people).toHaveLength(1);
  });

  test('a file of titles alone has nothing in it', () => {
    expect(() => read(HEAD)).toThrow('IMPORT_EMPTY');
  });

  test('every row is taken, listed, or says the same as one before', () => {
    const cell = fc.constantFrom(
      '',
      'M1',
      'Delgado',
      'Rosa',
      '3/4/61',
      'F',
      '"',
      'x'.repeat(90),
      '12/1/26 9:40',
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 7, maxLength: 7 }), { minLength: 1, maxLength: 8 }),
        (rows) => {
          const records = [
            { line: 1, cells: HEAD.split(',') },
            ...rows.map((cells, at) => ({ line: at + 2, cells })),
          ];
          const { people, wrong } = readRows(records, guessMapping(HEAD.split(',')), CONTEXT);
          const told = new Set([...people, ...wrong].map(({ row }) => row));
          const seen = new Set<string>();
          for (const { line, cells } of records.slice(1)) {
            // By number, or by name and birth date: those before it have told of it.
            const key = cells[0] || cells.slice(1, 4).join(' ').toLowerCase();
            if (!seen.has(key)) expect(told).toContain(line);
            if (told.has(line)) seen.add(key);
          }
        },
      ),
    );
  });
});

test.each([
  ['12/1/2026 9:40 AM', '2026-12-01T14:40:00Z'],
  ['12/1/26 9:40p', '2026-12-02T02:40:00Z'],
  ['2026-12-01T09:40', '2026-12-01T14:40:00Z'],
  ['2026-12-01 09:40:30', '2026-12-01T14:40:00Z'],
  ['2026-12-01T09:40:00-08:00', '2026-12-01T17:40:00Z'],
  ['12/1/2026 12 am', '2026-12-01T05:00:00Z'],
  ['7/1/2026 9:40', '2026-07-01T13:40:00Z'],
  ['9:40', '2026-12-24T14:40:00Z'],
  ['12/1/2026', null],
  ['12/1/2026 9', null],
  ['12/1/2026 13 pm', null],
  ['yesterday 9:40', null],
])('the moment %s', (text, instant) => {
  const found = momentIn(text, '2026-12-24', CONTEXT.zone, CONTEXT.today);
  expect(found?.instant ?? null).toBe(instant === null ? null : Date.parse(instant));
});
