export { inventoryRoute, receiveRoute, unmatchedRoute } from './route.tsx';
export { catalogRoutes } from './catalog/route.tsx';
export { countsRoute } from './counts/route.tsx';
export { ordersRoute, reorderRoute } from './orders/route.tsx';
export { stockRoutes } from './stock/route.tsx';
export { NegativeStock } from './stock/negative-stock.tsx';
export { CountReview } from './counts/count-review.tsx';
export { useCounts } from './counts/use-counts.ts';
export { ScanAnywhere } from './scan/scan-anywhere.tsx';
