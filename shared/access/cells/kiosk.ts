import { cell, cells, onlyDrafts } from '../cell.ts';

/** The desk sees the bodies of what it explains itself: money and privacy. */
const DESK_FORMS = { read: { field: 'kind', values: ['financial', 'hipaa'] } };
const DESK_SIGNATURES = { read: { field: 'purpose', values: ['financial', 'hipaa'] } };

export const KIOSK_CELLS = {
  kiosk_devices: cells({ 'FD KD': 'Rl', MG: 'RU*', LM: 'RUl', 'IT SA': 'RCU*' }),
  kiosk_sessions: cells({
    FD: 'RCUl',
    KD: 'RCUo',
    'CS PR': 'Rl',
    'MG IT SA': 'M*',
    LM: 'Ml',
  }),
  kiosk_schedule: cells({ KD: 'Rl' }),
  check_in_records: cells({
    'FD CS': 'RCl',
    KD: 'Cl',
    'PR LM': 'Rl',
    MG: 'R*',
    SA: 'M*',
  }),
  form_templates: cells({
    'FD KD': 'Rl',
    'CS PR SA': 'R*',
    MG: 'RCUA*',
    LM: 'RCl',
    IT: 'M*',
  }),
  form_template_versions: cells({
    'FD KD': 'Rl',
    'CS PR SA': 'R*',
    MG: 'RCUA*',
    LM: cell('RCUl', onlyDrafts()),
    IT: 'M*',
  }),
  form_submissions: cells({
    FD: cell('Rl', DESK_FORMS),
    KD: 'Cl',
    CS: 'RAl',
    PR: 'RA*',
    MG: 'M*',
    LM: 'Ml',
  }),
  form_submission_summaries: cells({ FD: 'Rl' }),
  digital_signatures: cells({
    FD: cell('Rl', DESK_SIGNATURES),
    KD: 'Cl',
    CS: 'Rl',
    PR: 'R*',
    MG: 'M*',
    LM: 'Ml',
  }),
  signature_invalidations: cells({ CS: 'RCl', PR: 'RC*', MG: 'M*' }),
  patient_field_changes: cells({
    FD: 'RCAl',
    KD: 'Cl',
    CS: 'RCl',
    PR: 'R*',
    MG: 'RA*',
    LM: 'RAl',
  }),
  patient_field_decisions: cells({ 'FD LM': 'RCl', CS: 'Rl', PR: 'R*', MG: 'RC*' }),
  insurance_captures: cells({ FD: 'RCUl', KD: 'Cl', 'CS LM': 'Rl', 'PR MG': 'R*' }),
  payment_transactions: cells({
    FD: cell('RCl', {
      create: { field: 'event', values: ['created', 'succeeded', 'deferred', 'reconciled'] },
    }),
    KD: cell('Cl', { create: { field: 'event', values: ['deferred'] } }),
    MG: 'RCA*',
    LM: 'RCAl',
    'IT SA': 'M*',
  }),
};
