import { createHash, generateKeyPair, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import Provider, { interactionPolicy, type Context } from 'oidc-provider';
import { PAGE_HEADERS, accountPage, problemPage } from './google-page.ts';
import { createGoogleStorage } from './google-storage.ts';
import { errorMessage, StackError } from './stack-error.ts';

/** An account that the stand-in knows. */
export type GoogleAccountOptions = {
  email: string;
  name: string;
  /** A line for the person who chooses, such as the role in the demo data. */
  note?: string;
  /** Whether Google vouches for the address; default true. */
  emailVerified?: boolean;
  picture?: string;
};

/** What happens without a person: the account of an address signs in, or the user says no. */
export type AutoSignIn = { email: string } | 'deny';

export type StartGoogleOptions = {
  /** Port on 127.0.0.1; 0 takes a free one. */
  port?: number;
  accounts: readonly GoogleAccountOptions[];
  client: { id: string; secret: string; redirectUris: readonly string[] };
  /** Answers for the person; by default the page asks. */
  auto?: AutoSignIn;
};

export type RunningGoogle = {
  port: number;
  /** The issuer to give to the sign-in service. */
  issuer: string;
  /** Answers for the person from now on, or lets the page ask again. */
  setAuto: (auto: AutoSignIn | undefined) => void;
  stop: () => Promise<void>;
};

const SCOPES = ['openid', 'email', 'profile'];
const MAX_FORM_BYTES = 10_000;

/**
 * Starts an OpenID provider that plays Google for development and tests: the same flow, claims and
 * signatures, with the given accounts and a page to choose one in place of a password.
 */
export async function startGoogle(options: StartGoogleOptions): Promise<RunningGoogle> {
  const server = createServer();
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const accounts = new Map(options.accounts.map((account) => [subjectOf(account.email), account]));
  const provider = new Provider(issuer, await configure(options, accounts));

  let auto = options.auto;
  const handle = provider.callback();
  server.on('request', (request, response) => {
    const isChoice = request.url?.startsWith('/interaction/') === true;
    const work = isChoice
      ? interact(provider, accounts, auto, request, response)
      : handle(request, response);
    work.catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(400, PAGE_HEADERS);
      response.end(problemPage(errorMessage(error)));
    });
  });
  return {
    port,
    issuer,
    setAuto: (next) => {
      auto = next;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

type Accounts = ReadonlyMap<string, GoogleAccountOptions>;

/** Google's ids of accounts are 21 digits; this one stays the same for an address. */
function subjectOf(email: string): string {
  const digest = createHash('sha256').update(email.toLowerCase()).digest('hex');
  return BigInt(`0x${digest.slice(0, 20)}`)
    .toString()
    .padStart(21, '1')
    .slice(0, 21);
}

async function configure(
  { client }: StartGoogleOptions,
  accounts: Accounts,
): Promise<Record<string, unknown>> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const policy = interactionPolicy.base();
  const { Check } = interactionPolicy;
  // On a shared machine the person before must not be signed in silently.
  policy
    .get('login')
    .checks.add(
      new Check('choose_account', 'an account is chosen at every sign-in', ({ oidc }) =>
        oidc.result?.login === undefined ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
      ),
    );
  return {
    adapter: createGoogleStorage(),
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: client.redirectUris,
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    scopes: SCOPES,
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'picture'],
    },
    // As Google does: e-mail and name are in the id token itself.
    conformIdTokenClaims: false,
    pkce: { required: () => false },
    features: { devInteractions: { enabled: false } },
    interactions: {
      policy,
      url: (_context: Context, interaction: { uid: string }) => `/interaction/${interaction.uid}`,
    },
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      Grant: 3600,
      IdToken: 3600,
      Interaction: 3600,
      Session: 3600,
    },
    loadExistingGrant: grantAll,
    renderError: (context: Context, out: { error: string; error_description?: string }) => {
      context.type = 'html';
      context.body = problemPage(`${out.error}: ${out.error_description ?? ''}`);
    },
    findAccount: (_context: Context, id: string) => {
      const account = accounts.get(id);
      return account && { accountId: id, claims: () => claimsOf(id, account) };
    },
  };
}

/** Demo accounts agree to everything. */
async function grantAll({ oidc }: Context): Promise<unknown> {
  const grant = new oidc.provider.Grant({
    clientId: oidc.client.clientId,
    accountId: oidc.session.accountId,
  });
  grant.addOIDCScope(SCOPES.join(' '));
  await grant.save();
  return grant;
}

function claimsOf(id: string, account: GoogleAccountOptions): Record<string, unknown> {
  return {
    sub: id,
    email: account.email,
    email_verified: account.emailVerified ?? true,
    name: account.name,
    ...(account.picture === undefined ? {} : { picture: account.picture }),
  };
}

async function interact(
  provider: Provider,
  accounts: Accounts,
  auto: AutoSignIn | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Throws unless the browser holds the cookie of this sign-in.
  const { uid } = await provider.interactionDetails(request, response);
  const finish = (accountId: string | undefined): Promise<void> =>
    provider.interactionFinished(
      request,
      response,
      accountId === undefined
        ? { error: 'access_denied', error_description: 'The user did not sign in' }
        : { login: { accountId, remember: false } },
    );
  if (auto === 'deny') return finish(undefined);
  if (auto !== undefined) return finish(requireAccount(accounts, subjectOf(auto.email)));
  if (request.method !== 'POST') {
    const choices = [...accounts].map(([id, { name, email, note }]) => ({ id, name, email, note }));
    response.writeHead(200, PAGE_HEADERS);
    response.end(accountPage(choices, `/interaction/${uid}`));
    return undefined;
  }
  const form = await readForm(request);
  if (form.has('cancel')) return finish(undefined);
  return finish(requireAccount(accounts, form.get('account') ?? ''));
}

function requireAccount(accounts: Accounts, id: string): string {
  if (!accounts.has(id)) throw new StackError('The stand-in for Google has no such account.');
  return id;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_FORM_BYTES) throw new StackError('The form is too large.');
  }
  return new URLSearchParams(text);
}
