import type { Clock } from '#shared/kernel/clock.ts';
import type { Twilio } from 'twilio';
import type { TwilioConfig } from '../../config/hubs-config.ts';
import { HubFailure, networkFailure, statusFailure } from '../hub-failure.ts';
import type { MessageOf, Transport } from './messages.ts';

/** Twilio's numbers for errors whose status does not say enough. */
const UNSUBSCRIBED = 21_610;
/**
 * A message that was taken stands in the list a moment later. One that was begun longer ago than this
 * and is not in the list was not taken.
 */
const SETTLED_MS = 60_000;
/** Clocks of two machines differ. */
const SKEW_MS = 5 * 60_000;
const LISTED = 200;

/** What an error of Twilio's library carries; its words may hold a number, and stay here. */
interface RestError extends Error {
  readonly status?: number;
  readonly code?: number | string;
}

/**
 * Sends text messages through Twilio. Its API takes no key for a message, so one of which nobody knows
 * is looked up in the list of what went to that number.
 * @param connect makes the client; the library is loaded when the first message goes out
 */
export function twilioTransport(
  config: TwilioConfig,
  clock: Clock,
  connect: (config: TwilioConfig) => Promise<Twilio> = connectTwilio,
): Transport<MessageOf<'sms'>> {
  let client: Promise<Twilio> | undefined;
  const twilio = (): Promise<Twilio> => (client ??= connect(config));
  const sender = config.from.startsWith('MG')
    ? { messagingServiceSid: config.from }
    : { from: config.from };
  return {
    async send({ to, text }) {
      const { messages } = await twilio();
      try {
        const { sid } = await messages.create({ to, body: text, ...sender });
        return { providerId: sid };
      } catch (error) {
        throw twilioFailure(error);
      }
    },
    async lookUp({ to, text }, _envelope, begunAt) {
      const { messages } = await twilio();
      const since = new Date(begunAt - SKEW_MS);
      const found = await messages
        // The newest first. Not by date: one that waits at Twilio has no date of sending yet.
        .list({ to, limit: LISTED })
        .catch((error: unknown) => {
          throw twilioFailure(error);
        });
      const after = found.filter(
        ({ direction, dateCreated }) => direction !== 'inbound' && dateCreated >= since,
      );
      if (after.some(({ body }) => body === text)) return 'sent';
      // Its text may have been another one then.
      if (after.length > 0) return 'unknown';
      if (clock.now() - begunAt >= SETTLED_MS) return 'not-sent';
      throw new HubFailure('HUB_BUSY', { done: 'no', retryAfterMs: SETTLED_MS });
    },
  };
}

async function connectTwilio({ account, key, secret }: TwilioConfig): Promise<Twilio> {
  const { default: library } = await import('twilio');
  return new library.Twilio(key, secret, {
    accountSid: account,
    autoRetry: false,
    timeout: 10_000,
  });
}

function twilioFailure(error: unknown): HubFailure {
  const { status, code } = error as RestError;
  if (code === UNSUBSCRIBED) {
    return new HubFailure('MESSAGE_OPTED_OUT', { done: 'no', theirs: String(code) });
  }
  if (typeof status !== 'number') return networkFailure(error);
  return statusFailure(status, String(code ?? status));
}
