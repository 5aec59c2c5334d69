/** CloudFormation of the sandbox's accounts in their regions. */
import { byAccount, ownRoles } from "../aws/accounts.ts";
import { serviceMayAssume } from "../aws/assume-role-decision.ts";
import { accessDenied, decide } from "../aws/authorize.ts";
import type { CloudFormationContext } from "../aws/cloudformation/context.ts";
import { cloudFormationService } from "../aws/cloudformation/service.ts";
import { sessionArn } from "../aws/identities.ts";
import { readObject } from "../aws/s3/read-object.ts";
import type { Caller, PermissionCheck, Service } from "../aws/service.ts";
import type { SandboxState } from "../process/state.ts";
import { ACCOUNT } from "../world/account.ts";
import type { LiveStacks } from "./live-stacks.ts";

export interface CloudFormationAccounts {
  /** The service of a region. */
  readonly serviceIn: (region: string) => Service;
  /** One for each account and region. */
  readonly contexts: readonly CloudFormationContext[];
}

const SERVICE = "cloudformation.amazonaws.com";

export function cloudFormationAccounts(
  state: SandboxState,
  engine: LiveStacks,
): CloudFormationAccounts {
  const contexts = state.places.map(
    ({ account, region, ssm }): CloudFormationContext => ({
      ...{ cloudFormation: state.cloudFormation, account, region, engine, ssm },
      readObject: (bucket, key, caller) =>
        readObject(
          { ...state, account: ACCOUNT, region },
          { bucket, key, caller, now: new Date() },
        ),
      demand: (caller, check) => demandOf(state, caller, check),
      mayAssume: (roleArn) =>
        serviceMayAssume(ownRoles(state.iam, account).state, roleArn, SERVICE, {}),
      sessionOf: (roleArn) => sessionOf(state, roleArn),
    }),
  );
  const serviceIn = (region: string) => {
    const services = contexts
      .filter((context) => context.region === region)
      .map((context) => [context.account, cloudFormationService(context)]);
    return byAccount(Object.fromEntries(services));
  };
  return { contexts, serviceIn };
}

async function demandOf({ iam }: SandboxState, caller: Caller, check: PermissionCheck) {
  const decision = await decide(iam.state, caller, check, new Date());
  if (decision !== "Allowed") throw accessDenied(caller, check, decision, "query");
}

/** As CloudFormation names its sessions of a service role. */
function sessionOf({ iam }: SandboxState, roleArn: string): Caller {
  const role = iam.state.roles[roleArn];
  if (!role) throw new Error(`There is no role ${roleArn}.`);
  const accountId = roleArn.split(":")[4] ?? "";
  return {
    arn: sessionArn(accountId, role.roleName, "AWSCloudFormation"),
    principalArn: roleArn,
    accountId,
    userId: `${role.roleId}:AWSCloudFormation`,
    accessKeyId: "",
  };
}
