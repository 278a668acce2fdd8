export { importRoute, patientsRoute, visitsRoute, walkInRoute } from './route.tsx';
export { readSearch } from './search-text.ts';
