import {
  Aws,
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  Stack,
  type StackProps,
} from "aws-cdk-lib";
import { AccountPrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf, externalIdOf } from "../../shared/domain/values/deployment.ts";
import { GrantorRoles } from "../constructs/grantor-roles.ts";
import { BROKER_ROLES } from "../permissions/broker-roles.ts";
import { setDeployment } from "../synth/deployment-context.ts";
import { roleNameOf } from "../synth/deployment-names.ts";
import { grantorRoleArns } from "../synth/topology.ts";

export interface ClusterAccountStackProps extends StackProps {
  readonly access: AccessPolicy;
  /** The account that the stack is for, twelve digits. */
  readonly account: string;
  /** The broker's account, twelve digits. */
  readonly hub: string;
}

/**
 * What an account with clusters needs where the broker is in another one: the grantor roles. The template has no
 * assets and no parameters, so CloudFormation and StackSets take it as it is.
 *
 * The roles trust the broker's account with a condition on converge's role. IAM refuses a principal that does not exist,
 * and pins the unique id of one that does; so to name the role itself, the broker would have to be there first, and a
 * broker that is made again would be locked out. docs/adr/0026-hub-and-spokes.md
 */
export class ClusterAccountStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { access, account, hub, ...props }: ClusterAccountStackProps,
  ) {
    super(scope, id, {
      ...props,
      // The rule asks for CDK's bootstrap, which plain CloudFormation does not need. CDK's types differ
      // from its own interface in one optional member.
      synthesizer: new DefaultStackSynthesizer({
        generateBootstrapVersionRule: false,
      }) as IStackSynthesizer,
    });
    setDeployment(this, access);
    const deployment = deploymentOf(access);
    const roleIn = (part: string) =>
      `arn:${Aws.PARTITION}:iam::${hub}:role/${roleNameOf(deployment, part)}`;
    new GrantorRoles(this, "Grantors", {
      access,
      account,
      converge: new AccountPrincipal(hub).withConditions({
        ArnEquals: { "aws:PrincipalArn": roleIn("converge") },
      }),
      externalId: externalIdOf(deployment, hub),
      brokerRoles: [...BROKER_ROLES.map(roleIn), ...grantorRoleArns(access)],
    });
  }
}
