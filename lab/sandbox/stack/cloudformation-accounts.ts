/** CloudFormation of the sandbox's accounts in their regions. */
import { accountOf, byAccount, ownRoles } from "../aws/accounts.ts";
import { demandAssumeRole, serviceMayAssume } from "../aws/assume-role-decision.ts";
import { accessDenied, decide } from "../aws/authorize.ts";
import type { CloudFormationContext } from "../aws/cloudformation/context.ts";
import type { StackEngine } from "../aws/cloudformation/engine.ts";
import { cloudFormationService } from "../aws/cloudformation/service.ts";
import { sessionArn } from "../aws/identities.ts";
import { readObject } from "../aws/s3/get-object.ts";
import { AwsError, type Caller, type PermissionCheck, type Service } from "../aws/service.ts";
import type { SandboxState } from "../process/state.ts";
import { ACCOUNT, isSamePlace } from "../world/account.ts";

export interface CloudFormationAccounts {
  /** The service of a region. */
  readonly serviceIn: (region: string) => Service;
  /** One for each account and region. */
  readonly contexts: readonly CloudFormationContext[];
}

const SERVICE = "cloudformation.amazonaws.com";
/** As CloudFormation names its sessions of a service role. */
const SESSION = "AWSCloudFormation";

export function cloudFormationAccounts(
  state: SandboxState,
  engine: StackEngine,
): CloudFormationAccounts {
  const contexts: readonly CloudFormationContext[] = state.places.map(
    ({ account, region, ssm }): CloudFormationContext => ({
      cloudFormation: state.cloudFormation,
      account,
      region,
      engine,
      ssm,
      readObject: (bucket, key, caller) =>
        readObject(
          { ...state, account: ACCOUNT, region },
          { bucket, key, caller, now: new Date() },
        ),
      demand: (caller, check) => demandOf(state, caller, check),
      mayAssume: (roleArn, keys = {}) =>
        serviceMayAssume(ownRoles(state.iam, account).state, roleArn, SERVICE, keys),
      sessionOf: (roleArn) => sessionOf(state, roleArn, SESSION),
      assume: (caller, roleArn, sessionName) => assumed(state, caller, roleArn, sessionName),
      elsewhere: (account, region) => contexts.find((one) => isSamePlace(one, { account, region })),
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

/** The session of a role that the caller may assume. */
async function assumed(
  state: SandboxState,
  caller: Caller,
  roleArn: string,
  sessionName: string,
): Promise<Caller | undefined> {
  const role = state.iam.state.roles[roleArn];
  if (!role) return undefined;
  try {
    await demandAssumeRole(state.iam.state, { role, sessionName }, { caller, now: new Date() });
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
  return sessionOf(state, roleArn, sessionName);
}

function sessionOf({ iam }: SandboxState, roleArn: string, sessionName: string): Caller {
  const role = iam.state.roles[roleArn];
  if (!role) throw new Error(`There is no role ${roleArn}.`);
  const accountId = accountOf(roleArn);
  return {
    arn: sessionArn(accountId, role.roleName, sessionName),
    principalArn: roleArn,
    accountId,
    userId: `${role.roleId}:${sessionName}`,
    accessKeyId: "",
  };
}
