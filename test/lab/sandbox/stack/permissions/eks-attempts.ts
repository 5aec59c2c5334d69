import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  type CreateAccessEntryCommandInput,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  DisassociateAccessPolicyCommand,
  ListAccessEntriesCommand,
  ListAssociatedAccessPoliciesCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAccessEntryCommand,
  UpdateClusterConfigCommand,
} from "@aws-sdk/client-eks";
import type { BrokerAccount } from "../broker-account.ts";
import { type Attempt, type Attempts, person, policyArn } from "./attempt.ts";

export const TAGS = { "timelatch:managed-by": "timelatch", "timelatch:token": "token" };

export const create =
  (cluster: string, of: string, over: Partial<CreateAccessEntryCommandInput> = {}): Attempt =>
  ({ eks }) =>
    eks.send(
      new CreateAccessEntryCommand({
        clusterName: cluster,
        principalArn: of,
        type: "STANDARD",
        tags: TAGS,
        ...over,
      }),
    );
/** Without namespaces: on the whole cluster. */
export const associate =
  (cluster: string, of: string, policy: string, namespaces?: string[]): Attempt =>
  ({ eks }) =>
    eks.send(
      new AssociateAccessPolicyCommand({
        clusterName: cluster,
        principalArn: of,
        policyArn: policyArn(policy),
        accessScope: namespaces ? { type: "namespace", namespaces } : { type: "cluster" },
      }),
    );
export const disassociate =
  (cluster: string, of: string, policy: string): Attempt =>
  ({ eks }) =>
    eks.send(
      new DisassociateAccessPolicyCommand({
        clusterName: cluster,
        principalArn: of,
        policyArn: policyArn(policy),
      }),
    );
export const setGroups =
  (cluster: string, of: string, ...kubernetesGroups: string[]): Attempt =>
  ({ eks }) =>
    eks.send(
      new UpdateAccessEntryCommand({ clusterName: cluster, principalArn: of, kubernetesGroups }),
    );
export const deleteEntry =
  (cluster: string, of: string): Attempt =>
  ({ eks }) =>
    eks.send(new DeleteAccessEntryCommand({ clusterName: cluster, principalArn: of }));
export const describeEntry =
  (cluster: string, of: string): Attempt =>
  ({ eks }) =>
    eks.send(new DescribeAccessEntryCommand({ clusterName: cluster, principalArn: of }));
export const listEntries =
  (cluster: string): Attempt =>
  ({ eks }) =>
    eks.send(new ListAccessEntriesCommand({ clusterName: cluster }));
export const listPolicies =
  (cluster: string, of: string): Attempt =>
  ({ eks }) =>
    eks.send(new ListAssociatedAccessPoliciesCommand({ clusterName: cluster, principalArn: of }));
export const describeCluster =
  (name: string): Attempt =>
  ({ eks }) =>
    eks.send(new DescribeClusterCommand({ name }));

export const changeAuthenticationMode: Attempt = ({ eks }) =>
  eks.send(
    new UpdateClusterConfigCommand({
      name: "legacy",
      accessConfig: { authenticationMode: "API_AND_CONFIG_MAP" },
    }),
  );

export const EVERYTHING_ON_CLUSTERS: Attempts = {
  "create an entry": create("prod", person("alice")),
  "associate a policy": associate("prod", person("carol"), "AmazonEKSEditPolicy", ["ci"]),
  "disassociate a policy": disassociate("prod", person("carol"), "AmazonEKSViewPolicy"),
  "set an entry's groups": setGroups("prod", person("carol"), "eks-admins"),
  "delete an entry": deleteEntry("prod", person("carol")),
  "change a cluster's authentication mode": changeAuthenticationMode,
};

/** Tags of an entry: only an administrator may read the ARN that names it. */
export const tag =
  (cluster: string, of: string, tags: Record<string, string>): Attempt =>
  async ({ eks }, account) =>
    eks.send(new TagResourceCommand({ resourceArn: await entryArn(account, cluster, of), tags }));
export const untag =
  (cluster: string, of: string, ...tagKeys: string[]): Attempt =>
  async ({ eks }, account) =>
    eks.send(
      new UntagResourceCommand({ resourceArn: await entryArn(account, cluster, of), tagKeys }),
    );

async function entryArn(account: BrokerAccount, cluster: string, of: string) {
  const { eks } = account.asPerson("admin");
  const { accessEntry } = await eks.send(
    new DescribeAccessEntryCommand({ clusterName: cluster, principalArn: of }),
  );
  return accessEntry?.accessEntryArn;
}
