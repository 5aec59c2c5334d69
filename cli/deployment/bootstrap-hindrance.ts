import type { AwsIdentity } from "../api/aws-identity.ts";
import { bootstrapKeys } from "../aws/bootstrap-keys.ts";
import type { SessionKeys } from "../aws/session-cache.ts";
import { Failure } from "../failures/failure.ts";
import type { StackPlace } from "./assembly.ts";

/**
 * Why the CDK could deploy nothing there: its role cannot be assumed, or its bootstrap has left no
 * version. A person who may not read the version learns that from the CDK's own command.
 *
 * @param identity whose keys may assume the roles of the bootstrap
 */
export async function bootstrapHindrance(
  identity: Pick<AwsIdentity, "credentials">,
  { account, region, deployRole: role, versionParameter }: StackPlace,
): Promise<string | undefined> {
  try {
    const keys = await bootstrapKeys(identity, { account, region, role });
    if (versionParameter === undefined || (await isThere(keys, region, versionParameter)))
      return undefined;
    return `Parameter Store has no ${versionParameter}.`;
  } catch (error) {
    if (error instanceof Failure && error.code === "account-unreached") return error.text.what;
    throw error;
  }
}

async function isThere(keys: SessionKeys, region: string, Name: string): Promise<boolean> {
  const { GetParameterCommand, SSMClient } = await import("@aws-sdk/client-ssm");
  const client = new SSMClient({ region, credentials: { ...keys } });
  try {
    await client.send(new GetParameterCommand({ Name }));
    return true;
  } catch (error) {
    return !(error instanceof Error && error.name === "ParameterNotFound");
  } finally {
    client.destroy();
  }
}
