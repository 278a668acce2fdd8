/** The demo accounts of `supabase/seed.sql`, as the start script and the sign-in page name them. */
export const DEMO_PASSWORD = 'Ganger-demo-2026';

export const DEMO_PEOPLE = [
  { email: 'frontdesk@ganger.example', name: 'Rosa Delgado', note: 'Front desk, Ann Arbor' },
  { email: 'satellite@ganger.example', name: 'Luis Ferrer', note: 'Satellite manager, Plymouth' },
  { email: 'manager@ganger.example', name: 'Maya Okafor', note: 'Manager, all sites' },
] as const;
