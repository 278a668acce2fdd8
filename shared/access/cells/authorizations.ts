import { cell, cells } from '../cell.ts';

const GATHERING = { update: { field: 'status', values: ['draft', 'gathering'] } };
const CLINICAL_FACTS = cells({ CS: 'RCl', 'PR AS': 'RC*' });

export const AUTHORIZATION_CELLS = {
  authorization_requests: cells({
    CS: cell('RCUl', GATHERING),
    PR: 'RCUA*',
    AS: 'RCU*',
    MG: 'M*',
    LM: 'Ml',
  }),
  authorization_evidence: CLINICAL_FACTS,
  evidence_reviews: CLINICAL_FACTS,
  therapy_trials: cells({ CS: 'RCUl', 'PR AS': 'RCU*' }),
  severity_scores: CLINICAL_FACTS,
  payer_rules: cells({ 'FD CS LM': 'Rl', PR: 'RA*', MG: 'RC*', 'SA AS': 'R*', IT: 'M*' }),
  payer_rule_versions: cells({ 'FD CS LM': 'Rl', PR: 'RA*', MG: 'RC*', 'SA AS': 'R*', IT: 'M*' }),
  regime_rules: cells({ 'FD CS LM': 'Rl', PR: 'R*', MG: 'RC*', 'SA AS': 'R*', IT: 'M*' }),
  criteria_checks: cells({ CS: 'RCl', 'PR AS': 'RC*', MG: 'M*' }),
  ai_analysis_results: cells({ CS: 'Rl', 'PR AS': 'R*', 'MG IT SA': 'M*', LM: 'Ml' }),
  ai_reviews: cells({ CS: 'Rl', 'PR AS': 'RC*', 'MG IT SA': 'M*', LM: 'Ml' }),
  /** An authorization specialist never signs. */
  pa_signatures: cells({ CS: 'Rl', PR: 'RC*', AS: 'R*', MG: 'M*' }),
  pa_submissions: cells({ CS: 'RCl', PR: 'R*', AS: 'RC*', MG: 'M*', LM: 'Ml' }),
  insurance_responses: cells({ CS: 'RCl', PR: 'R*', AS: 'RC*', MG: 'M*', LM: 'Ml' }),
  appeals: cells({ CS: 'RCUl', PR: 'RCUA*', AS: 'RCU*', MG: 'M*' }),
  pa_tasks: cells({ CS: 'RCUl', 'PR AS': 'RCU*', MG: 'M*', LM: 'Ml' }),
  pa_communications: CLINICAL_FACTS,
  outage_log: cells({ CS: 'RCl', 'PR MG CO SA': 'R*', LM: 'Rl', 'AS IT': 'RC*' }),
  authorization_summaries: cells({ FD: 'Rl' }),
  insurance_response_summaries: cells({ FD: 'Rl' }),
};
