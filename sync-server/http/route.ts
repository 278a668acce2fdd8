import type { z } from 'zod';
import type { Code } from '#shared/errors/codes.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Rate } from '../config/rates-config.ts';
import type { Identity } from '../auth/token-verifier.ts';

/** Somebody who calls from one of the suite's devices. */
export interface Caller extends Identity {
  readonly deviceId: string;
  /** Version of the wire that the device speaks; absent: this build's own. */
  readonly protocol?: number;
}

/** An answer whose text is ready and goes out as it is, with the headers that it needs. */
export class ReadyText {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  constructor(text: string, headers: Readonly<Record<string, string>>) {
    this.text = text;
    this.headers = headers;
  }
}

/** An answer whose JSON text is ready, so that rows of a pull are not parsed to be written again. */
export class JsonText extends ReadyText {
  constructor(text: string) {
    super(text, { 'content-type': 'application/json; charset=utf-8' });
  }
}

/** What the description of the API says of a route, beside what follows from its schemas. */
export interface RouteWords {
  /** One sentence. */
  readonly summary: string;
  /** Codes that its work may answer with, beside those of headers, body and load. */
  readonly errors: readonly Code[];
}

/** Who may call a route: `device` is a signed-in person on a named device. */
interface CallerOf {
  readonly public: null;
  readonly user: Identity;
  readonly device: Caller;
}
export type Authorize = keyof CallerOf;

export interface RouteCall<A extends Authorize, B> {
  readonly caller: CallerOf[A];
  readonly body: B;
  readonly log: Logger;
}

/** A route as a value: what it takes, who may call it, its limits, and the one call that it makes. */
export interface RouteDefinition<A extends Authorize, B, R> {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly authorize: A;
  readonly body: z.ZodType<B> | null;
  /** Shape of the answer; checked by tests, and written to the description of the API. */
  readonly reply: z.ZodType | null;
  readonly bodyBytes: number;
  readonly words: RouteWords;
  /** How often one caller may call it, where that is less than what everybody may call in all. */
  readonly rate?: Rate;
  /** True: answered whatever the load, and not counted, so that it is known that the process lives. */
  readonly always?: boolean;
  run(call: RouteCall<A, B>): Promise<R | ReadyText>;
}

/** Any route, once its types have done their work. */
export type Route = RouteDefinition<Authorize, unknown, unknown>;

/** Declares a route; the types of caller and body follow from what it says. */
export function defineRoute<A extends Authorize, B, R>(route: RouteDefinition<A, B, R>): Route {
  return route as unknown as Route;
}
