import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { wholeNumber } from './whole-number.ts';

/** So many a second for long, and so many at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** How often anybody may call. Each request counts in every tier that it belongs to. */
export interface RatesConfig {
  /** Of one address: a whole clinic may stand behind it. Calls from this machine are not counted. */
  readonly address: Rate;
  readonly user: Rate;
  readonly device: Rate;
}

/** A burst is what may be called in so many seconds. */
const BURST_S = 30;
const rateOf = (perSecond: number): Rate => ({ perSecond, burst: perSecond * BURST_S });

export const RATES_ENVIRONMENT = {
  GANGER_RATES: z.enum(['on', 'off'], 'must be on or off').default('on'),
  GANGER_RATE_ADDRESS: wholeNumber(1, 100_000).default(500),
  GANGER_RATE_USER: wholeNumber(1, 100_000).default(50),
  GANGER_RATE_DEVICE: wholeNumber(1, 100_000).default(50),
  GANGER_TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine((parts) => parts.every(isNetwork), 'must be addresses or networks, as 10.0.0.0/8')
    .optional(),
};

type Given = {
  readonly [K in Exclude<keyof typeof RATES_ENVIRONMENT, 'GANGER_TRUSTED_PROXIES'>]: z.output<
    (typeof RATES_ENVIRONMENT)[K]
  >;
};

export const ratesConfigOf = (given: Given): RatesConfig | null =>
  given.GANGER_RATES === 'off'
    ? null
    : {
        address: rateOf(given.GANGER_RATE_ADDRESS),
        user: rateOf(given.GANGER_RATE_USER),
        device: rateOf(given.GANGER_RATE_DEVICE),
      };

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  try {
    new BlockList().addSubnet(address, Number(prefix), family === 6 ? 'ipv6' : 'ipv4');
    return /^\d{1,3}$/.test(prefix);
  } catch {
    return false;
  }
}
