import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AuthError, parseInput } from './auth-error.ts';
import type { SignedIn } from './bearer.ts';
import type { AuthContext, Caller } from './context.ts';
import { inTransaction, queryOne, type Queryable } from './database.ts';
import { renderSVG } from 'uqr';
import { issueTokens, recordMethod, rotateRefreshToken, type TokenReply } from './sessions.ts';
import { isTotpValid, makeTotpSecret, totpUri } from './totp.ts';

const EnrollBody = z.object({
  factor_type: z.string(),
  friendly_name: z.string().max(100).default(''),
  issuer: z.string().max(100).optional(),
});
const VerifyBody = z.object({ challenge_id: z.uuid(), code: z.string().max(10) });

const MAX_FACTORS = 10;
/** An enrolment that nobody finished is forgotten after this time. */
const UNVERIFIED_LIFETIME_MS = 5 * 60_000;
const CHALLENGE_LIFETIME_MS = 5 * 60_000;

type Factor = {
  id: string;
  friendly_name: string;
  status: 'verified' | 'unverified';
  secret: string;
};

/** Serves `POST /factors`: a new authenticator app, to be verified by its first code. */
export async function enrollFactor(
  context: AuthContext,
  { user, session }: SignedIn,
  body: unknown,
): Promise<object> {
  const params = parseInput(EnrollBody, body);
  if (params.factor_type !== 'totp') {
    throw new AuthError(400, 'validation_failed', 'factor_type needs to be totp');
  }
  const id = randomUUID();
  const secret = makeTotpSecret();
  await inTransaction(context.pool, async (tx) => {
    // Two enrolments at once must count each other.
    await tx.query('select from auth.users where id = $1 for update', [user.id]);
    await tx.query(
      `delete from auth.mfa_factors
        where user_id = $1 and status = 'unverified' and created_at < $2`,
      [user.id, new Date(context.now() - UNVERIFIED_LIFETIME_MS)],
    );
    checkMayEnroll(await findFactors(tx, user.id), session.aal, params.friendly_name);
    await tx.query(
      `insert into auth.mfa_factors (id, user_id, friendly_name, factor_type, status, secret)
       values ($1, $2, $3, 'totp', 'unverified', $4)`,
      [id, user.id, params.friendly_name, secret],
    );
  });
  const issuer = params.issuer ?? new URL(context.siteUrl).host;
  const uri = totpUri({ secret, issuer, account: user.email ?? user.id });
  const totp = { qr_code: renderSVG(uri), secret, uri };
  return { id, type: 'totp', friendly_name: params.friendly_name, totp };
}

/** Serves `POST /factors/{id}/challenge`: opens a five-minute window for one code. */
export async function challengeFactor(
  context: AuthContext,
  { user }: SignedIn,
  factorId: string,
  caller: Caller,
): Promise<object> {
  await requireFactor(context.pool, user.id, factorId);
  const id = randomUUID();
  await context.pool.query(
    'insert into auth.mfa_challenges (id, factor_id, ip_address) values ($1, $2, $3)',
    [id, factorId, caller.ip],
  );
  const expiresAt = Math.floor((context.now() + CHALLENGE_LIFETIME_MS) / 1000);
  return { id, type: 'totp', expires_at: expiresAt };
}

/**
 * Serves `POST /factors/{id}/verify`: raises the session to `aal2` and issues its new tokens. The
 * user's other sessions that are weaker end, since their holder may not have the second factor.
 */
export async function verifyFactor(
  context: AuthContext,
  { user, session }: SignedIn,
  factorId: string,
  body: unknown,
  caller: Caller,
): Promise<TokenReply> {
  const { challenge_id: challengeId, code } = parseInput(VerifyBody, body);
  const factor = await requireFactor(context.pool, user.id, factorId);
  const attempt = `${caller.ip} ${factorId}`;
  context.codeAttempts.check(attempt);
  return inTransaction(context.pool, async (tx) => {
    await requireChallenge(context, tx, factorId, challengeId, caller);
    if (!isTotpValid(factor.secret, code, context.now())) {
      context.codeAttempts.failed(attempt);
      throw new AuthError(422, 'mfa_verification_failed', 'Invalid TOTP code entered');
    }
    context.codeAttempts.succeeded(attempt);
    await tx.query('update auth.mfa_challenges set verified_at = now() where id = $1', [
      challengeId,
    ]);
    await tx.query(
      `update auth.mfa_factors set status = 'verified', updated_at = now() where id = $1`,
      [factorId],
    );
    await tx.query(`delete from auth.mfa_factors where user_id = $1 and status = 'unverified'`, [
      user.id,
    ]);
    await tx.query(
      `update auth.sessions set aal = 'aal2', factor_id = $2, updated_at = now() where id = $1`,
      [session.id, factorId],
    );
    await recordMethod(tx, session.id, 'totp');
    await tx.query(
      `delete from auth.sessions
        where user_id = $1 and id <> $2 and coalesce(aal, 'aal1') < 'aal2'`,
      [user.id, session.id],
    );
    const refreshToken = await rotateRefreshToken(tx, session);
    return issueTokens(context, tx, user, session.id, refreshToken);
  });
}

/** Serves `DELETE /factors/{id}`; the sessions that it had raised fall back to `aal1`. */
export async function unenrollFactor(
  context: AuthContext,
  { user, session }: SignedIn,
  factorId: string,
): Promise<object> {
  const factor = await requireFactor(context.pool, user.id, factorId);
  if (factor.status === 'verified' && session.aal === 'aal1') {
    const message = 'AAL2 required to unenroll verified factor';
    throw new AuthError(422, 'insufficient_aal', message);
  }
  await inTransaction(context.pool, (tx) => forgetFactor(tx, factorId));
  return { id: factorId };
}

/** Serves `DELETE /admin/users/{id}/factors/{id}`. Throws 404 `mfa_factor_not_found`. */
export async function adminDeleteFactor(
  context: AuthContext,
  userId: string,
  factorId: string,
): Promise<object> {
  const { friendly_name, status } = await requireFactor(context.pool, userId, factorId);
  await inTransaction(context.pool, (tx) => forgetFactor(tx, factorId));
  return { id: factorId, friendly_name, factor_type: 'totp', status };
}

/** The factor goes; sessions that it had raised fall back. */
async function forgetFactor(tx: Queryable, factorId: string): Promise<void> {
  await tx.query(
    `delete from auth.mfa_amr_claims
      where authentication_method = 'totp'
        and session_id in (select id from auth.sessions where factor_id = $1)`,
    [factorId],
  );
  await tx.query(
    `update auth.sessions set aal = 'aal1', factor_id = null, updated_at = now()
      where factor_id = $1`,
    [factorId],
  );
  await tx.query('delete from auth.mfa_factors where id = $1', [factorId]);
}

/** Tells whether the user has a factor that works. */
export async function hasVerifiedFactor(db: Queryable, userId: string): Promise<boolean> {
  return (await findFactors(db, userId)).some((factor) => factor.status === 'verified');
}

function checkMayEnroll(factors: readonly Factor[], aal: string, name: string): void {
  if (factors.some((factor) => factor.friendly_name === name)) {
    const message = `A factor with the friendly name "${name}" for this user already exists`;
    throw new AuthError(422, 'mfa_factor_name_conflict', message);
  }
  if (factors.length >= MAX_FACTORS) {
    const message = 'Maximum number of verified factors reached, unenroll to continue';
    throw new AuthError(422, 'too_many_enrolled_mfa_factors', message);
  }
  if (aal === 'aal1' && factors.some((factor) => factor.status === 'verified')) {
    throw new AuthError(403, 'insufficient_aal', 'AAL2 required to enroll a new factor');
  }
}

async function findFactors(db: Queryable, userId: string): Promise<Factor[]> {
  const { rows } = await db.query<Factor>(
    `select id, coalesce(friendly_name, '') as friendly_name, status::text, secret
       from auth.mfa_factors where user_id = $1 and factor_type = 'totp'`,
    [userId],
  );
  return rows;
}

async function requireFactor(db: Queryable, userId: string, factorId: string): Promise<Factor> {
  const factor = (await findFactors(db, userId)).find((candidate) => candidate.id === factorId);
  if (factor === undefined) throw new AuthError(404, 'mfa_factor_not_found', 'Factor not found');
  return factor;
}

async function requireChallenge(
  context: AuthContext,
  tx: Queryable,
  factorId: string,
  challengeId: string,
  caller: Caller,
): Promise<void> {
  const challenge = await queryOne<{ created_at: Date; ip: string }>(
    tx,
    `select created_at, host(ip_address) as ip from auth.mfa_challenges
      where id = $1 and factor_id = $2 and verified_at is null for update`,
    [challengeId, factorId],
  );
  if (challenge === undefined) {
    const message = 'MFA factor with the provided challenge ID not found';
    throw new AuthError(422, 'mfa_factor_not_found', message);
  }
  if (challenge.ip !== caller.ip) {
    const message = 'Challenge and verify IP addresses mismatch.';
    throw new AuthError(422, 'mfa_ip_address_mismatch', message);
  }
  if (challenge.created_at.getTime() < context.now() - CHALLENGE_LIFETIME_MS) {
    const message =
      `MFA challenge ${challengeId} has expired, ` +
      'verify against another challenge or create a new challenge.';
    throw new AuthError(422, 'mfa_challenge_expired', message);
  }
}
