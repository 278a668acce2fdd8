import { cell, cells, onlyDrafts } from '../cell.ts';

export const HANDOUT_CELLS = {
  handout_templates: cells({
    'FD CS': 'R*',
    PR: 'RCUA*',
    MG: 'RCU*',
    LM: 'R* Cl',
    'IT SA': 'M*',
  }),
  handout_template_versions: cells({
    FD: 'R*',
    CS: cell('R* CUl', onlyDrafts()),
    PR: 'RCUA*',
    MG: cell('RCU*', onlyDrafts()),
    LM: cell('R* CUl', onlyDrafts()),
    'IT SA': 'M*',
  }),
  handout_packs: cells({ CS: 'RCl', PR: 'RC*', 'MG IT': 'M*' }),
  generated_handouts: cells({ CS: 'Rl', PR: 'R*', 'MG IT': 'M*' }),
  handout_voids: cells({ CS: 'RCl', PR: 'RC*', MG: 'M*' }),
  delivery_tracking: cells({
    FD: 'Rl',
    CS: 'RCl',
    PR: 'R*',
    'MG IT SA': 'M*',
    LM: 'Ml',
  }),
  handout_links: cells({ FD: 'Rl', CS: 'RUl', PR: 'RU*', MG: 'M*' }),
  patient_comm_preferences: cells({
    'FD CS': 'RCUl',
    KD: 'Cl',
    PR: 'RCU*',
    MG: 'R*',
    LM: 'Rl',
  }),
  handout_recalls: cells({ 'FD CS LM': 'Rl', PR: 'RCA*', MG: 'RC*', SA: 'M*' }),
  handout_recall_targets: cells({ FD: 'Rl', 'CS LM': 'RUl', PR: 'RUA*', MG: 'RU*', SA: 'M*' }),
  handout_summaries: cells({ FD: 'Rl' }),
};
