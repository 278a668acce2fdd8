import { machine } from './steps.ts';

export const INVENTORY_MACHINES = {
  /** Items are retired, never deleted; a double is merged into the other and keeps its movements. */
  inventory_item: machine(
    { table: 'inventory_items', field: 'status', initial: 'draft' },
    `draft > active : approve
     active > discontinued : update
     discontinued > active : update
     draft, active, discontinued > merged : server
     merged > draft, active, discontinued : server`,
  ),
  lot_recall: machine(
    { table: 'inventory_lots', field: 'recall_status', initial: 'none' },
    `none, cleared > suspect : update
     none, suspect > recalled : approve
     suspect, recalled > cleared : approve`,
  ),
  sds_document: machine(
    { table: 'sds_documents', field: 'status', initial: 'draft' },
    `draft > current : approve
     current > superseded : approve`,
  ),
  /** Approval and receipt follow from facts: the server makes these steps. */
  purchase_order: machine(
    { table: 'purchase_orders', field: 'status', initial: 'draft', author: 'created_by' },
    `draft, returned > submitted : update
     submitted > returned : server
     submitted > approved : server po-approved
     approved > ordered : update
     ordered, received > partially_received : server
     ordered, partially_received > received : server
     received > closed : update
     partially_received > closed : approve
     draft, submitted, returned > cancelled : update
     approved, ordered > cancelled : approve no-receipts`,
  ),
  /** Shipping and receiving are stock acts that name the transfer. */
  transfer: machine(
    { table: 'transfers', field: 'status', initial: 'draft' },
    `draft > shipped : server
     shipped > received, short : server
     short > received : approve
     draft > cancelled : update`,
  ),
  reorder_request: machine(
    { table: 'reorder_requests', field: 'status', initial: 'pending', author: 'created_by' },
    `pending > approved : approve not-author
     pending > rejected : approve
     approved > ordered : server`,
  ),
  /** A count becomes a checkpoint of on-hand when it is posted, by the server or a second person. */
  count_session: machine(
    { table: 'count_sessions', field: 'status', initial: 'open', author: 'counted_by' },
    // A count whose observations never arrive must not stay for ever.
    `open > submitted, voided : create
     submitted > voided : approve
     submitted > posted, in_review : server
     in_review > posted : approve not-author
     in_review > voided : approve`,
  ),
};
