import { createRemoteJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';
import { AuthError } from './auth-error.ts';

export type GoogleOptions = {
  /** Base address of the OpenID provider: `https://accounts.google.com`, or one that plays it. */
  issuer: string;
  clientId: string;
  clientSecret: string;
};

/** What the provider vouches for. */
export type GoogleAccount = {
  subject: string;
  email: string;
  name: string | undefined;
  picture: string | undefined;
  accessToken: string;
};

export type GoogleClient = {
  /** Where the browser goes to sign in; `state` comes back with the answer. */
  authorizationUrl(state: string, redirectUri: string): Promise<string>;
  /** Exchanges the code that the browser brought. Throws `AuthError` when Google refuses. */
  exchange(code: string, redirectUri: string): Promise<GoogleAccount>;
};

const Metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
});
const Tokens = z.object({ access_token: z.string(), id_token: z.string() });
const IdClaims = z.object({
  sub: z.string().min(1),
  email: z.email(),
  email_verified: z.boolean().default(false),
  name: z.string().optional(),
  picture: z.string().optional(),
});
const TIMEOUT_MS = 10_000;

/** The client side of Google's sign-in. It asks the provider for its addresses at first use. */
export function createGoogleClient(options: GoogleOptions): GoogleClient {
  let found: ReturnType<typeof discover> | undefined;
  const provider = async (): ReturnType<typeof discover> => {
    found ??= discover(options.issuer);
    try {
      return await found;
    } catch (error) {
      // It may be up at the next attempt.
      found = undefined;
      throw error;
    }
  };
  return {
    async authorizationUrl(state, redirectUri) {
      const { metadata } = await provider();
      const url = new URL(metadata.authorization_endpoint);
      url.search = new URLSearchParams({
        client_id: options.clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid email profile',
        state,
      }).toString();
      return url.href;
    },
    async exchange(code, redirectUri) {
      const { metadata, keys } = await provider();
      const basic = Buffer.from(`${options.clientId}:${options.clientSecret}`).toString('base64');
      const response = await fetch(metadata.token_endpoint, {
        method: 'POST',
        headers: { authorization: `Basic ${basic}` },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
        }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const tokens = Tokens.safeParse(await response.json().catch(() => undefined));
      if (!tokens.success) {
        throw new AuthError(400, 'bad_oauth_callback', 'Unable to exchange external code');
      }
      const { payload } = await jwtVerify(tokens.data.id_token, keys, {
        issuer: metadata.issuer,
        audience: options.clientId,
      });
      const claims = IdClaims.parse(payload);
      if (!claims.email_verified) {
        const message = 'Unverified email with google';
        throw new AuthError(403, 'provider_email_needs_verification', message);
      }
      return {
        subject: claims.sub,
        email: claims.email,
        name: claims.name,
        picture: claims.picture,
        accessToken: tokens.data.access_token,
      };
    },
  };
}

async function discover(issuer: string) {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const metadata = Metadata.parse(await response.json());
  return { metadata, keys: createRemoteJWKSet(new URL(metadata.jwks_uri)) };
}
