import type { FastifyInstance } from 'fastify';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { takeNotice } from '../../hubs/payment/notices.ts';
import type { NoticeDeps } from '../../hubs/payment/notices.ts';
import { codesOf } from '../describe/openapi.ts';
import type { HookRoute } from '../describe/openapi.ts';
import { safeErrorFields } from '../../monitoring/safe-error.ts';

const BODY_BYTES = 256 * 1024;
const PATH = '/v1/webhooks/stripe';

/** What the description of the API says of it. */
export const STRIPE_HOOK: HookRoute = {
  url: PATH,
  summary: 'Stripe says what became of a payment, a refund or a dispute.',
  description: 'In any order, and more than once: it is looked up before anything is done.',
  errors: ['CALL_NOT_ALLOWED'],
  takes: 'application/json',
  answers: 'application/json',
  signature: 'stripe-signature',
};

/**
 * What Stripe tells this server of payments, refunds and disputes. The signature is checked over the bytes as
 * they came, before anything is read from them; one that is older than five minutes is refused as well.
 * Stripe has its answer once the event is kept, and tells it again until then.
 */
export function registerStripeWebhook(
  app: FastifyInstance,
  deps: { readonly hookSecret: string; readonly notices: NoticeDeps; readonly log: Logger },
): void {
  const { hookSecret, notices, log } = deps;
  app.described.set(`POST ${PATH}`, new Set(codesOf.hook(STRIPE_HOOK)));
  void app.register(async (scope) => {
    scope.removeContentTypeParser('application/json');
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      async (_request: unknown, bytes: Buffer) => bytes,
    );
    scope.route({
      method: 'POST',
      url: PATH,
      bodyLimit: BODY_BYTES,
      handler: async (request, reply) => {
        const { default: Stripe } = await import('stripe');
        const signature = request.headers['stripe-signature'];
        const bytes: unknown = request.body;
        if (typeof signature !== 'string' || !Buffer.isBuffer(bytes)) {
          throw new AppError('CALL_NOT_ALLOWED');
        }
        let event: unknown;
        try {
          event = Stripe.webhooks.constructEvent(bytes, signature, hookSecret);
        } catch {
          throw new AppError('CALL_NOT_ALLOWED');
        }
        const key = await takeNotice(notices, event);
        if (key !== null) {
          // Stripe waits for an answer, not for what follows; what is lost here the next round does.
          notices.desk
            .look(key)
            .catch((error: unknown) => log.warn('payment not looked at', safeErrorFields(error)));
        }
        return reply.send({ received: true });
      },
    });
  });
}
