import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SearchTerm } from '#shared/ipc/patient-views.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Read } from './definition.ts';
import { patientTimeline } from './patient-timeline.ts';
import { patientDay, patientMatches, patientSearch } from './patients.ts';
import { SITE, described, id, patientRow, visitRow } from './patients.suite.ts';
import { TestStore, at, rowOf } from './store.suite.ts';

let store: TestStore;
let read: Read;
beforeEach(async () => {
  store = await TestStore.open();
  read = store.database.read.bind(store.database);
});
afterEach(() => store.close());

const TODAY = '2026-11-30';
const word = (text: string): SearchTerm => ({ text, digits: '', births: [] });
const search = (...terms: SearchTerm[]) =>
  patientSearch.compute(read, { terms, today: TODAY, limit: 50 });
const names = (...terms: SearchTerm[]) =>
  search(...terms).rows.map((row) => `${row.given_name} ${row.family_name}`);

describe('searching', () => {
  beforeEach(() =>
    store.put('patients', [
      patientRow('Rosa Delgado', { phones: ['+1 (734) 555-0142'], mrn: 'DEMO0000012' }),
      patientRow('Delia Ross', { birth_date: '1990-04-03' }),
      patientRow('José Núñez-Ortega', { birth_date: '2019-03-04' }),
      patientRow('Siobhán O’Brien', { phones: ['734-555-0199', '248 555 0107'] }),
    ]),
  );

  test('takes beginnings of words in any order, without case and accents', () => {
    expect(names(word('del'))).toEqual(['Rosa Delgado', 'Delia Ross']);
    expect(names(word('ros'), word('del'))).toEqual(['Rosa Delgado', 'Delia Ross']);
    expect(names(word('ortega'), word('jose'))).toEqual(['José Núñez-Ortega']);
    expect(names(word('obrien'))).toEqual(['Siobhán O’Brien']);
    expect(names(word('elgado'))).toEqual([]);
  });

  test('finds a birth date, a day of any year, a year', () => {
    const born = (...births: string[]): SearchTerm => ({ text: '', digits: '', births });
    expect(names(born('1990-04-03'))).toEqual(['Delia Ross']);
    expect(names(born('-03-04'))).toEqual(['Rosa Delgado', 'José Núñez-Ortega', 'Siobhán O’Brien']);
    expect(names(born('2019-'))).toEqual(['José Núñez-Ortega']);
  });

  test('finds digits of any phone and of the record number', () => {
    const digits = (text: string): SearchTerm => ({ text: '', digits: text, births: [] });
    expect(names(digits('5550107'))).toEqual(['Siobhán O’Brien']);
    expect(names(digits('7345550142'))).toEqual(['Rosa Delgado']);
    expect(names(digits('0000012'))).toEqual(['Rosa Delgado']);
    expect(names(word('demo00'))).toEqual(['Rosa Delgado']);
  });

  test('knows how many there are and how many fit, beyond those it shows', () => {
    const { held, total, rows } = patientSearch.compute(read, {
      terms: [],
      today: TODAY,
      limit: 2,
    });
    expect([held, total, rows.length]).toEqual([4, 4, 2]);
  });

  test('follows what is added, changed, joined into another, and what leaves the device', async () => {
    expect(names(word('del'))).toHaveLength(2);
    await store.put('patients', [patientRow('Delphine Aarons')]);
    expect(names(word('del'))[0]).toBe('Rosa Delgado');
    expect(names(word('del'))).toHaveLength(3);
    await store.put('patients', [
      patientRow('Delia Ross', { family_name: 'Marsh', given_name: 'Dee' }),
      patientRow('Rosa Delgado', { merged_into_id: id('Delphine Aarons') }),
    ]);
    expect(names(word('de'))).toEqual(['Delphine Aarons', 'Dee Marsh']);
    store.storage.purge('patients', [id('Delphine Aarons')], { unsent: 'purge' });
    expect(names(word('de'))).toEqual(['Dee Marsh']);
    expect(search().held).toBe(3);
  });

  test('says the visit before today and the next, without those that nobody comes to', async () => {
    const of = (name: string, local_date: string, more = {}) =>
      visitRow(name, {
        patient_id: id('Rosa Delgado'),
        local_date,
        starts_at: Date.parse(`${local_date}T15:00:00Z`),
        ends_at: Date.parse(`${local_date}T15:15:00Z`),
        ...more,
      });
    await store.put('appointments', [
      of('long ago', '2026-11-02'),
      of('last', '2026-11-28'),
      of('missed', '2026-11-29', { status: 'noshow' }),
      of('cancelled', TODAY, { status: 'cancelled' }),
      of('next', '2026-12-01'),
      of('later', '2026-12-02'),
    ]);
    const [rosa] = search(word('delgado')).rows;
    expect(rosa?.last_visit?.id).toBe(id('visit last'));
    expect(rosa?.next_visit?.id).toBe(id('visit next'));
  });
});

describe('matching', () => {
  const match = (more: Parameters<typeof described>[0]) => {
    const [found] = patientMatches.compute(read, { people: [described(more)] });
    const { verdict = 'new', candidates = [] } = found ?? {};
    return { verdict, first: candidates[0], n: candidates.length };
  };

  test.each([
    ['the same name and birth date', {}, 'match'],
    ['written otherwise', { given_name: 'ROSA', family_name: 'délgado ' }, 'match'],
    [
      'the same phone, another birth date and name',
      { given_name: 'Ben', family_name: 'Ives', birth_date: '1999-09-09', phones: ['7345550142'] },
      'new',
    ],
    ['another phone', { phones: ['248-555-0100'] }, 'ambiguous'],
    ['a twin', { given_name: 'Rita', phones: ['7345550142'] }, 'ambiguous'],
    ['a changed family name', { family_name: 'Okafor', phones: ['7345550142'] }, 'ambiguous'],
    ['month and day exchanged', { birth_date: '1961-04-03', phones: ['7345550142'] }, 'ambiguous'],
    [
      'family and given name exchanged',
      { given_name: 'Delgado', family_name: 'Rosa' },
      'ambiguous',
    ],
    ['another record number', { mrn: 'M-2' }, 'ambiguous'],
    ['the record number', { mrn: 'm-1', phones: ['248-555-0100'] }, 'match'],
    [
      'the record number of another name',
      { mrn: 'M-1', given_name: 'Ben', family_name: 'Ives' },
      'ambiguous',
    ],
    ['the id of the EHR', { ehr_id: 'ehr-1', birth_date: null }, 'match'],
    [
      'another name and birth date',
      { given_name: 'Ben', family_name: 'Ives', birth_date: '1999-09-09' },
      'new',
    ],
  ])('%s', async (_what, more, verdict) => {
    await store.put('patients', [
      patientRow('Rosa Delgado', { mrn: 'M-1', ehr_id: 'ehr-1', phones: ['(734) 555-0142'] }),
      patientRow('Ben Other', { birth_date: '1950-01-01' }),
    ]);
    expect(match(more).verdict).toBe(verdict);
  });

  test('two who are equally sure are for a person to tell apart', async () => {
    await store.put('patients', [
      patientRow('Rosa Delgado', { id: newId() }),
      patientRow('Rosa Delgado', { id: newId() }),
    ]);
    expect(match({})).toMatchObject({ verdict: 'ambiguous', n: 2 });
  });

  test('says why', async () => {
    await store.put('patients', [patientRow('Rosa Delgado', { phones: ['7345550142'] })]);
    expect(match({ given_name: 'Rosamund', phones: ['(734) 555 0142'] }).first).toMatchObject({
      score: expect.any(Number) as number,
      why: ['birth', 'name_near', 'phone'],
    });
  });
});

describe('a day at a site', () => {
  test('has its visits in order, with where each stands at the desk', async () => {
    await store.put('patients', [patientRow('Rosa Delgado')]);
    await store.put('appointments', [
      visitRow('late', { patient_id: id('Rosa Delgado'), starts_at: at(60).ms }),
      visitRow('early', { patient_id: id('somebody not here') }),
      visitRow('wrong', { patient_id: id('Rosa Delgado'), status: 'entered-in-error' }),
      visitRow('other day', { patient_id: id('Rosa Delgado'), local_date: '2026-12-01' }),
    ]);
    const fact = (name: string, minute: number, more: Record<string, unknown>) =>
      rowOf('check_in_records', {
        id: id(name),
        location_id: SITE,
        appointment_id: id('visit late'),
        patient_id: id('Rosa Delgado'),
        event: 'arrived',
        source: 'desk',
        occurred_at: at(minute).ms,
        local_date: TODAY,
        hlc: at(minute).hlc,
        ...more,
      });
    const day = () => patientDay.compute(read, { locationId: SITE, date: TODAY });
    await store.put('check_in_records', [fact('came', 1, {})]);
    expect(day().map(({ id: visit, desk }) => [visit, desk])).toEqual([
      [id('visit early'), 'expected'],
      [id('visit late'), 'arrived'],
    ]);
    expect(day()[0]).toMatchObject({ family_name: null });
    expect(day()[1]).toMatchObject({ family_name: 'Delgado', arrival_id: id('came') });
    await store.put('check_in_records', [
      fact('undone', 2, { event: 'undo', undoes_id: id('came') }),
    ]);
    expect(day()[1]).toMatchObject({ desk: 'expected', arrival_id: null });
  });
});

describe('a timeline', () => {
  test('joins what the device has, the latest first, a payment as one line', async () => {
    const patient_id = id('Rosa Delgado');
    await store.put('patients', [patientRow('Rosa Delgado')]);
    await store.put('appointments', [visitRow('one', { patient_id, starts_at: at(1).ms })]);
    await store.put('appointments', [visitRow('of another', { patient_id: id('Ben Other') })]);
    const paid = (event: string, minute: number) =>
      rowOf('payment_transactions', {
        id: id(event),
        location_id: SITE,
        patient_id,
        intent_id: id('intent'),
        idempotency_key: 'intent-1',
        purpose: 'copay',
        amount_cents: 2500,
        currency: 'USD',
        method: 'cash',
        event,
        occurred_at: at(minute).ms,
        local_date: TODAY,
        hlc: at(minute).hlc,
      });
    await store.put('payment_transactions', [paid('created', 3), paid('succeeded', 4)]);
    await store.put('consents', [
      rowOf('consents', {
        id: id('consent'),
        location_id: SITE,
        patient_id,
        purpose: 'photo',
        decision: 'given',
        method: 'written',
        given_at: at(2).ms,
        hlc: at(2).hlc,
      }),
    ]);
    const { kinds, events } = patientTimeline.compute(read, { patientId: patient_id, limit: 100 });
    expect(events.map(({ kind, code, about, cents }) => [kind, code, about, cents])).toEqual([
      ['payment', 'succeeded', 'copay', 2500],
      ['consent', 'given', 'photo', null],
      ['visit', 'booked', 'Follow-up', null],
    ]);
    expect(kinds.toSorted()).toEqual(['consent', 'desk', 'handout', 'payment', 'visit']);
  });
});

test('20,000 patients are searched while somebody types, and matched by the hundred', async () => {
  const given = ['Rosa', 'Ana', 'Ben', 'Carl', 'Dora', 'Emil', 'Fay', 'Gus', 'Ida', 'José'];
  const rows = Array.from({ length: 20_000 }, (_, n) =>
    patientRow(`${given[n % 10]} Family${(n * 7919) % 4001}`, {
      id: id(`many ${n}`),
      mrn: `M${String(n).padStart(7, '0')}`,
      birth_date: new Date(Date.UTC(1930, 0, 1 + n)).toISOString().slice(0, 10),
      phones: [`734555${String(n).padStart(4, '0')}`],
    }),
  );
  for (let from = 0; from < rows.length; from += 2000) {
    await store.put('patients', rows.slice(from, from + 2000));
  }
  const took = (work: () => unknown): number => {
    const started = performance.now();
    work();
    return performance.now() - started;
  };
  const first = took(() => search());
  const typed = ['f', 'fa', 'family1', 'family12', 'family123'].map((text) =>
    took(() => search(word(text), word('ros'))),
  );
  await store.put('patients', [patientRow('Zoë Added')]);
  const afterWrite = took(() => search(word('zoe')));
  const people = rows.slice(500, 600).map((row, n) => ({
    ...described({ key: String(n), birth_date: String(row['birth_date']) }),
    given_name: String(row['given_name']),
    family_name: String(row['family_name']),
  }));
  const matched = took(() => patientMatches.compute(read, { people }));
  expect(names(word('zoe'))).toEqual(['Zoë Added']);
  // Typing is milliseconds; the bounds leave room for a machine that does ten things at once.
  expect(Math.min(...typed)).toBeLessThan(200);
  expect(Math.max(afterWrite, matched)).toBeLessThan(1000);
  expect(first).toBeLessThan(3000);
}, 60_000);
