import { z } from 'zod';
import { MODULES } from '#shared/schema/define.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

/**
 * Who is on which screen, and where on it. Nothing of this is stored: a device says what it shows now,
 * again and again, and what is not said again is forgotten. Only ids, names of fields and numbers
 * travel from a device; the names of people come from the server.
 */

export const PRESENCE = {
  /** A device says again what it shows at least this often, milliseconds. */
  beatMs: 3_000,
  /** What was not said again for so long is forgotten, milliseconds. */
  ttlMs: 8_000,
  /** Screens that one device shows at a time. */
  screens: 8,
  /** People who are named on one screen; of more only the number is told. */
  people: 24,
} as const;

const Id = z.guid().toLowerCase();

/**
 * A page of a module about one row. The screens of a team are about its row of `eos_teams`, those of a
 * meeting about its row of `l10_meetings`.
 */
export const Screen = z.strictObject({
  module: z.enum(MODULES),
  table: z.enum(TABLE_NAMES as [TableName, ...TableName[]]),
  id: Id,
});
export type Screen = z.infer<typeof Screen>;

/** Where somebody is on a screen. */
export const Focus = z.strictObject({
  /** Name of a field of the schema, never a text of a person. */
  field: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
  /** The row that the field belongs to, where the screen has several (a line, an agenda item). */
  row: Id.nullable(),
  /** True while keys come. */
  typing: z.boolean(),
  /** Place of the cursor in the field, in characters from its start. */
  position: z.int().min(0).max(1_000_000).nullable(),
});
export type Focus = z.infer<typeof Focus>;

export const ShownScreen = z.strictObject({ ...Screen.shape, focus: Focus.nullable() });
export type ShownScreen = z.infer<typeof ShownScreen>;

/** All that a device shows at this moment. It takes the place of what it said before. */
export const ShowScreens = z.strictObject({
  type: z.literal('presence'),
  /** Grows with every message of a device, also over restarts: the later one counts. */
  seq: z.int().min(0),
  screens: z.array(ShownScreen).max(PRESENCE.screens),
});
export type ShowScreens = z.infer<typeof ShowScreens>;

/** Answer to the request that stands in for the message where there is no WebSocket. */
export const PresenceReply = z.object({
  /** Screens of the request whose row this person may not see, or that does not exist. */
  refused: z.array(Screen),
});
export type PresenceReply = z.infer<typeof PresenceReply>;

export const PersonHere = z.object({
  user: Id,
  name: z.string(),
  device: Id,
  focus: Focus.nullable(),
});
export type PersonHere = z.infer<typeof PersonHere>;

/** Who else is on screens that this device shows: for each one named, everybody. */
export const PresenceNotice = z.object({
  type: z.literal('presence'),
  screens: z.array(
    z.object({
      ...Screen.shape,
      people: z.array(PersonHere),
      /** How many more there are. */
      more: z.int().min(0),
    }),
  ),
});
export type PresenceNotice = z.infer<typeof PresenceNotice>;

/** Screens that this device said it shows and that it is not counted on. */
export const RefusedNotice = z.object({ type: z.literal('refused'), screens: z.array(Screen) });

/** Stands for a screen where one text is needed. */
export const screenKey = ({ module, table, id }: Screen): string => `${module}/${table}/${id}`;
