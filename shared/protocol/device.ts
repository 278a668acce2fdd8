import { z } from 'zod';
import { DEVICE_STATES, UpdateChannel } from './admin.ts';

/**
 * What a machine and the server say to each other about the machine itself, also while nobody is signed in
 * on it: it proves that it is the one by a secret that it made, of which the server knows the hash. It is
 * no part of the exchange of rows; a server that does not know it answers 404, and nothing is lost.
 */

const Id = z.guid().toLowerCase();

export const DEVICE_PATHS = {
  secret: '/v1/device/secret',
  standing: '/v1/device/standing',
} as const;

/** Makes the hash of the machine's secret known, once, while somebody is signed in on it. */
export const DeviceSecret = z.strictObject({
  /** SHA-256 of the secret, lower-case hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type DeviceSecret = z.infer<typeof DeviceSecret>;

export const DeviceReport = z.strictObject({
  deviceId: Id,
  /** 32 random bytes, base64url. */
  secret: z.string().regex(/^[\w-]{43}$/),
  appVersion: z.string().min(1).max(40),
  /** Changes that wait here for the server, and that need somebody; null while nobody is in. */
  waiting: z.int().min(0).max(2_000_000_000).nullable(),
  needsYou: z.int().min(0).max(2_000_000_000).nullable(),
  /** Whose profiles lie here. */
  profiles: z.array(Id).max(500),
  /** The profiles were removed, as was asked. */
  wiped: z.boolean(),
});
export type DeviceReport = z.infer<typeof DeviceReport>;

export const DeviceStanding = z.object({
  status: z.enum(DEVICE_STATES),
  /** Every profile is to be removed: the machine was lost. */
  wipe: z.boolean(),
  /** Of those that lie here, people who have left: their profiles are to be removed. */
  closed: z.array(Id),
  channel: UpdateChannel,
});
export type DeviceStanding = z.infer<typeof DeviceStanding>;
