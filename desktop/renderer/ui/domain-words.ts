import type { MessageKey } from '#shared/i18n/messages.en.ts';
import type { T } from './i18n.tsx';

type Key = MessageKey;
/** Keys of messages that need no parameters beyond their name. */
type Plain<P extends string> = Extract<Key, `${P}.${string}`>;

const TABLES: Readonly<Record<string, Plain<'table'>>> = {
  inventory_items: 'table.inventory_items',
  item_locations: 'table.item_locations',
  stock_acts: 'table.stock_acts',
  count_sessions: 'table.count_sessions',
  count_lines: 'table.count_lines',
  review_items: 'table.review_items',
  review_decisions: 'table.review_decisions',
  file_uploads: 'table.file_uploads',
  sds_documents: 'table.sds_documents',
  transfers: 'table.transfers',
  inventory_lots: 'table.inventory_lots',
  reorder_requests: 'table.reorder_requests',
  notifications: 'table.notifications',
  notification_reads: 'table.notification_reads',
};

const FIELDS: Readonly<Record<string, Plain<'field'> | 'picture.title'>> = {
  name: 'field.name',
  description: 'field.description',
  category: 'field.category',
  manufacturer: 'field.manufacturer',
  packs: 'field.packs',
  par: 'field.par',
  min: 'field.min',
  max: 'field.max',
  reorder_qty: 'field.reorder_qty',
  bin: 'field.bin',
  is_stocked: 'field.is_stocked',
  status: 'field.status',
  zone: 'field.zone',
  note: 'field.note',
  lines: 'field.lines',
  sku: 'field.sku',
  kind: 'field.kind',
  base_unit: 'field.base_unit',
  lot_policy: 'field.lot_policy',
  expiry_policy: 'field.expiry_policy',
  controlled_schedule: 'field.controlled_schedule',
  hazardous: 'field.hazardous',
  expiry_alert_days: 'field.expiry_alert_days',
  open_days: 'field.open_days',
  image_file_id: 'picture.title',
  product_name: 'field.product_name',
  cas_no: 'field.cas_no',
  hazard_class: 'field.hazard_class',
  first_aid: 'field.first_aid',
  spill: 'field.spill',
  language: 'field.language',
  revised_on: 'field.revised_on',
};

const TYPES: Readonly<Record<string, Plain<'movement'>>> = {
  opening: 'movement.opening',
  receive: 'movement.receive',
  return_stock: 'movement.return_stock',
  issue: 'movement.issue',
  waste: 'movement.waste',
  return_vendor: 'movement.return_vendor',
  transfer_in: 'movement.transfer_in',
  transfer_out: 'movement.transfer_out',
  sample_in: 'movement.sample_in',
  sample_out: 'movement.sample_out',
  reclass: 'movement.reclass',
  count: 'movement.count',
};

const KINDS: Readonly<Record<string, Plain<'countKind'>>> = {
  full: 'countKind.full',
  cycle: 'countKind.cycle',
  spot: 'countKind.spot',
};

const STATUSES: Readonly<Record<string, Plain<'countStatus'>>> = {
  open: 'countStatus.open',
  submitted: 'countStatus.submitted',
  in_review: 'countStatus.in_review',
  posted: 'countStatus.posted',
  voided: 'countStatus.voided',
};

const ROLES: Readonly<Record<string, Plain<'role'>>> = {
  FD: 'role.FD',
  KD: 'role.KD',
  CS: 'role.CS',
  PR: 'role.PR',
  MG: 'role.MG',
  LM: 'role.LM',
  IT: 'role.IT',
  SA: 'role.SA',
  AS: 'role.AS',
  BUY: 'role.BUY',
  SAFETY: 'role.SAFETY',
  CO: 'role.CO',
  REP: 'role.REP',
  TL: 'role.TL',
};

const MODULES: Readonly<Record<string, Plain<'module'>>> = {
  authorizations: 'module.authorizations',
  eos: 'module.eos',
  handouts: 'module.handouts',
  inventory: 'module.inventory',
  kiosk: 'module.kiosk',
  pharma: 'module.pharma',
  shared: 'module.shared',
  sync: 'module.sync',
};

const word = (t: T, words: Readonly<Record<string, Key>>, name: string): string => {
  const key = words[name];
  // A name without words is better than nothing: it comes from a newer server.
  return key ? (t as (key: Key) => string)(key) : name.replaceAll('_', ' ');
};

/** The clinic's word for rows of a table, for a field, and so on. Unknown names stay as they are. */
export const tableWord = (t: T, table: string): string => word(t, TABLES, table);
export const moduleWord = (t: T, module: string): string => word(t, MODULES, module);
export const fieldWord = (t: T, field: string): string => word(t, FIELDS, field);
export const movementWord = (t: T, type: string): string => word(t, TYPES, type);
export const countKindWord = (t: T, kind: string): string => word(t, KINDS, kind);
export const countStatusWord = (t: T, status: string): string => word(t, STATUSES, status);
export const roleWord = (t: T, role: string): string => word(t, ROLES, role);
