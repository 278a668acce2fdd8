import type { SiteCode } from '../../supabase/demo/people.ts';
import type { Day } from './calendar.ts';
import type { DemoPatient } from './patients.ts';
import type { Rng } from './rng.ts';
import type { Staff } from './world.ts';

export interface VisitType {
  readonly name: string;
  readonly minutes: number;
  readonly isProcedure: boolean;
  readonly reasons: readonly string[];
  /** Items that the visit uses up: SKU and the most base units. */
  readonly uses: readonly (readonly [sku: string, most: number])[];
}

/** One visit that took place, as check-in, handouts, stock and authorizations see it. */
export interface Visit {
  readonly id: string;
  readonly day: Day;
  readonly site: SiteCode;
  readonly patient: DemoPatient;
  readonly provider: Staff;
  readonly type: VisitType;
  readonly isNew: boolean;
  readonly arrivedAt: number;
  readonly startsAt: number;
  readonly endsAt: number;
  /** Random numbers of this visit. */
  readonly rng: Rng;
}

export const VISIT_TYPES: readonly (readonly [type: VisitType, weight: number])[] = [
  [type('Follow-up', 15, ['Acne follow-up', 'Eczema follow-up', 'Psoriasis follow-up']), 38],
  [type('Full skin exam', 20, ['Yearly skin check', 'History of melanoma']), 21],
  [
    type(
      'Spot check',
      15,
      ['Changing mole', 'New growth', 'Rough spots'],
      [
        ['LN2-L', 1],
        ['GAU-22', 2],
      ],
    ),
    11,
  ],
  [
    type(
      'Biopsy',
      20,
      ['Suspicious lesion', 'Rash of unknown cause'],
      [
        ['BLD-SHV', 1],
        ['SPC-JAR', 1],
        ['LID-1-EPI', 1],
        ['GAU-22', 4],
        ['BND-FLEX', 1],
      ],
      true,
    ),
    9,
  ],
  [
    type(
      'Excision',
      45,
      ['Basal cell carcinoma', 'Dysplastic nevus'],
      [
        ['TRY-PREP', 1],
        ['BLD-15', 1],
        ['SUT-NYL-40', 1],
        ['LID-1-EPI', 1],
        ['SPC-JAR', 1],
        ['GLV-STR-75', 2],
      ],
      true,
    ),
    4,
  ],
  [
    type(
      'Injection',
      15,
      ['Keloid', 'Alopecia areata', 'Cystic acne'],
      [
        ['TRI-10', 1],
        ['SYR-1', 1],
        ['NDL-30', 2],
      ],
      true,
    ),
    7,
  ],
  [type('Suture removal', 10, ['Sutures after excision'], [['STR-CLS', 1]]), 4],
  [type('Patch test reading', 15, ['Contact dermatitis']), 2],
  [type('Medication check', 15, ['Isotretinoin monthly visit', 'Biologic follow-up']), 4],
];

/** The visit of somebody who was never here. */
export const NEW_PATIENT = type('New patient', 30, [
  'Acne',
  'Eczema',
  'Psoriasis',
  'Rash',
  'Skin check',
  'Hair loss',
  'Wart',
]);

function type(
  name: string,
  minutes: number,
  reasons: readonly string[],
  uses: VisitType['uses'] = [],
  isProcedure = false,
): VisitType {
  return { name, minutes, isProcedure, reasons, uses };
}
