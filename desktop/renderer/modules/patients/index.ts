export { importRoute, patientsRoute, visitsRoute, walkInRoute } from './route.tsx';
