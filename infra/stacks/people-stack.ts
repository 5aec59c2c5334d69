import { Stack, type StackProps } from "aws-cdk-lib";
import { CfnManagedPolicy, CfnRole } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { peoplePath } from "../../shared/domain/people/personal-role.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import {
  callPolicyArn,
  clusterPolicies,
  type PeopleAccount,
  type PersonalRole,
  policyPath,
} from "../permissions/people-statements.ts";
import { plainSynthesizer } from "../synth/plain-synthesizer.ts";

export interface PeopleStackProps extends StackProps {
  readonly access: AccessPolicy;
  readonly account: PeopleAccount;
  /** The account's roles that this stack makes. */
  readonly roles: readonly PersonalRole[];
}

/**
 * Personal roles of one account. Each trusts one person's sessions, and may find the account's
 * clusters. In the broker's account it may also call the API. Nothing else is allowed, so that what
 * Timelatch lends in Kubernetes is all that the role adds.
 */
export class PeopleStack extends Stack {
  constructor(scope: Construct, id: string, props: PeopleStackProps) {
    const { access, account, roles, ...stackProps } = props;
    super(scope, id, { ...stackProps, synthesizer: plainSynthesizer() });
    const deployment = deploymentOf(access);
    const finding = clusterPolicies(access, account.place.account).map(
      (clusters, at) =>
        new CfnManagedPolicy(this, `Clusters${at + 1}`, {
          description: "Lets people of Timelatch find the clusters of access.yaml",
          path: policyPath(deployment),
          policyDocument: {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "eks:DescribeCluster", Resource: clusters }],
          },
        }).ref,
    );
    const calling = account.isBroker ? [callPolicyArn(account.place, deployment)] : [];
    // Below a construct, so that ids of people who are called a.b and a-b differ.
    const people = new Construct(this, "People");
    for (const { person, name, trust, isReached } of roles)
      new CfnRole(people, person, {
        path: peoplePath(deployment),
        roleName: name,
        description: `The role of ${person} alone, to which Timelatch lends access`,
        assumeRolePolicyDocument: trust,
        managedPolicyArns: [...calling, ...(isReached ? finding : [])],
      });
  }
}
