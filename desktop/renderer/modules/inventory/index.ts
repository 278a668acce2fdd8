export { inventoryRoute, receiveRoute } from './route.tsx';
export { countsRoute } from './counts/route.tsx';
export { CountReview } from './counts/count-review.tsx';
export { useCounts } from './counts/use-counts.ts';
