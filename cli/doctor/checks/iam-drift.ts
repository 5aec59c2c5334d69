import { type Check, type CheckResult, ill, type Patient, well } from "../check-result.ts";
import { fusesStackName, remotePlaces, spokeStackName, stackName } from "../expected-names.ts";
import { stackRoles } from "../iam/expected-roles.ts";
import { roleDrift } from "../iam/role-drift.ts";
import { UNDO } from "../remedies.ts";
import type { AccountSight } from "../sights.ts";

/**
 * In each account, the roles have the trust and the permissions that the deployed template gives them: nobody changed them
 * by hand. A role that is gone is found by the checks of roles.
 */
export const iamDrift: Check = {
  name: "iam-drift",
  needs: [
    ...["cloudformation:GetTemplate", "cloudformation:ListStackResources"],
    // Finds a stack that a stack set made.
    "cloudformation:ListStacks",
    ...["iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy"],
    ...["iam:ListAttachedRolePolicies", "iam:GetPolicy", "iam:GetPolicyVersion"],
  ],
  async look(patient) {
    const results: CheckResult[] = [];
    for (const stack of stacksWithRoles(patient)) results.push(...(await judged(stack)));
    return results;
  },
};

interface StackWithRoles {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly sight: AccountSight;
  /** Whether another check says that it is not there. */
  readonly isBroker: boolean;
}

/** The broker's two, and that of each other account that can be reached. Its first region has it. */
function stacksWithRoles(patient: Patient): readonly StackWithRoles[] {
  const { deployment, account, region, broker, others, policy } = patient;
  const places = remotePlaces(policy, { account, region });
  const spokes = [...others].flatMap(([other, sight]) => {
    const place = places.find((one) => one.account === other);
    const name = place && spokeStackName(deployment, place, account);
    return name && sight ? [{ name, ...place, sight, isBroker: false }] : [];
  });
  return [
    { name: stackName(deployment), account, region, sight: broker, isBroker: true },
    { name: fusesStackName(deployment), account, region, sight: broker, isBroker: true },
    ...spokes,
  ];
}

async function judged(stack: StackWithRoles): Promise<readonly CheckResult[]> {
  const { name, account, region, sight, isBroker } = stack;
  const contents = await sight.stackContents(name, region);
  if (!contents)
    return isBroker
      ? []
      : [ill(`the stack ${name} is not deployed in ${region}`, "timelatch deploy", account)];
  const roles = stackRoles(contents, { account, region });
  const results: CheckResult[] = [];
  // One after the other: IAM has one limit of calls for the whole account.
  for (const role of roles) {
    const found = await sight.roleRights(role.name);
    const drift = found ? roleDrift(role, found) : [];
    if (drift.length > 0) results.push(ill(`${role.name}: ${drift.join("; ")}`, UNDO, account));
  }
  return results.length > 0
    ? results
    : [well(`all ${roles.length} roles of ${name} are as it has them`, account)];
}
