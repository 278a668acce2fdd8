/** The part of oidc-provider that the stack uses; the package brings no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export type Interaction = {
    uid: string;
    prompt: { name: string };
    params: Record<string, unknown>;
  };

  export type InteractionResult =
    | { login: { accountId: string; remember: boolean } }
    | { error: string; error_description: string };

  export type Context = {
    body: unknown;
    type: string;
    oidc: {
      provider: Provider;
      client: { clientId: string };
      session: { accountId: string };
      result?: { login?: unknown };
    };
  };

  export class Check {
    static readonly REQUEST_PROMPT: boolean;
    static readonly NO_NEED_TO_PROMPT: boolean;
    constructor(reason: string, description: string, check: (context: Context) => boolean);
  }

  export type Policy = { get(name: string): { checks: { add(check: Check): void } } };

  export const interactionPolicy: { base(): Policy; Check: typeof Check };

  export type Grant = { addOIDCScope(scope: string): void; save(): Promise<string> };

  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: InteractionResult,
    ): Promise<void>;
    Grant: new (owner: { clientId: string; accountId: string }) => Grant;
  }
}
