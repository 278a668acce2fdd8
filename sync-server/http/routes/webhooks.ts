import type { FastifyInstance } from 'fastify';
import { AppError } from '#shared/errors/app-error.ts';
import { takeIncoming, takeStatus } from '../../hubs/communication/twilio-reports.ts';
import type { ReportsConfig } from '../../config/hubs-config.ts';
import { STRIPE_HOOK } from './stripe-webhook.ts';
import { codesOf } from '../describe/openapi.ts';
import type { HookRoute } from '../describe/openapi.ts';
import type { ReportDeps, TwilioForm } from '../../hubs/communication/twilio-reports.ts';

const TWILIO = {
  errors: ['CALL_NOT_ALLOWED'],
  takes: 'application/x-www-form-urlencoded',
  answers: 'text/xml',
  signature: 'x-twilio-signature',
} as const;

/** What the description of the API says of the routes that partners call. */
export const HOOK_ROUTES: readonly HookRoute[] = [
  {
    ...TWILIO,
    url: '/v1/webhooks/twilio/message',
    summary: 'Twilio hands over a message of a person.',
    description: 'STOP, START and what people write in their own words. Twice is once.',
  },
  {
    ...TWILIO,
    url: '/v1/webhooks/twilio/status',
    summary: 'Twilio says what became of a message.',
    description: 'In any order, and more than once.',
  },
  STRIPE_HOOK,
];

const BODY_BYTES = 32 * 1024;
const FORM = 'application/x-www-form-urlencoded';

/**
 * What Twilio tells this server. They exist only where Twilio is set up. Nothing of a call is looked at
 * before its signature; and as calls come twice and in any order, what they say is written so that
 * neither matters.
 */
export function registerWebhooks(
  app: FastifyInstance,
  { token, publicUrl }: ReportsConfig,
  deps: ReportDeps,
): void {
  void app.register(async (scope) => {
    scope.addContentTypeParser(
      FORM,
      { parseAs: 'string' },
      async (_request: unknown, text: string) => Object.fromEntries(new URLSearchParams(text)),
    );
    for (const route of HOOK_ROUTES.filter(({ signature }) => signature === TWILIO.signature)) {
      app.described.set(`POST ${route.url}`, new Set(codesOf.hook(route)));
    }
    const hook = (path: string, take: (form: TwilioForm) => Promise<string | null>): void => {
      scope.route({
        method: 'POST',
        url: path,
        bodyLimit: BODY_BYTES,
        handler: async (request, reply) => {
          const form = (request.body ?? {}) as TwilioForm;
          const signature = request.headers['x-twilio-signature'];
          const { default: twilio } = await import('twilio');
          const isTheirs =
            typeof signature === 'string' &&
            twilio.validateRequest(token, signature, publicUrl + path, form);
          if (!isTheirs) throw new AppError('CALL_NOT_ALLOWED');
          return reply.type('text/xml').send(twiml(await take(form)));
        },
      });
    };
    hook('/v1/webhooks/twilio/message', (form) => takeIncoming(deps, form));
    hook('/v1/webhooks/twilio/status', async (form) => {
      await takeStatus(deps, form);
      return null;
    });
  });
}

/** An answer in Twilio's language; the words are ours alone. */
const twiml = (words: string | null): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Response>${words === null ? '' : `<Message>${words}</Message>`}</Response>`;
