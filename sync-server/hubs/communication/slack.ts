import { HubFailure, statusFailure } from '../hub-failure.ts';
import type { MessageOf, Transport } from './messages.ts';

/** Slack's answers to a webhook that mean that nothing ever gets through it. */
const CLOSED: ReadonlySet<number> = new Set([403, 404, 410]);

/**
 * Posts to the channel of a site through Slack's incoming webhooks. The address is the secret; it goes
 * into no log. A webhook can neither be asked what it took nor be given a key: a post of which nobody
 * knows is never repeated.
 * @param webhooks site code → address; `*` for all others
 */
export function slackTransport(
  webhooks: ReadonlyMap<string, string>,
): Transport<MessageOf<'slack'>> {
  return {
    async send({ site, text }, _envelope, signal) {
      const url = webhooks.get(site) ?? webhooks.get('*');
      if (url === undefined) throw new HubFailure('HUB_OFF', { done: 'no' });
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text: asSlackText(text) }),
        redirect: 'error',
        signal,
      });
      // Read, so that the connection can serve again; the words are Slack's and stay here.
      await answer.arrayBuffer();
      if (answer.ok) return { providerId: null };
      if (CLOSED.has(answer.status)) {
        throw new HubFailure('HUB_SIGN_IN', { done: 'no', theirs: String(answer.status) });
      }
      throw statusFailure(answer.status, String(answer.status), answer.headers.get('retry-after'));
    },
  };
}

/** What Slack would take for a link or a mention is shown as it was written. */
const asSlackText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
