import { z } from 'zod';
import { bool, defineTable, int, json, oneOf, quantity, text, uuid } from '../define.ts';

/**
 * One way in which an item is packed: `qty_per_base` base units (in 1/10,000) make one of this unit.
 */
export const Pack = z.strictObject({
  unit: z.string().min(1).max(40),
  qty_per_base: z.int().positive().max(100_000_000_000),
  gtin: z
    .string()
    .regex(/^\d{14}$/)
    .nullable(),
});
export type Pack = z.infer<typeof Pack>;

/** The catalogue, shared by all sites. Items are retired, never deleted. */
export const inventoryItems = defineTable({
  name: 'inventory_items',
  module: 'inventory',
  kind: 'record',
  scope: {},
  version: 2,
  upgrades: { 2: (row) => ({ ...row, document_policy: null }) },
  priority: 2,
  retentionYears: 7,
  stays: { until: { field: 'status', is: ['discontinued', 'merged'] } },
  machine: { field: 'status', name: 'inventory_item' },
  fields: {
    name: text({ phi: 'P0', merge: 'LWW', min: 1, max: 200 }),
    description: text({ phi: 'P0', merge: 'LWW', max: 2000, nullable: true }),
    category: text({ phi: 'P0', merge: 'LWW', max: 80, nullable: true }),
    manufacturer: text({ phi: 'P0', merge: 'LWW', max: 120, nullable: true }),
    /**
     * What an item is and what has to be said of it: wherever the catalogue is decided such a field may be
     * changed, also offline. Two people who change one without seeing each other are asked in Review.
     */
    kind: oneOf(['supply', 'treatment', 'retail', 'sample', 'device'], { phi: 'P0', merge: 'HR' }),
    sku: text({ phi: 'P0', merge: 'HR', min: 1, max: 40 }),
    base_unit: text({ phi: 'P0', merge: 'CEN', min: 1, max: 40 }),
    packs: json(z.array(Pack).max(20), { phi: 'P0', merge: 'HR' }),
    lot_policy: oneOf(['none', 'optional', 'required'], { phi: 'P0', merge: 'HR' }),
    expiry_policy: oneOf(['none', 'optional', 'required'], { phi: 'P0', merge: 'HR' }),
    /** Whether each lot comes with the documents of its trade (DSCSA). Null: none are kept. */
    document_policy: oneOf(['optional', 'required'], { phi: 'P0', merge: 'HR', nullable: true }),
    controlled_schedule: oneOf(['none', 'II', 'III', 'IV', 'V'], { phi: 'P0', merge: 'HR' }),
    hazardous: bool({ phi: 'P0', merge: 'HR' }),
    status: oneOf(['draft', 'active', 'discontinued', 'merged'], { phi: 'P0', merge: 'SM' }),
    image_file_id: uuid({ phi: 'P0', merge: 'LWW', nullable: true, references: 'file_uploads' }),
    /** How many days before its expiry stock is said to expire soon. */
    expiry_alert_days: int({ phi: 'P0', merge: 'LWW', nullable: true, max: 400 }),
    /** How long one container is good once it is opened; the earlier of both where both are said. */
    open_days: int({ phi: 'P0', merge: 'LWW', nullable: true, max: 400 }),
    open_hours: int({ phi: 'P0', merge: 'LWW', nullable: true, min: 1, max: 2400 }),
    /** What is in one container, 1/10,000 of `vial_unit`: 100 U, 20 ml. Null: it is used up whole. */
    vial_units: quantity({ phi: 'P0', merge: 'LWW', nullable: true, min: 1 }),
    vial_unit: text({ phi: 'P0', merge: 'LWW', nullable: true, min: 1, max: 40 }),
    merged_into_id: uuid({
      phi: 'P0',
      merge: 'CEN',
      nullable: true,
      references: 'inventory_items',
    }),
  },
  unique: [['sku']],
  indexes: [['name']],
});
