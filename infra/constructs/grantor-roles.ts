import { ArnPrincipal, Effect, PolicyStatement, Role } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { GRANTOR_ROLE_NAMES } from "../../shared/domain/values/arn.ts";
import {
  type GrantorStatement,
  groupsGrantorStatements,
  policiesGrantorStatements,
} from "../permissions/grantor-permissions.ts";
import { acknowledge } from "../synth/acknowledge.ts";

export interface GrantorRolesProps {
  readonly access: AccessPolicy;
  /** The account of the clusters, and of the roles: twelve digits. */
  readonly account: string;
  readonly convergeRoleArn: string;
  /** ARNs of the broker's own roles, to which nothing is ever lent. */
  readonly brokerRoles: readonly string[];
}

/**
 * The roles that converge takes to reach the clusters of one account. Their names are fixed,
 * since a stored grant names its cluster alone, and is ended under them.
 */
export class GrantorRoles extends Construct {
  constructor(scope: Construct, id: string, props: GrantorRolesProps) {
    super(scope, id);
    const { access, account, brokerRoles } = props;
    this.#role("Policies", GRANTOR_ROLE_NAMES.policies, props.convergeRoleArn, {
      description:
        "Lets Timelatch lend EKS access policies as access.yaml says, and take them away",
      statements: policiesGrantorStatements(access, account, brokerRoles),
    });
    const forGroups = groupsGrantorStatements(access, account, brokerRoles);
    if (forGroups.length > 0)
      this.#role("Groups", GRANTOR_ROLE_NAMES.groups, props.convergeRoleArn, {
        description: "Lets Timelatch lend Kubernetes groups, which IAM cannot limit once lent",
        statements: forGroups,
      });
  }

  #role(
    id: string,
    roleName: string,
    convergeRoleArn: string,
    {
      description,
      statements,
    }: { readonly description: string; readonly statements: readonly GrantorStatement[] },
  ) {
    const converge = new ArnPrincipal(convergeRoleArn);
    const role = new Role(this, id, {
      roleName,
      description,
      // Every session says which grant it is for, and on whose behalf: CloudTrail keeps both.
      assumedBy: converge.withConditions({
        StringLike: { "sts:RoleSessionName": "timelatch-*", "sts:SourceIdentity": "?*" },
      }),
    });
    role.assumeRolePolicy?.addStatements(
      new PolicyStatement({
        principals: [converge],
        actions: ["sts:SetSourceIdentity"],
        conditions: { StringLike: { "sts:SourceIdentity": "?*" } },
      }),
    );
    for (const statement of statements) role.addToPolicy(PolicyStatement.fromJson(statement));
    acknowledge(role, wildcardsOf(statements));
  }
}

/** cdk-nag reports each resource with an asterisk, and each of them is a kind whose ids AWS makes up. */
const wildcardsOf = (statements: readonly GrantorStatement[]) =>
  Object.fromEntries(
    statements
      .filter(({ Effect: effect }) => effect === Effect.ALLOW)
      .flatMap((statement) => statement.Resource)
      .filter((resource) => resource.includes("*"))
      .map((resource) => [
        `IAM5[Resource::${resource}]`,
        resource.includes(":iam:")
          ? "Reads a principal's unique id, of whichever principal a stored grant names."
          : "An entry's ARN ends in a UUID that is unknown before it exists; reading and removing must also reach clusters that have left access.yaml.",
      ]),
  );
