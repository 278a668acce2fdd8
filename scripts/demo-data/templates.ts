import { createHash } from 'node:crypto';
import type { OrSet } from '#shared/schema/or-set.ts';
import { addMember } from '#shared/schema/or-set.ts';
import type { Step } from './book.ts';
import { DAY_MS, addDays } from './calendar.ts';
import { SITE_CODES, person, siteId } from './world.ts';
import type { World } from './world.ts';

type Category = 'education' | 'treatment' | 'medication' | 'pre_procedure' | 'post_procedure';

export interface DemoHandout {
  readonly code: string;
  readonly title: string;
  readonly category: Category;
  readonly physicianReview: boolean;
  readonly dx: string;
  readonly spanish: boolean;
}

export const HANDOUTS: readonly DemoHandout[] = [
  handout('acne-basics', 'Acne: how to care for your skin', 'education', 'L70.0', true),
  handout('acne-regimen', 'Your acne plan, morning and evening', 'treatment', 'L70.0', true),
  handout('eczema-regimen', 'Your eczema plan', 'treatment', 'L20.9', true),
  handout('isotretinoin', 'Isotretinoin: what you need to know', 'medication', 'L70.0'),
  handout('patch-testing', 'Before your patch test', 'pre_procedure', 'L23.9'),
  handout('rosacea', 'Living with rosacea', 'education', 'L71.9'),
  handout('sun-protection', 'Protecting your skin from the sun', 'education', 'L57.0', true),
  handout('vinegar-soak', 'Vinegar soaks for nails', 'treatment', 'B35.1'),
  handout('biopsy-care', 'Caring for your skin after a biopsy', 'post_procedure', 'D48.5', true),
  handout('surgery-care', 'After your skin surgery', 'post_procedure', 'C44.91', true),
];

export interface DemoForm {
  readonly code: string;
  readonly kind: 'intake' | 'consent' | 'medical_history' | 'financial' | 'hipaa';
  readonly title: string;
  readonly required: readonly string[];
  readonly signatures: readonly ('consent' | 'financial' | 'hipaa')[];
}

export const FORMS: readonly DemoForm[] = [
  form('intake', 'intake', 'About you', ['reason', 'referred_by']),
  form('history', 'medical_history', 'Your health', ['skin_cancer', 'allergies', 'medications']),
  form('procedure-consent', 'consent', 'Consent to a procedure', ['procedure'], ['consent']),
  form('financial', 'financial', 'Financial agreement', ['agrees'], ['financial']),
  form('hipaa', 'hipaa', 'Notice of privacy practices', ['received'], ['hipaa']),
];

export const handoutVersionId = (
  { book }: World,
  code: string,
  locale: 'en' | 'es' = 'en',
  version = 2,
): string => book.namedId('handout-version', code, locale, String(version));

export const formVersionId = ({ book }: World, code: string, locale: 'en' | 'es' = 'en'): string =>
  book.namedId('form-version', code, locale);

export const formHash = (code: string, locale: string): string => sha256(`form ${code} ${locale}`);

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Texts are written by the buyer's office and approved by the medical approver, who is another. */
const AUTHOR = person('manager');
const APPROVER = person('provider');

const approved = (at: number): Step[] => [
  ['in_review', at + DAY_MS, AUTHOR],
  ['approved', at + 4 * DAY_MS, APPROVER],
];

export function writeTemplates(world: World): void {
  writeHandouts(world);
  writeForms(world);
}

function writeHandouts(world: World): void {
  const { book, began } = world;
  for (const [nth, one] of HANDOUTS.entries()) {
    const at = began - (120 - nth) * DAY_MS;
    const maker = { at, by: AUTHOR };
    const template = book.namedId('handout', one.code);
    book.add(
      'handout_templates',
      maker,
      {
        code: one.code,
        title: one.title,
        category: one.category,
        specialty_tags: setOf(book.hlc(at), ['dermatology', one.category]),
        diagnosis_codes: setOf(book.hlc(at), [one.dx]),
        owner_id: AUTHOR,
        physician_review: one.physicianReview,
        status: 'active',
      },
      template,
    );
    const version = (
      locale: 'en' | 'es',
      versionNo: number,
      madeAt: number,
      steps: readonly Step[],
    ): string => {
      const id = handoutVersionId(world, one.code, locale, versionNo);
      const reached = steps.at(-1)?.[0] ?? 'draft';
      const isSettled = !['draft', 'in_review', 'rejected'].includes(reached);
      book.addMoved(
        'handout_template_versions',
        { at: madeAt, by: AUTHOR },
        {
          template_id: template,
          version_no: isSettled ? versionNo : null,
          locale,
          source_version_id:
            locale === 'es' ? handoutVersionId(world, one.code, 'en', versionNo) : null,
          body: textBlocks(one.title, locale),
          fields_schema: one.category === 'treatment' ? FREQUENCY : [],
          rules: [],
          reading_grade: 55 + nth,
          review_by: addDays(world.options.today, nth === 3 ? -20 : 120 + nth * 20),
          author_id: AUTHOR,
          approved_by: isSettled ? APPROVER : null,
          content_hash: isSettled ? sha256(id) : null,
        },
        'draft',
        steps,
        id,
      );
      return id;
    };
    const isRecalled = one.code === 'isotretinoin';
    const secondAt = isRecalled ? recalledAt(world) - 5 * DAY_MS : at + 30 * DAY_MS;
    const first = version('en', 1, at, [
      ...approved(at),
      isRecalled
        ? ['recalled', recalledAt(world), null]
        : ['superseded', secondAt + 4 * DAY_MS, null],
    ]);
    version('en', 2, secondAt, approved(secondAt));
    if (one.spanish) version('es', 2, at + 33 * DAY_MS, approved(at + 33 * DAY_MS));
    if (nth === 0) version('en', 3, world.now - 9 * DAY_MS, []);
    if (nth === 5) {
      version('en', 3, world.now - 6 * DAY_MS, [['in_review', world.now - 2 * DAY_MS, AUTHOR]]);
    }
    if (isRecalled) {
      book.add(
        'handout_recalls',
        { at: recalledAt(world), by: null },
        {
          version_id: first,
          reason: 'The programme for pregnancy tests has changed.',
          severity: 'high',
          action: 'call',
          recalled_by: APPROVER,
          recalled_at: recalledAt(world),
        },
        recallId(world),
      );
    }
  }
}

/** One text turns out to be wrong when two thirds of the time have passed. */
export const recalledAt = ({ began, now }: World): number =>
  began + Math.floor(((now - began) * 2) / 3);

export const recallId = ({ book }: World): string => book.namedId('recall', 'isotretinoin');

function writeForms(world: World): void {
  const { book, began } = world;
  for (const [nth, one] of FORMS.entries()) {
    const at = began - (90 - nth) * DAY_MS;
    const template = book.namedId('form', one.code);
    book.add(
      'form_templates',
      { at, by: AUTHOR },
      {
        code: one.code,
        title: one.title,
        kind: one.kind,
        appointment_types: setOf(book.hlc(at), one.kind === 'consent' ? ['Procedure'] : ['Any']),
        site_ids: SITE_CODES.map(siteId).toSorted(),
        owner_id: AUTHOR,
        status: 'active',
      },
      template,
    );
    for (const locale of ['en', 'es'] as const) {
      const made = locale === 'en' ? at : at + DAY_MS;
      book.addMoved(
        'form_template_versions',
        { at: made, by: AUTHOR },
        {
          template_id: template,
          version_no: 1,
          locale,
          source_version_id: locale === 'es' ? formVersionId(world, one.code) : null,
          body: one.required.map((name) => ({ type: 'question', name, required: true })),
          required: [...one.required],
          signatures: [...one.signatures],
          review_by: addDays(world.options.today, 200),
          author_id: AUTHOR,
          approved_by: APPROVER,
          content_hash: formHash(one.code, locale),
        },
        'draft',
        approved(made),
        formVersionId(world, one.code, locale),
      );
    }
  }
}

const FREQUENCY = [{ name: 'washes_per_day', type: 'number', min: 1, max: 5, required: true }];

function textBlocks(title: string, locale: 'en' | 'es'): { type: string; text: string }[] {
  const words =
    locale === 'en'
      ? 'Follow the steps below. Call us when something worries you.'
      : 'Siga los pasos de abajo. Llámenos si algo le preocupa.';
  return [
    { type: 'heading', text: title },
    { type: 'paragraph', text: words },
  ];
}

export const setOf = (hlc: string, members: readonly string[]): OrSet =>
  members.reduce<OrSet>((set, member) => addMember(set, member, hlc), {});

function handout(
  code: string,
  title: string,
  category: Category,
  dx: string,
  spanish = false,
): DemoHandout {
  const physicianReview = category === 'medication';
  return { code, title, category, physicianReview, dx, spanish };
}

function form(
  code: string,
  kind: DemoForm['kind'],
  title: string,
  required: readonly string[],
  signatures: DemoForm['signatures'] = [],
): DemoForm {
  return { code, kind, title, required, signatures };
}
