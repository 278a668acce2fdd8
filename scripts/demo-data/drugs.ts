import { PLANS } from './plans.ts';
import type { World } from './world.ts';
import { person } from './world.ts';

/** Drugs by their generic names; those that insurers want to be asked about carry diagnoses. */
export interface DemoDrug {
  readonly code: string;
  readonly name: string;
  readonly strength: string;
  readonly form: string;
  readonly drugClass: string;
  readonly highRisk: boolean;
  /** ICD-10 codes for which it is asked for; none: no authorization needed. */
  readonly dx: readonly string[];
  readonly quantity: string;
}

export const DRUGS: readonly DemoDrug[] = [
  drug('dupilumab', '300 mg/2 ml', 'pen', 'IL-4/IL-13 inhibitor', ['L20.9', 'L28.1'], '2 pens'),
  drug('tralokinumab', '150 mg/ml', 'syringe', 'IL-13 inhibitor', ['L20.9'], '4 syringes'),
  drug('upadacitinib', '15 mg', 'tablet', 'JAK inhibitor', ['L20.9'], '30 tablets', true),
  drug('secukinumab', '150 mg/ml', 'pen', 'IL-17A inhibitor', ['L40.0', 'L73.2'], '2 pens'),
  drug('risankizumab', '150 mg/ml', 'pen', 'IL-23 inhibitor', ['L40.0'], '1 pen'),
  drug('adalimumab', '40 mg/0.4 ml', 'pen', 'TNF inhibitor', ['L73.2', 'L40.0'], '2 pens', true),
  drug('apremilast', '30 mg', 'tablet', 'PDE-4 inhibitor', ['L40.0'], '60 tablets'),
  drug('isotretinoin', '40 mg', 'capsule', 'Retinoid', ['L70.0'], '30 capsules', true),
  drug('ruxolitinib cream', '1.5 %', 'cream', 'Topical JAK inhibitor', ['L20.9', 'L80'], '60 g'),
  drug('omalizumab', '150 mg/ml', 'syringe', 'Anti-IgE', ['L50.1'], '2 syringes'),
  drug('tretinoin', '0.05 %', 'cream', 'Retinoid', [], '45 g'),
  drug('doxycycline', '100 mg', 'tablet', 'Tetracycline', [], '60 tablets'),
  drug('triamcinolone', '0.1 %', 'ointment', 'Topical steroid', [], '454 g'),
  drug('clobetasol', '0.05 %', 'ointment', 'Topical steroid', [], '60 g'),
  drug('ketoconazole', '2 %', 'shampoo', 'Antifungal', [], '120 ml'),
  drug('metronidazole', '0.75 %', 'gel', 'Antibacterial', [], '45 g'),
  drug('fluorouracil', '5 %', 'cream', 'Antimetabolite', [], '40 g'),
  drug('spironolactone', '100 mg', 'tablet', 'Aldosterone antagonist', [], '30 tablets'),
  drug('methotrexate', '2.5 mg', 'tablet', 'Antimetabolite', [], '24 tablets', true),
  drug('hydrocortisone', '2.5 %', 'cream', 'Topical steroid', [], '30 g'),
];

export const ASKED_FOR = DRUGS.filter(({ dx }) => dx.length > 0);
export const EVERYDAY = DRUGS.filter(({ dx }) => dx.length === 0);

export const drugId = ({ book }: World, { code }: DemoDrug): string =>
  book.namedId('medication', code);

export const ruleId = ({ book }: World, payer: string, code: string): string =>
  book.namedId('payer-rule', payer, code);
export const ruleVersionId = ({ book }: World, payer: string, code: string): string =>
  book.namedId('payer-rule-version', payer, code, '1');

/** Medications, what each plan asks for them, and how long insurers have to answer. */
export function writeDrugs(world: World): void {
  const { book, began } = world;
  const rng = world.rng('drugs');
  const maker = { at: began, by: null };
  for (const one of DRUGS) {
    book.add(
      'medications',
      maker,
      {
        // No real code of a drug: these are kept out of the ranges in use.
        rxcui: `D${rng.int(100_000, 999_999)}`,
        ndcs: [`00000-${String(rng.int(1, 9999)).padStart(4, '0')}-${rng.int(10, 99)}`],
        name: one.name,
        strength: one.strength,
        form: one.form,
        drug_class: one.drugClass,
        controlled_schedule: 'none',
        high_risk: one.highRisk,
      },
      drugId(world, one),
    );
  }
  for (const { payer, plan, regime } of PLANS) {
    for (const one of ASKED_FOR) {
      book.add(
        'payer_rules',
        maker,
        { payer, plan, medication_id: drugId(world, one), regime, active: true },
        ruleId(world, payer, one.code),
      );
      book.add(
        'payer_rule_versions',
        maker,
        {
          rule_id: ruleId(world, payer, one.code),
          version_no: 1,
          criteria: CRITERIA.map((code) => ({ code, required: code !== 'specialist' })),
          source_url: `https://rules.example/${one.code}`,
          effective_from: world.from,
          verified_by: person('provider'),
        },
        ruleVersionId(world, payer, one.code),
      );
    }
  }
  writeRegimes(world);
}

/** What the rules of the invented plans ask, by code. */
export const CRITERIA = ['diagnosis', 'two_topicals_failed', 'severity_score', 'specialist'];

/** Limits as the domain gives them; the source of each is said in the row. */
function writeRegimes({ book, began, from }: World): void {
  const regimes = [
    ['mi_commercial', 'standard', 168, 'calendar_days', 'submission', true, 'MCL 500.2212e'],
    ['mi_commercial', 'expedited', 72, 'hours', 'submission', true, 'MCL 500.2212e'],
    ['medicare', 'standard', 72, 'hours', 'receipt', false, '42 CFR 423.568'],
    ['medicare', 'expedited', 24, 'hours', 'receipt', false, '42 CFR 423.572'],
    ['medicaid', 'standard', 24, 'hours', 'receipt', false, '42 CFR 438.3(s)'],
    ['medicaid', 'expedited', 24, 'hours', 'receipt', false, '42 CFR 438.3(s)'],
    ['erisa', 'standard', 360, 'hours', 'receipt', false, '29 CFR 2560.503-1'],
    ['erisa', 'expedited', 72, 'hours', 'receipt', false, '29 CFR 2560.503-1'],
  ] as const;
  for (const [regime, urgency, limit_hours, counts, starts_at, deemed_granted, source] of regimes) {
    for (const benefit_type of ['pharmacy', 'medical'] as const) {
      book.add(
        'regime_rules',
        { at: began, by: null },
        {
          regime,
          benefit_type,
          urgency,
          limit_hours,
          counts,
          starts_at,
          restarts_on_more_info: regime === 'mi_commercial',
          deemed_granted,
          source,
          effective_from: from,
        },
      );
    }
  }
}

function drug(
  name: string,
  strength: string,
  form: string,
  drugClass: string,
  dx: readonly string[],
  quantity: string,
  highRisk = false,
): DemoDrug {
  const code = name.replaceAll(' ', '-');
  return { code, name, strength, form, drugClass, highRisk, dx, quantity };
}
