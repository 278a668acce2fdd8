export { administrationRoutes } from './route.tsx';
export { AlertNotes } from './health/alert-notes.tsx';
