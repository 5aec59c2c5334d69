/** Sessions of a role that the command assumes by itself, so that nobody needs an AWS profile for it. */
import { parsePrincipalArn, parseSessionArn } from "../../shared/domain/values/arn.ts";
import { Failure } from "../failures/failure.ts";
import { forgetSession, readSession, type SessionKeys, writeSession } from "./session-cache.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The role of the session, and where STS is asked. */
export interface RoleSession {
  readonly roleArn: string;
  readonly region: string;
  /** Keys of the ordinary chain, which may assume the role. */
  readonly source: () => Promise<SessionKeys>;
  readonly env: Environment;
}

/** The name that CloudTrail shows beside the role, whose own name is the person's. */
const SESSION_NAME = "timelatch";

/** Sessions that come from another session last an hour at most. */
const SECONDS = 3600;

/**
 * Keys of a role's session: from the cache, or by assuming the role. Keys that are of the role already
 * are answered as they are.
 *
 * @throws Failure `refused` where the role cannot be assumed
 */
export async function roleSession(session: RoleSession): Promise<SessionKeys> {
  const { roleArn, env } = session;
  const source = await session.source();
  const kept = await readSession(env, roleArn, source.accessKeyId);
  if (kept) return kept;
  const fresh = (await isOfRole(session, source)) ? undefined : await assume(session, source);
  if (fresh) await writeSession(env, roleArn, source.accessKeyId, fresh);
  return fresh ?? source;
}

/**
 * Forgets a session that AWS no longer accepts: its role may have been created again since.
 *
 * @returns whether one was kept
 */
export async function forgetRoleSession({ roleArn, env, source }: RoleSession): Promise<boolean> {
  return forgetSession(env, roleArn, (await source()).accessKeyId);
}

/** Loaded when a role is needed, since most commands need none. */
async function stsOf(region: string, credentials: SessionKeys) {
  const { STSClient } = await import("@aws-sdk/client-sts");
  // The client writes into what it is given.
  return new STSClient({ region, credentials: { ...credentials } });
}

async function isOfRole({ roleArn, region }: RoleSession, source: SessionKeys): Promise<boolean> {
  const { GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
  const sts = await stsOf(region, source);
  try {
    const { Arn: caller = "" } = await sts.send(new GetCallerIdentityCommand({}));
    const own = parseSessionArn(caller);
    const role = parsePrincipalArn(roleArn);
    return own?.account === role?.account && own?.roleName === role?.name && own !== undefined;
  } catch (error) {
    throw notAssumed(roleArn, error);
  } finally {
    sts.destroy();
  }
}

async function assume({ roleArn, region }: RoleSession, source: SessionKeys): Promise<SessionKeys> {
  const { AssumeRoleCommand } = await import("@aws-sdk/client-sts");
  const sts = await stsOf(region, source);
  try {
    const { Credentials: keys } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: SESSION_NAME,
        DurationSeconds: SECONDS,
      }),
    );
    if (!keys?.AccessKeyId || !keys.SecretAccessKey || !keys.SessionToken || !keys.Expiration)
      throw new Error("STS answered no keys");
    return {
      accessKeyId: keys.AccessKeyId,
      secretAccessKey: keys.SecretAccessKey,
      sessionToken: keys.SessionToken,
      expiresAt: keys.Expiration.toISOString(),
    };
  } catch (error) {
    throw notAssumed(roleArn, error);
  } finally {
    sts.destroy();
  }
}

const notAssumed = (roleArn: string, error: unknown) =>
  new Failure(
    "refused",
    "role-not-assumed",
    {
      what: `Cannot assume ${roleArn}: ${error instanceof Error ? error.message.replace(/\.?\s*$/, "") : error}.`,
      notDone: "Nothing was sent.",
      next: [
        "Next: sign in as yourself (AWS_PROFILE, aws sso login). The role trusts nobody else.",
        "Your permission set or role needs the action on it that AWS names above.",
        "Check:  aws sts get-caller-identity",
        "Is it the role of this deployment?  timelatch config list",
      ],
    },
    { cause: error },
  );
