/** Keys to work on a stack with: as the CDK command, under the role that CDK's bootstrap made for it. */
import type { AwsIdentity } from "../api/aws-identity.ts";
import { bootstrapCommand } from "../deployment/bootstrap-command.ts";
import { Failure } from "../failures/failure.ts";
import type { SessionKeys } from "./session-cache.ts";

/** The account and region where the keys are to be good. */
export interface KeysPlace {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** The ARN of a role of the bootstrap there. */
  readonly role: string | undefined;
}

const SESSION_NAME = "timelatch-deploy";

/**
 * Keys of the role, or the caller's own where the role cannot be assumed and they are of the same account.
 *
 * @throws Failure `refused` where neither is so
 */
export async function bootstrapKeys(
  identity: Pick<AwsIdentity, "credentials">,
  { account, region, role }: KeysPlace,
): Promise<SessionKeys> {
  const own = await identity.credentials();
  const { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } = await import(
    "@aws-sdk/client-sts"
  );
  const sts = new STSClient({ region, credentials: { ...own } });
  try {
    if (role === undefined) throw new Error("it has no role of CDK's bootstrap");
    const input = { RoleArn: role, RoleSessionName: SESSION_NAME };
    const { Credentials: keys } = await sts.send(new AssumeRoleCommand(input));
    if (!keys?.AccessKeyId || !keys.SecretAccessKey || !keys.SessionToken)
      throw new Error("STS answered no keys");
    return {
      accessKeyId: keys.AccessKeyId,
      secretAccessKey: keys.SecretAccessKey,
      sessionToken: keys.SessionToken,
    };
  } catch (error) {
    const caller = await sts.send(new GetCallerIdentityCommand({})).catch(() => undefined);
    if (caller?.Account === account) return own;
    throw accountUnreached({ account, region, role }, error);
  } finally {
    sts.destroy();
  }
}

export const accountUnreached = ({ account, region, role }: KeysPlace, error: unknown) =>
  new Failure(
    "refused",
    "account-unreached",
    {
      what: `Account ${account} cannot be reached: ${error instanceof Error ? error.message.replace(/\.?\s*$/, "") : error}.`,
      notDone: "Nothing was changed in AWS.",
      next: [
        `Next: use credentials that may assume ${role}, or those of account ${account}.`,
        `Not bootstrapped yet?  ${bootstrapCommand({ account, region }, "<your account>")}`,
      ],
    },
    { cause: error },
  );
