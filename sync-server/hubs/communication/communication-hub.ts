import type pg from 'pg';
import type { HubsConfig } from '../../config/hubs-config.ts';
import type { WebhookConfig } from '../../config/monitoring-config.ts';
import { HubFailure } from '../hub-failure.ts';
import { UniversalHub } from '../universal-hub.ts';
import type { HubDeps, HubMode } from '../universal-hub.ts';
import { smtpTransport } from './email.ts';
import type { Channel, Envelope, LookUp, Message, Receipt, Transport } from './messages.ts';
import { sandboxTransport } from './sandbox.ts';
import { slackTransport } from './slack.ts';
import { twilioTransport } from './sms.ts';
import { webhookTransport } from './webhook.ts';

/** The partner of each channel. */
const PARTNERS: Readonly<Record<Channel, string>> = {
  email: 'smtp',
  slack: 'slack',
  sms: 'twilio',
  webhook: 'webhook',
};

type Transports = { readonly [C in Channel]: Transport<Message> | null };

/** What a message is about, for the audit. */
export interface About {
  readonly table: string;
  readonly id: string;
}

/** Mail, text messages and posts to Slack: everything that says something to somebody outside. */
export class CommunicationHub extends UniversalHub {
  readonly #transports: Transports;

  constructor(transports: Transports, mode: 'live' | 'sandbox', deps: HubDeps) {
    const modeOf = (channel: Channel): HubMode => (transports[channel] ? mode : 'off');
    super(
      'communication',
      {
        [PARTNERS.email]: modeOf('email'),
        [PARTNERS.slack]: modeOf('slack'),
        [PARTNERS.sms]: modeOf('sms'),
        [PARTNERS.webhook]: modeOf('webhook'),
      },
      deps,
    );
    this.#transports = transports;
  }

  /**
   * Sends a message, once: no partner of this hub takes a key, so what may have been sent is never
   * sent again by itself.
   * @throws HubFailure that says whether it may have been sent
   */
  send(message: Message, envelope: Envelope, about: About): Promise<Receipt> {
    const { key, locationId } = envelope;
    return this.executeWithMonitoring(
      {
        partner: PARTNERS[message.channel],
        operation: 'send',
        key,
        repeat: 'never',
        about: { ...about, locationId },
      },
      ({ signal }) => this.#transport(message).send(message, envelope, signal),
    );
  }

  /**
   * Whether a message of which nobody knows was taken.
   * @throws HubFailure where the partner cannot say yet
   */
  async lookUp(
    message: Message,
    envelope: Envelope,
    about: About,
    begunAt: number,
  ): Promise<LookUp> {
    const transport = this.#transport(message);
    if (!transport.lookUp) return 'unknown';
    return this.executeWithMonitoring(
      {
        partner: PARTNERS[message.channel],
        operation: 'look-up',
        key: envelope.key,
        repeat: 'same-key',
        about: { ...about, locationId: envelope.locationId },
      },
      async () => (await transport.lookUp?.(message, envelope, begunAt)) ?? 'unknown',
    );
  }

  #transport(message: Message): Transport<Message> {
    const transport = this.#transports[message.channel];
    if (!transport) throw new HubFailure('HUB_OFF', { done: 'no' });
    return transport;
  }
}

/**
 * The hub of this environment.
 * @param mode sandbox: whatever the settings say, nothing leaves the machine
 */
export function openCommunicationHub(
  options: {
    readonly mode: 'live' | 'sandbox';
    readonly config: HubsConfig;
    /** Where alerts go; left out: nowhere. */
    readonly webhook?: WebhookConfig | null;
    readonly pool: pg.Pool;
  },
  deps: HubDeps,
): CommunicationHub {
  const { mode, config, webhook = null, pool } = options;
  if (mode === 'sandbox') {
    const all = sandboxTransport(pool, 'communication');
    return new CommunicationHub({ email: all, slack: all, sms: all, webhook: all }, mode, deps);
  }
  const { smtp, slack, twilio } = config;
  // Each transport is given messages of its own channel only: the hub chooses it by that.
  return new CommunicationHub(
    {
      email: smtp && (smtpTransport(smtp) as Transport<Message>),
      slack: slack && (slackTransport(slack) as Transport<Message>),
      sms: twilio && (twilioTransport(twilio, deps.clock) as Transport<Message>),
      webhook: webhook && (webhookTransport(webhook) as Transport<Message>),
    },
    mode,
    deps,
  );
}
