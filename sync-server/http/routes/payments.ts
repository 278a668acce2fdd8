import type { z } from 'zod';
import type { Code } from '#shared/errors/codes.ts';
import {
  BeginPayment,
  OnePayment,
  PAYMENT_PATHS,
  PaymentReply,
  ReceiptReply,
  ReturnPayment,
} from '#shared/protocol/payments.ts';
import {
  beginPayment,
  onePayment,
  paymentReceipt,
  returnPayment,
} from '../../hubs/payment/device-payments.ts';
import type { DevicePayments } from '../../hubs/payment/device-payments.ts';
import { defineRoute } from '../route.ts';
import type { Caller, Route } from '../route.ts';

const ALWAYS: readonly Code[] = ['AUTH_NO_ACCESS', 'CALL_NOT_ALLOWED', 'HUB_OFF'];

/** Card payments. What a call to Stripe came to stands in the answer: it is no failure of the route. */
export function paymentRoutes(own: DevicePayments): Route[] {
  const route = <B, R>(
    url: string,
    body: z.ZodType<B>,
    reply: z.ZodType<R>,
    words: { summary: string; errors: readonly Code[] },
    run: (caller: Caller, body: B) => Promise<R>,
  ): Route =>
    defineRoute({
      method: 'POST',
      url,
      authorize: 'device',
      body,
      reply,
      bodyBytes: 4096,
      words: { summary: words.summary, errors: [...ALWAYS, ...words.errors] },
      run: ({ caller, body: asked }) => run(caller, asked),
    });
  return [
    route(
      PAYMENT_PATHS.begin,
      BeginPayment,
      PaymentReply,
      {
        summary: 'Has a card reader ask for a card. The same key again is the same payment.',
        errors: ['SYNC_PARENT_MISSING', 'SYNC_UNIQUE_TAKEN'],
      },
      (caller, body) => beginPayment(own, caller, body),
    ),
    route(
      PAYMENT_PATHS.look,
      OnePayment,
      PaymentReply,
      { summary: 'How a payment or a refund stands, asked of Stripe.', errors: ['NOT_FOUND'] },
      (caller, { key }) => onePayment(own, caller, key, 'look'),
    ),
    route(
      PAYMENT_PATHS.cancel,
      OnePayment,
      PaymentReply,
      { summary: 'Gives up a payment that was not taken yet.', errors: ['NOT_FOUND'] },
      (caller, { key }) => onePayment(own, caller, key, 'cancel'),
    ),
    route(
      PAYMENT_PATHS.giveBack,
      ReturnPayment,
      PaymentReply,
      {
        summary: 'Gives money of a payment back to the card that it came from.',
        errors: ['NOT_FOUND', 'SYNC_UNIQUE_TAKEN', 'SYNC_OWN_APPROVAL'],
      },
      (caller, body) => returnPayment(own, caller, body),
    ),
    route(
      PAYMENT_PATHS.receipt,
      OnePayment,
      ReceiptReply,
      {
        summary: 'What the slip of a payment says of the card.',
        errors: ['NOT_FOUND', 'HUB_UNREACHABLE', 'HUB_TIMEOUT', 'HUB_FAILED'],
      },
      (caller, { key }) => paymentReceipt(own, caller, key),
    ),
  ];
}
