/**
 * Reads an access entry as the administrator. It does so in this process, since tests read it again
 * and again.
 */
import {
  type AccessScope,
  EKSClient,
  ListAssociatedAccessPoliciesCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-eks";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import { principalArnOf } from "../sample-principals.ts";
import { profileKeys } from "./sandbox-process.ts";

export type ScopesByPolicy = Readonly<Record<string, AccessScope | undefined>>;

export const policyArn = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;
export const scope = (...namespaces: string[]) => ({ type: "namespace", namespaces }) as const;

/** The scopes by policy ARN on a person's entry; undefined where there is no entry. */
export async function associatedPolicies(
  sandbox: SandboxAddresses,
  clusterName: string,
  person: string,
): Promise<ScopesByPolicy | undefined> {
  const eks = new EKSClient({
    endpoint: sandbox.awsUrl,
    region: "us-west-2",
    credentials: profileKeys(sandbox, "admin"),
  });
  try {
    const { associatedAccessPolicies = [] } = await eks.send(
      new ListAssociatedAccessPoliciesCommand({
        clusterName,
        principalArn: principalArnOf(person),
      }),
    );
    return Object.fromEntries(
      associatedAccessPolicies.map((each) => [each.policyArn, each.accessScope]),
    );
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  } finally {
    eks.destroy();
  }
}
