export { administrationRoutes } from './route.tsx';
