import { cell, cells } from '../cell.ts';

const EVERYBODY = 'FD KD CS PR MG LM IT SA AS BUY SAFETY CO REP TL';

export const SHARED_CELLS = {
  locations: cells({
    'FD KD CS PR AS BUY SAFETY CO': 'R*',
    'MG IT': 'RU*',
    LM: 'R* Ul',
    SA: 'RCU*',
  }),
  users: cells({ 'FD CS PR LM AS BUY SAFETY': 'Rl', 'MG IT CO': 'R*', SA: 'RCU*' }),
  user_roles: cells({
    'FD CS PR AS BUY SAFETY': 'Ro',
    LM: cell('RCUl', {
      create: { field: 'role', values: ['FD', 'CS'] },
      update: { field: 'role', values: ['FD', 'CS'] },
    }),
    'MG IT CO': 'R*',
    SA: 'RCU*',
  }),
  user_permissions: cells({
    'FD CS PR AS BUY SAFETY': 'Ro',
    LM: 'Rl',
    'MG IT CO': 'R*',
    SA: 'RCU*',
  }),
  role_permissions: cells({ 'FD CS PR LM AS BUY SAFETY': 'Rl', 'MG IT CO': 'R*', SA: 'RCU*' }),
  location_configs: cells({
    'FD KD CS AS BUY SAFETY': 'Rl',
    'PR CO': 'R*',
    'MG IT SA': 'RCU*',
    LM: 'RCUl',
  }),
  devices: cells({
    'FD KD CS PR AS BUY SAFETY': 'Ro',
    LM: 'Rl',
    MG: 'R*',
    'IT SA': 'RCU*',
  }),
  notifications: cells({
    'FD KD CS PR IT SA AS BUY SAFETY CO REP TL': 'Ro',
    MG: 'Ro C*',
    LM: 'Ro Cl',
  }),
  notification_reads: cells({ [EVERYBODY]: 'RCUo' }),
  patients: cells({
    FD: 'RCUl',
    CS: 'RUl',
    PR: 'RU*',
    'MG AS': 'R*',
    LM: 'Rl',
  }),
  appointments: cells({ FD: 'RCl', 'CS LM': 'Rl', 'PR MG AS': 'R*' }),
  medications: cells({ 'FD CS LM BUY': 'Rl', 'PR MG AS': 'R*', SA: 'RCU*' }),
  patient_medications: cells({ CS: 'Rl', 'PR AS': 'R*' }),
  coverages: cells({ FD: 'RCUl', 'CS LM': 'Rl', 'PR MG AS': 'R*' }),
  consents: cells({
    'FD CS': 'RCl',
    KD: 'Cl',
    PR: 'RC*',
    'MG CO': 'R*',
    LM: 'Rl',
    'IT SA': 'M*',
  }),
  opt_outs: cells({
    'FD CS': 'RCl',
    KD: 'Cl',
    PR: 'RC*',
    'MG CO': 'R*',
    LM: 'Rl',
    'IT SA': 'M*',
  }),
  communication_events: cells({ 'FD CS': 'Rl', PR: 'R*', 'MG IT SA': 'M*', LM: 'Ml' }),
};
