import { createHmac } from 'node:crypto';
import type { WebhookConfig } from '../../config/monitoring-config.ts';
import { statusFailure } from '../hub-failure.ts';
import type { MessageOf, Transport } from './messages.ts';

/**
 * Posts JSON to one address of the settings, signed over time and body, so that the receiver can tell that
 * it is ours, that it is new (`x-ganger-signature: t=…,v1=…`), and which deed it is (`x-ganger-id`).
 */
export function webhookTransport({ url, secret }: WebhookConfig): Transport<MessageOf<'webhook'>> {
  return {
    async send({ text }, { key }, signal) {
      const at = Math.floor(Date.now() / 1000);
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-ganger-id': key,
          'x-ganger-signature': `t=${at},v1=${signatureOf(secret, at, text)}`,
        },
        body: text,
        redirect: 'error',
        signal,
      });
      // Read, so that the connection can serve again; the words are theirs and stay here.
      await answer.arrayBuffer();
      if (answer.ok) return { providerId: null };
      throw statusFailure(answer.status, String(answer.status), answer.headers.get('retry-after'));
    },
  };
}

/** What stands as `v1` in the header, lower-case hex. */
export const signatureOf = (secret: string, at: number, body: string): string =>
  createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
