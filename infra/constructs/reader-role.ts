import { Aws } from "aws-cdk-lib";
import { AccountPrincipal, type PolicyStatement, Role } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { type ReaderKind, readerRoleName } from "../../shared/domain/values/arn.ts";
import { externalIdOf } from "../../shared/domain/values/deployment.ts";
import { acknowledge } from "../synth/acknowledge.ts";
import { deploymentAt } from "../synth/deployment-context.ts";
import { roleNameOf } from "../synth/deployment-names.ts";

export interface ReaderRoleProps {
  /** The hub's function that reads with it, and nobody else does. */
  readonly kind: ReaderKind;
  /** The hub's account, twelve digits. */
  readonly hub: string;
  readonly statements: readonly PolicyStatement[];
  /** The findings of cdk-nag in them, and why each finding stays. */
  readonly findings: Readonly<Record<string, string>>;
}

/** The role under which a function of the hub reads in another account. It trusts the function by its role's name. */
export class ReaderRole extends Role {
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
