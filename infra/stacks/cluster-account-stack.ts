import { Aws, Stack, type StackProps } from "aws-cdk-lib";
import { AccountPrincipal, type PolicyStatement, Role } from "aws-cdk-lib/aws-iam";
import { CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";
import type { RemotePlace } from "../../shared/domain/grantors/fuse-statements.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { clusterOf, type ReaderKind, readerRoleName } from "../../shared/domain/values/arn.ts";
import { deploymentOf, externalIdOf } from "../../shared/domain/values/deployment.ts";
import { ForwardRole } from "../constructs/forward-role.ts";
import { FuseRole } from "../constructs/fuse-role.ts";
import { GrantorRoles } from "../constructs/grantor-roles.ts";
import { LostFuses } from "../constructs/lost-fuses.ts";
import { roleByName } from "../constructs/role-by-name.ts";
import {
  activityClusters,
  activityFindings,
  activityReads,
} from "../permissions/activity-statements.ts";
import { BROKER_ROLES, remoteRoleArns } from "../permissions/broker-roles.ts";
import { EVENT_FINDINGS, eventReads } from "../permissions/correlate-statements.ts";
import {
  standingClusters,
  standingFindings,
  standingReads,
} from "../permissions/standing-statements.ts";
import { acknowledge } from "../synth/acknowledge.ts";
import { deploymentAt, setDeployment } from "../synth/deployment-context.ts";
import { roleNameOf } from "../synth/deployment-names.ts";
import { plainSynthesizer } from "../synth/plain-synthesizer.ts";

export interface ClusterAccountStackProps extends StackProps {
  readonly access: AccessPolicy;
  /** The account that the stack is for, twelve digits. */
  readonly account: string;
  /** The broker's account, twelve digits. */
  readonly hub: string;
  /** The ARN of the hub's bus for CloudTrail's events. */
  readonly bus: string;
  /** ARNs of SNS topics of the account and region, which hear of a fuse that could not fire. */
  readonly topics: readonly string[];
  /** The same account with its regions. */
  readonly remote: RemotePlace;
  /** Whether the account has the role for Kubernetes groups. */
  readonly withGroups: boolean;
}

/**
 * The stack of an account with clusters, where the broker is in another one. It has the account's
 * roles, and the group of fuses for its first region. Each other region has a stack of its own. The
 * rules that forward CloudTrail's events are in stacks that come after the broker's. The template
 * has no assets and no parameters, so CloudFormation and StackSets take it as it is.
 *
 * The roles trust the broker's account with a condition on converge's role. IAM refuses a principal
 * that does not exist, and pins the unique id of one that does. To name the role itself, the broker
 * would have to be there first. A broker that is made again would then be locked out.
 * docs/adr/0026-hub-and-spokes.md
 */
export class ClusterAccountStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { access, account, hub, bus, remote, withGroups, topics, ...props }: ClusterAccountStackProps,
  ) {
    // Its deletion takes two steps, since it takes with it what ends access in the account.
    super(scope, id, { terminationProtection: true, ...props, synthesizer: plainSynthesizer() });
    setDeployment(this, access);
    const deployment = deploymentOf(access);
    const roleIn = (part: string) =>
      `arn:${Aws.PARTITION}:iam::${hub}:role/${roleNameOf(deployment, part)}`;
    new GrantorRoles(this, "Grantors", {
      access,
      account,
      converge: roleByName(hub, roleIn("converge")),
      externalId: externalIdOf(deployment, hub),
      brokerRoles: [...BROKER_ROLES.map(roleIn), ...remoteRoleArns(deployment)],
      remote,
      withGroups,
    });
    this.#readers(access, account, hub);
    new FuseRole(this, "FuseRole", remote.regions);
    new CfnScheduleGroup(this, "Fuses", { name: deployment });
    new LostFuses(this, "LostFuses", topics);
    new ForwardRole(this, "ForwardRole", bus);
  }

  /** Calls on retired clusters are looked up too. The others are only where their function reads something here. */
  #readers(access: AccessPolicy, account: string, hub: string): void {
    new ReaderRole(this, "CorrelateReads", {
      kind: "correlate",
      hub,
      statements: eventReads(),
      findings: EVENT_FINDINGS,
    });
    const isHere = (arn: string) => clusterOf(arn).account === account;
    const standing = standingClusters(access).filter(isHere);
    if (standing.length > 0)
      new ReaderRole(this, "StandingReads", {
        kind: "standing",
        hub,
        statements: standingReads(standing),
        findings: standingFindings(standing),
      });
    const activity = activityClusters(access).filter(isHere);
    if (activity.length > 0)
      new ReaderRole(this, "ActivityReads", {
        kind: "activity",
        hub,
        statements: activityReads(activity),
        findings: activityFindings(activity),
      });
  }
}

interface ReaderRoleProps {
  /** The hub's function that reads with it, and nobody else does. */
  readonly kind: ReaderKind;
  /** The hub's account, twelve digits. */
  readonly hub: string;
  readonly statements: readonly PolicyStatement[];
  /** The findings of cdk-nag in them, and why each finding stays. */
  readonly findings: Readonly<Record<string, string>>;
}

/** The role under which a function of the hub reads in another account. It trusts the function by its role's name. */
class ReaderRole extends Role {
  constructor(scope: Construct, id: string, { kind, hub, statements, findings }: ReaderRoleProps) {
    const deployment = deploymentAt(scope);
    super(scope, id, {
      roleName: readerRoleName(deployment, kind),
      description: `Lets Timelatch's function ${kind} read in this account`,
      assumedBy: new AccountPrincipal(hub).withConditions({
        ArnEquals: {
          "aws:PrincipalArn": `arn:${Aws.PARTITION}:iam::${hub}:role/${roleNameOf(deployment, kind)}`,
        },
        StringEquals: { "sts:ExternalId": externalIdOf(deployment, hub) },
      }),
    });
    for (const statement of statements) this.addToPolicy(statement);
    acknowledge(this, findings);
  }
}
