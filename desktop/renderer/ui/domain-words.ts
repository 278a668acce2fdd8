import type { MessageKey } from '#shared/i18n/messages.en.ts';
import { isTableName } from '#shared/schema/tables.ts';
import type { T } from './i18n.tsx';

type Key = MessageKey;
/** Keys of messages that need no parameters beyond their name. */
type Plain<P extends string> = Extract<Key, `${P}.${string}`>;

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
  document_policy: 'field.document_policy',
  controlled_schedule: 'field.controlled_schedule',
  hazardous: 'field.hazardous',
  expiry_alert_days: 'field.expiry_alert_days',
  open_days: 'field.open_days',
  open_hours: 'field.open_hours',
  vial_units: 'field.vial_units',
  vial_unit: 'field.vial_unit',
  image_file_id: 'picture.title',
  merged_into_id: 'field.merged_into_id',
  product_name: 'field.product_name',
  cas_no: 'field.cas_no',
  hazard_class: 'field.hazard_class',
  first_aid: 'field.first_aid',
  spill: 'field.spill',
  language: 'field.language',
  revised_on: 'field.revised_on',
  account_no: 'field.account_no',
  active: 'field.active',
  caption: 'field.caption',
  card_back_file_id: 'field.card_back_file_id',
  card_front_file_id: 'field.card_front_file_id',
  desk_note: 'field.desk_note',
  dismissed: 'field.dismissed',
  email: 'field.email',
  file_id: 'field.file_id',
  free_shipping_cents: 'field.free_shipping_cents',
  group_no: 'field.group_no',
  is_primary: 'field.is_primary',
  lead_days: 'field.lead_days',
  line_count: 'field.line_count',
  member_id: 'field.member_id',
  min_qty: 'field.min_qty',
  need_by: 'field.need_by',
  order_channel: 'field.order_channel',
  payer: 'field.payer',
  pcn: 'field.pcn',
  phone: 'field.phone',
  photo_file_id: 'field.photo_file_id',
  plan: 'field.plan',
  proxy: 'field.proxy',
  qty_base: 'field.qty_base',
  qty_ordered: 'field.qty_ordered',
  rank: 'field.rank',
  read: 'field.read',
  reason: 'field.reason',
  recall_status: 'field.recall_status',
  removed: 'field.removed',
  resolved_item_id: 'field.resolved_item_id',
  snoozed_until: 'field.snoozed_until',
  subscriber: 'field.subscriber',
  substitutes: 'field.substitutes',
  transaction_doc_file_id: 'field.transaction_doc_file_id',
  unit: 'field.unit',
  unit_price_cents: 'field.unit_price_cents',
  urgency: 'field.urgency',
  valid_from: 'field.valid_from',
  valid_to: 'field.valid_to',
  vendor_id: 'field.vendor_id',
  vendor_sku: 'field.vendor_sku',
  wanted: 'field.wanted',
  website: 'field.website',
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
export const tableWord = (t: T, table: string): string =>
  isTableName(table) ? t(`table.${table}`) : table.replaceAll('_', ' ');
export const moduleWord = (t: T, module: string): string => word(t, MODULES, module);
export const fieldWord = (t: T, field: string): string => word(t, FIELDS, field);
export const movementWord = (t: T, type: string): string => word(t, TYPES, type);
export const countKindWord = (t: T, kind: string): string => word(t, KINDS, kind);
export const countStatusWord = (t: T, status: string): string => word(t, STATUSES, status);
export const roleWord = (t: T, role: string): string => word(t, ROLES, role);
