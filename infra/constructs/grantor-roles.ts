import { Annotations } from "aws-cdk-lib";
import {
  Effect,
  ManagedPolicy,
  Policy,
  PolicyDocument,
  PolicyStatement,
  type PrincipalBase,
  Role,
} from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { RemotePlace } from "../../shared/domain/grantors/fuse-statements.ts";
import type { GrantorStatement } from "../../shared/domain/grantors/grantor-statement.ts";
import { groupsGrantorStatements } from "../../shared/domain/grantors/groups-grantor.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { grantorRoleNames } from "../../shared/domain/values/arn.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { grantorPolicies } from "../permissions/grantor-policies.ts";
import { type PackedPolicies, packStatements } from "../permissions/pack-statements.ts";
import { acknowledge } from "../synth/acknowledge.ts";

export interface GrantorRolesProps {
  readonly access: AccessPolicy;
  /** The account of the clusters, and of the roles: twelve digits. */
  readonly account: string;
  /** The principal that may assume the roles: converge, and nobody else. */
  readonly converge: PrincipalBase;
  /** Whether the account has the role for Kubernetes groups. */
  readonly withGroups: boolean;
  /** The external id that converge must give where it comes from another account. */
  readonly externalId?: string;
  /** ARNs of the broker's own roles. Nothing is ever lent to them. */
  readonly brokerRoles: readonly string[];
  /** The place where the role for policies arms fuses. */
  readonly remote?: RemotePlace | undefined;
}

/**
 * The roles that converge assumes to reach the clusters of one account. Their names are fixed. A
 * stored grant only names its cluster, and converge must still find the role that ends it.
 */
export class GrantorRoles extends Construct {
  constructor(scope: Construct, id: string, props: GrantorRolesProps) {
    super(scope, id);
    const { access, account, brokerRoles, remote, withGroups } = props;
    const names = grantorRoleNames(deploymentOf(access));
    const forPolicies = grantorPolicies(access, account, brokerRoles, remote);
    this.#role("Policies", names.policies, props, {
      description: "Lets Timelatch lend EKS access policies as access.yaml says, and remove them",
      packed: forPolicies,
    });
    if (forPolicies.precision === "coarse")
      Annotations.of(this).addWarningV2(COARSE, coarse(account));
    if (withGroups)
      this.#role("Groups", names.groups, props, {
        description:
          "Lets Timelatch set Kubernetes groups of access entries, which IAM cannot limit",
        packed: packStatements(groupsGrantorStatements(access, account, brokerRoles), []),
      });
  }

  #role(
    id: string,
    roleName: string,
    { converge, externalId }: Pick<GrantorRolesProps, "converge" | "externalId">,
    { description, packed }: { readonly description: string; readonly packed: PackedPolicies },
  ) {
    const role = new Role(this, id, {
      roleName,
      description,
      // Every session names its grant and the requester, and CloudTrail keeps both.
      assumedBy: converge.withConditions({
        StringLike: { "sts:RoleSessionName": "timelatch-*", "sts:SourceIdentity": "?*" },
        ...(externalId === undefined ? {} : { StringEquals: { "sts:ExternalId": externalId } }),
      }),
    });
    role.assumeRolePolicy?.addStatements(
      new PolicyStatement({
        principals: [converge],
        actions: ["sts:SetSourceIdentity"],
        conditions: { StringLike: { "sts:SourceIdentity": "?*" } },
      }),
    );
    const { inline, managed } = packed;
    const own = new Policy(role, "DefaultPolicy", { document: documentOf(inline), roles: [role] });
    acknowledge(own, wildcardsOf(inline));
    for (const [at, statements] of managed.entries()) {
      const more = new ManagedPolicy(role, `More${at + 1}`, {
        description: "What else Timelatch may lend as access.yaml says",
        document: documentOf(statements),
        roles: [role],
      });
      acknowledge(more, wildcardsOf(statements));
    }
  }
}

const COARSE = "timelatch:coarse-grantor";

const coarse = (account: string): string =>
  `The grantor role of account ${account} names principals and namespaces coarsely, since IAM does not take a closer policy. timelatch docs adr/0025-grantor-policy-size says what it allows beyond. Give people roles of their own, or name fewer namespaces.`;

const documentOf = (statements: readonly GrantorStatement[]) =>
  PolicyDocument.fromJson({ Version: "2012-10-17", Statement: statements });

/** cdk-nag reports each resource with an asterisk. AWS makes up the ids of all of them. */
const wildcardsOf = (statements: readonly GrantorStatement[]) =>
  Object.fromEntries(
    statements
      .filter(({ Effect: effect }) => effect === Effect.ALLOW)
      .flatMap((statement) => statement.Resource)
      .filter((resource) => resource.includes("*"))
      .map((resource) => [
        `IAM5[Resource::${resource}]`,
        REASONS[resource.split(":")[2] ?? ""] ?? "",
      ]),
  );

/** By the resource's service. */
const REASONS: Readonly<Record<string, string>> = {
  iam: "Reads the unique id of any principal that a stored grant names.",
  eks: "An entry's ARN ends in a UUID that is unknown before it exists. Reading and removing must also reach clusters that have left access.yaml.",
  scheduler:
    "A fuse's name is random. All fuses are in the broker's own group, and their role can only remove.",
};
