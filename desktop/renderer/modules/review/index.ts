export { reviewRoute } from './route.tsx';
