import { Aws, Stack, type StackProps } from "aws-cdk-lib";
import { Rule } from "aws-cdk-lib/aws-events";
import { type IRole, Role } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { ENTRY_CHANGES } from "../permissions/entry-changes.ts";
import { deploymentAt, setDeployment } from "../synth/deployment-context.ts";
import { roleNameOf } from "../synth/deployment-names.ts";
import { plainSynthesizer } from "../synth/plain-synthesizer.ts";

export interface ForwardStackProps extends StackProps {
  readonly access: AccessPolicy;
  /** The ARN of the hub's bus for CloudTrail's events. */
  readonly bus: string;
}

/**
 * The rule that forwards CloudTrail's events from one account and region. It is apart from everything else there, because
 * EventBridge looks at the target and its role when the rule is made. So the hub's bus must be there before, and the
 * grantor roles must be there before the hub. The template is the same in every account and region.
 */
export class ForwardStack extends Stack {
  constructor(scope: Construct, id: string, { access, bus, ...props }: ForwardStackProps) {
    super(scope, id, { ...props, synthesizer: plainSynthesizer() });
    setDeployment(this, access);
    const name = roleNameOf(deploymentOf(access), "forward");
    const role = Role.fromRoleArn(
      this,
      "ForwardRole",
      `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${name}`,
      { mutable: false },
    );
    new TrailForwarding(this, "Trail", bus, role);
  }
}

/** Forwards CloudTrail's events about access entries of one account and region to the hub. */
class TrailForwarding extends Construct {
  /**
   * @param bus the ARN of the hub's bus
   * @param role that of `ForwardRole`
   */
  constructor(scope: Construct, id: string, bus: string, role: IRole) {
    super(scope, id);
    // The events exist only where a trail of the region logs management events.
    new Rule(this, "Changes", {
      ruleName: roleNameOf(deploymentAt(this), "forward"),
      description: "Forwards every change of an EKS access entry to Timelatch's hub",
      eventPattern: ENTRY_CHANGES,
      targets: [{ bind: () => ({ arn: bus, role }) }],
    });
  }
}
