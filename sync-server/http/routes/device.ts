import type pg from 'pg';
import { z } from 'zod';
import {
  DEVICE_PATHS,
  DeviceReport,
  DeviceSecret,
  DeviceStanding,
} from '#shared/protocol/device.ts';
import { keepDeviceSecret, reportDevice } from '../../devices/standing.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

/** What a machine says of itself, and what it learns about itself. */
export const deviceRoutes = (pool: pg.Pool): Route[] => [
  defineRoute({
    method: 'POST',
    url: DEVICE_PATHS.secret,
    authorize: 'device',
    body: DeviceSecret,
    reply: z.object({ kept: z.boolean() }),
    bodyBytes: 1024,
    words: { summary: 'Keeps the hash of the secret of a machine, once.', errors: [] },
    rate: { perSecond: 1, burst: 20 },
    run: ({ caller, body }) => keepDeviceSecret(pool, caller, body),
  }),
  defineRoute({
    method: 'POST',
    url: DEVICE_PATHS.standing,
    // The machine proves itself by its secret: it may have been lost with nobody signed in.
    authorize: 'public',
    body: DeviceReport,
    reply: DeviceStanding,
    bodyBytes: 32 * 1024,
    words: {
      summary: 'A machine says how it is, and learns whether it may go on.',
      errors: ['DEVICE_REFUSED'],
    },
    // Of one address: every machine of a clinic says so every five minutes.
    rate: { perSecond: 10, burst: 300 },
    run: ({ body }) => reportDevice(pool, body),
  }),
];
