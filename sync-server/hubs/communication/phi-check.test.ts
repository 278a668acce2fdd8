import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { phiIn } from './phi-check.ts';
import type { KnownOfPatient, PhiReason } from './phi-check.ts';

const known: KnownOfPatient = {
  names: ['Ada', 'Lovelace-Núñez'],
  birthDate: '1990-03-05',
  recordNumber: 'MRN00123',
  medications: ['Dupilumab', 'Isotretinoin', 'Clobetasol propionate'],
};

describe('a text message', () => {
  test.each([
    'Ganger Dermatology: something is ready for you at https://care.example/x1. Reply STOP to end.',
    'Ganger Dermatology: please call us at 734-555-0100 about your visit on Mar 12 at 9:40.',
    'Ganger Dermatology: su visita es el 12 de marzo a las 9:40. Responda STOP para no recibir más.',
    'Your code is 481516. It is valid for 10 minutes.',
    '',
  ])('that says nothing may go: %j', (text) => {
    expect(phiIn(text, known)).toEqual([]);
  });

  test.each<[string, readonly PhiReason[]]>([
    ['Ada, your visit is tomorrow', ['patient-name']],
    ['Sra. LOVELACE-NUNEZ, la esperamos', ['patient-name']],
    ['Born 3/5/1990?', ['birth-date']],
    ['DOB 05.03.90', ['birth-date']],
    ['Chart mrn00123 is ready', ['record-number']],
    ['Your dupilumab was approved', ['medication']],
    ['Pick up clobetasol\n propionate today', ['medication']],
    ['Take 40 mg daily', ['dose']],
    ['Apply the 0.05% cream', ['dose']],
    ['About L40.0: call us', ['diagnosis-code']],
    ['Your psoriasis handout is ready', ['diagnosis']],
    ['Su folleto de dermatítis está listo', ['diagnosis']],
    ['Care after your biopsy', ['procedure']],
    ['Keep the wound on your forehead dry', ['body-site']],
    ['Ada: 40 mg isotretinoin for acne', ['diagnosis', 'dose', 'medication', 'patient-name']],
  ])('that says %j is refused, and why', (text, reasons) => {
    expect(phiIn(text, known)).toEqual(reasons);
  });

  test('is judged the same in any case and spacing, and wherever the word stands', () => {
    const plain = fc.constantFrom('Hello', 'see you', 'at nine,', 'thanks.', '—', '(1)');
    fc.assert(
      fc.property(
        fc.array(plain, { maxLength: 5 }),
        fc.array(plain, { maxLength: 5 }),
        fc.constantFrom('Dupilumab', 'Melanoma', 'Ada', '03/05/1990'),
        fc.constantFrom(' ', '\n', '  '),
        fc.boolean(),
        (before, after, word, gap, isLoud) => {
          const text = [...before, word, ...after].join(gap);
          expect(phiIn(isLoud ? text.toUpperCase() : text, known)).toHaveLength(1);
        },
      ),
    );
  });

  test('does not take a name for one inside of another word', () => {
    expect(phiIn('Nevada is adamant', known)).toEqual([]);
    expect(phiIn('Adalimumab', known)).toEqual([]);
  });
});
