import type { ViewArg, ViewName, ViewOut } from '#shared/ipc/views.ts';
import { awayNews } from './away.ts';
import { itemPictures, itemPlaces, mergedItems, safetySheets } from './catalogue.ts';
import { countFar, countPlan, inventoryCounts } from './counts.ts';
import { filesOf } from './files.ts';
import { inventoryFirst, inventoryHistory, inventoryList, inventoryLots } from './inventory.ts';
import type { ViewDefinition } from './definition.ts';
import { lotSearch } from './lots.ts';
import { itemPrices, orderDetail, orderList, orderVendors, reorderList } from './orders.ts';
import { patientTimeline } from './patient-timeline.ts';
import { patientDay, patientMatches, patientSearch } from './patients.ts';
import { reviewInbox } from './review.ts';
import { scanCodes } from './scan-codes.ts';
import { searchItems } from './search-items.ts';
import { stockLevels, stockLots, stockNegative } from './stock.ts';
import { sampleLog } from './samples.ts';
import { lotTrace, stockTransfers } from './transfers.ts';
import { vendorDetail, vendorList } from './vendors.ts';
import { vialEvents, vialList } from './vials.ts';

/** Every derived read that windows may watch. */
export const STORE_VIEWS: { readonly [V in ViewName]: ViewDefinition<ViewArg<V>, ViewOut<V>> } = {
  'inventory.list': inventoryList,
  'inventory.first': inventoryFirst,
  'inventory.lots': inventoryLots,
  'inventory.codes': scanCodes,
  'inventory.history': inventoryHistory,
  'inventory.counts': inventoryCounts,
  'inventory.merged': mergedItems,
  'inventory.places': itemPlaces,
  'inventory.pictures': itemPictures,
  'inventory.safety': safetySheets,
  'inventory.countPlan': countPlan,
  'inventory.countFar': countFar,
  'files.of': filesOf,
  'orders.list': orderList,
  'orders.one': orderDetail,
  'orders.vendors': orderVendors,
  'orders.prices': itemPrices,
  'orders.reorder': reorderList,
  'patients.search': patientSearch,
  'patients.matches': patientMatches,
  'patients.day': patientDay,
  'patients.timeline': patientTimeline,
  'review.inbox': reviewInbox,
  'search.items': searchItems,
  'away.news': awayNews,
  'stock.lots': stockLots,
  'stock.levels': stockLevels,
  'stock.transfers': stockTransfers,
  'stock.trace': lotTrace,
  'stock.negative': stockNegative,
  'lots.search': lotSearch,
  'vendors.list': vendorList,
  'vendors.one': vendorDetail,
  'vials.list': vialList,
  'vials.events': vialEvents,
  'samples.log': sampleLog,
};
