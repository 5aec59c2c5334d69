/** Adds the stacks of personal roles to an app. */
import type { App, Stack } from "aws-cdk-lib";
import { personalRoleOwner } from "../../shared/domain/people/personal-role.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import type { StackRecord } from "../../shared/policy-file/assembly-record.ts";
import {
  type PeopleAccount,
  type PersonalRole,
  peopleAccounts,
} from "../permissions/people-statements.ts";
import { PeopleStack } from "../stacks/people-stack.ts";
import { stackNameOf } from "./deployment-names.ts";

/** The roles that IAM allows an account unless its quota is raised, and the number that is many. */
const ROLE_QUOTA = 1_000;
const MANY_ROLES = 900;

/** The names that the personal roles were made for: whoever is renamed keeps their role. */
export const peopleWithRoles = (access: AccessPolicy): readonly string[] =>
  Object.values(access.people).flatMap(({ personalRole }) =>
    personalRole === undefined ? [] : [personalRoleOwner(personalRole, deploymentOf(access))],
  );

/**
 * In the broker's account, the roles carry a policy of the broker's stack.
 *
 * @param env where the broker is deployed to; undefined for a template that fits any account
 * @param only the one account, twelve digits, whose stacks are added; all of them without it
 */
export function addPeopleStacks(
  app: App,
  access: AccessPolicy,
  record: StackRecord,
  env: { readonly account: string; readonly region: string } | undefined,
  only?: string,
): readonly Stack[] {
  const deployment = deploymentOf(access);
  const stackOf = ({ name }: PersonalRole) => record[personalRoleOwner(name, deployment)] ?? 1;
  const accounts = peopleAccounts(access).filter(
    ({ place }) => only === undefined || place.account === only,
  );
  return accounts.flatMap((account) => {
    const byStack = Map.groupBy(account.roles, stackOf);
    return [...byStack].map(([number, roles]) => {
      const where = placeOf(account, env);
      return new PeopleStack(app, stackName(deployment, account, number), {
        description: "Timelatch: a role for each person, to which access is lent",
        access,
        account,
        roles,
        ...(where ? { env: where } : {}),
      });
    });
  });
}

/** A stack of the broker's account fits any region, and any account where the broker's does. */
function placeOf({ isBroker, place }: PeopleAccount, env: Parameters<typeof addPeopleStacks>[3]) {
  return isBroker ? env : { account: place.account, region: env?.region ?? place.region };
}

const stackName = (
  deployment: string,
  { isBroker, place }: PeopleAccount,
  number: number,
): string =>
  stackNameOf(deployment, "TimelatchPeople", ...(isBroker ? [] : [place.account]), number);

/** A line for each account whose quota of roles may be too low. */
export const roleQuotaWarnings = (access: AccessPolicy): readonly string[] =>
  peopleAccounts(access)
    .filter(({ roles }) => roles.length > MANY_ROLES)
    .map(
      ({ place, roles }) =>
        `Account ${place.account} gets ${roles.length} personal roles. IAM allows ${ROLE_QUOTA} roles in an account unless its quota is raised: see Service Quotas, "Roles per account".`,
    );
