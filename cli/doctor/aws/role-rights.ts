import type { IAMClient } from "@aws-sdk/client-iam";
import type { RoleRights } from "../iam/expected-roles.ts";
import { reading } from "./reading.ts";
import type { SightOptions } from "./sight-options.ts";

/** Trust and permissions of a role. AWS's own policies have no document: nobody of the account can change them. */
export async function roleRightsOf(
  options: SightOptions,
  RoleName: string,
): Promise<RoleRights | undefined> {
  const { GetRoleCommand, IAMClient } = await import("@aws-sdk/client-iam");
  const iam = new IAMClient(options);
  return reading(`the rights of ${RoleName}`, async () => {
    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName }));
    return {
      trust: parsed(role?.AssumeRolePolicyDocument),
      inline: await inlineOf(iam, RoleName),
      attached: await attachedTo(iam, RoleName),
    };
  }, ["NoSuchEntityException", "NoSuchEntity"]);
}

/** IAM percent-encodes documents. */
const parsed = (document = "%7B%7D"): unknown => JSON.parse(decodeURIComponent(document));

async function inlineOf(client: IAMClient, RoleName: string): Promise<RoleRights["inline"]> {
  const { GetRolePolicyCommand, paginateListRolePolicies } = await import("@aws-sdk/client-iam");
  const found = new Map<string, unknown>();
  for await (const { PolicyNames = [] } of paginateListRolePolicies({ client }, { RoleName }))
    for (const PolicyName of PolicyNames) {
      const answer = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      found.set(PolicyName, parsed(answer.PolicyDocument));
    }
  return found;
}

async function attachedTo(client: IAMClient, RoleName: string): Promise<RoleRights["attached"]> {
  const { GetPolicyCommand, GetPolicyVersionCommand, paginateListAttachedRolePolicies } =
    await import("@aws-sdk/client-iam");
  const found = new Map<string, unknown>();
  for await (const page of paginateListAttachedRolePolicies({ client }, { RoleName }))
    for (const { PolicyArn = "" } of page.AttachedPolicies ?? []) {
      if (PolicyArn.includes(":iam::aws:")) {
        found.set(PolicyArn, undefined);
        continue;
      }
      const { Policy: policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
      const VersionId = policy?.DefaultVersionId;
      const answer = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
      found.set(PolicyArn, parsed(answer.PolicyVersion?.Document));
    }
  return found;
}
