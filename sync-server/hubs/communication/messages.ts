/** A message that leaves the house, as its channel needs it. */
export type Message =
  | {
      readonly channel: 'email';
      readonly to: string;
      readonly subject: string;
      readonly text: string;
    }
  | {
      readonly channel: 'slack';
      /** Site whose channel it goes to, as people call it. */
      readonly site: string;
      readonly text: string;
    }
  | {
      readonly channel: 'sms';
      /** E.164. */
      readonly to: string;
      readonly text: string;
    }
  | {
      readonly channel: 'webhook';
      /** Where it goes, as people call it; the address itself may be a secret. */
      readonly host: string;
      /** JSON. */
      readonly text: string;
    };
export type Channel = Message['channel'];
export type MessageOf<C extends Channel> = Extract<Message, { readonly channel: C }>;

/** Where a message goes, as people call it. */
export function destinationOf(message: Message): string {
  if (message.channel === 'slack') return `Slack ${message.site}`;
  return message.channel === 'webhook' ? message.host : message.to;
}

/** What is said of a message beside itself. */
export interface Envelope {
  /** Names the deed, over all tries of it. */
  readonly key: string;
  /** The kind of effect that it comes from. */
  readonly kind: string;
  readonly locationId: string | null;
  /** True when it holds nothing about any patient, so that it may be looked at in the sandbox. */
  readonly isPlain: boolean;
}

/** What the partner says of a message that it took. */
export interface Receipt {
  readonly providerId: string | null;
}

/** What a look-up says of a message of which nobody knows whether it was taken. */
export type LookUp = 'sent' | 'not-sent' | 'unknown';

/** The way of one channel to its partner. */
export interface Transport<M extends Message> {
  /** @throws HubFailure or an error of the network */
  send(message: M, envelope: Envelope, signal: AbortSignal): Promise<Receipt>;
  /**
   * Whether a message that was begun at an instant was taken. A partner that cannot be asked this has
   * no such call: then nobody knows.
   * @throws HubFailure where it cannot be said yet
   */
  lookUp?(message: M, envelope: Envelope, begunAt: number): Promise<LookUp>;
}
