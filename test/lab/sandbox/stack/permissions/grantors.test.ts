/** The rights of the roles that touch clusters, and of those of schedules, and their limits. */
import {
  CreateClusterCommand,
  DeleteClusterCommand,
  ListAccessEntriesCommand,
  ListAssociatedAccessPoliciesCommand,
  UpdateAccessEntryCommand,
} from "@aws-sdk/client-eks";
import { GetRoleCommand } from "@aws-sdk/client-iam";
import { ACCOUNT } from "../../../../../lab/sandbox/world/account.ts";
import { NODE, person } from "./attempt.ts";
import { put, requests, TOUCHES_OF_THE_LEDGER } from "./dynamodb-attempts.ts";
import {
  associate,
  changeAuthenticationMode,
  create,
  deleteEntry,
  describeCluster,
  describeEntry,
  disassociate,
  setGroups,
  TAGS,
  tag,
  untag,
} from "./eks-attempts.ts";
import { receive, send } from "./message-attempts.ts";
import {
  assume,
  GRANTOR_ROLES,
  GROUPS_GRANTOR,
  inIam,
  named,
  POLICIES_GRANTOR,
  ROLES_OF_OTHERS,
} from "./role-attempts.ts";
import { type AttemptsByRole, tryAll } from "./trial.ts";

const REFUSED: AttemptsByRole = {
  "The grantor": {
    "create an entry for somebody in no group": create("prod", person("mallory")),
    "create an entry on a cluster that no rule names": create("other", person("alice")),
    "create an entry for the broker": create(
      "prod",
      `arn:aws:iam::${ACCOUNT}:role/${POLICIES_GRANTOR}`,
    ),
    "create an entry without its tag": create("prod", person("alice"), { tags: {} }),
    "create an entry with a foreign tag": create("prod", person("alice"), {
      tags: { ...TAGS, team: "payments" },
    }),
    "create an entry for a node": create("prod", person("alice"), { type: "EC2_LINUX" }),
    "create an entry with groups": create("prod", person("alice"), {
      kubernetesGroups: ["eks-admins"],
    }),
    "create an entry with a username": create("prod", person("alice"), { username: "root" }),
    "lend Edit on the whole cluster": associate("prod", person("alice"), "AmazonEKSEditPolicy"),
    "lend ClusterAdmin to somebody by ARN who has no such rule": associate(
      "prod",
      person("heidi"),
      "AmazonEKSClusterAdminPolicy",
    ),
    "lend ClusterAdmin in a namespace to somebody by ARN who has no such rule": associate(
      "prod",
      person("heidi"),
      "AmazonEKSClusterAdminPolicy",
      ["payments-api"],
    ),
    "lend a policy that no rule lists": associate(
      "prod",
      person("alice"),
      "AmazonEKSAdminViewPolicy",
      ["payments-api"],
    ),
    "lend on a cluster that no rule names": associate(
      "other",
      person("alice"),
      "AmazonEKSEditPolicy",
      ["payments-api"],
    ),
    "lend to somebody in no group, on the whole cluster": associate(
      "staging",
      person("mallory"),
      "AmazonEKSViewPolicy",
    ),
    "lend every namespace": associate("prod", person("bob"), "AmazonEKSEditPolicy", ["*"]),
    "lend a namespace of Kubernetes": associate("prod", person("bob"), "AmazonEKSEditPolicy", [
      "kube-system",
    ]),
    "lend a wildcard among names": associate("prod", person("bob"), "AmazonEKSEditPolicy", [
      "payments-api",
      "payments-*",
    ]),
    "set groups": setGroups("prod", person("carol"), "eks-admins"),
    "delete an entry that is not ours": deleteEntry("prod", person("carol")),
    "delete a node's entry": deleteEntry("prod", NODE),
    "take a policy from a node": disassociate("prod", NODE, "AmazonEKSViewPolicy"),
    "lend to a node": associate("prod", NODE, "AmazonEKSEditPolicy", ["payments-api"]),
    "tag a node's entry as ours": tag("prod", NODE, { "timelatch:managed-by": "somebody" }),
    "take tags away": untag("prod", person("bob"), "timelatch:managed-by"),
    "change a cluster's authentication mode": changeAuthenticationMode,
    "list a cluster's entries": ({ eks }) =>
      eks.send(new ListAccessEntriesCommand({ clusterName: "prod" })),
    "make a cluster": ({ eks }) =>
      eks.send(
        new CreateClusterCommand({
          name: "more",
          roleArn: NODE,
          resourcesVpcConfig: { subnetIds: ["subnet-1"] },
        }),
      ),
    "delete a cluster": ({ eks }) => eks.send(new DeleteClusterCommand({ name: "prod" })),
    "become the other grantor": assume(named(GROUPS_GRANTOR)),
    ...ROLES_OF_OTHERS,
    ...inIam(() => POLICIES_GRANTOR),
    ...TOUCHES_OF_THE_LEDGER,
  },
  "The grantor of groups": {
    "lend a policy": associate("staging", person("alice"), "AmazonEKSViewPolicy"),
    "take a policy away": disassociate("prod", person("carol"), "AmazonEKSViewPolicy"),
    "create an entry": create("staging", person("alice")),
    "create an entry with the groups that a rule lends": create("staging", person("alice"), {
      kubernetesGroups: ["eks-admins"],
    }),
    "set a node's groups": setGroups("prod", NODE, "eks-admins"),
    "delete an entry of ours": deleteEntry("prod", person("bob")),
    "delete an entry that is not ours": deleteEntry("prod", person("carol")),
    "read an entry": describeEntry("prod", person("carol")),
    "look at a cluster": describeCluster("prod"),
    "read a role": ({ iam }) =>
      iam.send(new GetRoleCommand({ RoleName: "timelatch-person-alice" })),
    "become the other grantor": assume(named(POLICIES_GRANTOR)),
  },
  "The fuse": {
    "create an entry": create("prod", person("alice")),
    "associate a policy": associate("prod", person("carol"), "AmazonEKSClusterAdminPolicy"),
    "set an entry's groups": setGroups("prod", person("carol"), "eks-admins"),
    "read an entry": describeEntry("prod", person("carol")),
    "delete an entry that is not ours": deleteEntry("prod", person("carol")),
    "delete a node's entry": deleteEntry("prod", NODE),
    "take a policy from a node": disassociate("prod", NODE, "AmazonEKSViewPolicy"),
    "tell converge anything": send("timelatch-converge.fifo", true),
    ...GRANTOR_ROLES,
  },
  "The schedule's role": {
    "send to converge's own dead letters": send("ConvergeDeadLetters", true),
    "take messages": receive,
    "take a policy away": disassociate("prod", person("carol"), "AmazonEKSViewPolicy"),
    "associate a policy": associate("prod", person("carol"), "AmazonEKSClusterAdminPolicy"),
    "write a request": put(requests, "REQ#1"),
    ...GRANTOR_ROLES,
  },
};

/** The fuse removes what the grantor added. */
const ALLOWED: AttemptsByRole = {
  "The grantor": {
    "look at a cluster": describeCluster("prod"),
    "read somebody's unique id": ({ iam }) =>
      iam.send(new GetRoleCommand({ RoleName: "timelatch-person-alice" })),
    "create an entry": create("prod", person("alice")),
    "lend Edit in a namespace": associate("prod", person("alice"), "AmazonEKSEditPolicy", [
      "payments-api",
    ]),
    "narrow what was lent": associate("prod", person("alice"), "AmazonEKSEditPolicy", [
      "payments-worker",
    ]),
    "read an entry": describeEntry("prod", person("alice")),
    // IAM allows for each personal role the access that some rule lends to one of them: the
    // decision on personal roles says why.
    "lend ClusterAdmin to a personal role that has no such rule": associate(
      "prod",
      person("alice"),
      "AmazonEKSClusterAdminPolicy",
    ),
    "take that back again": disassociate("prod", person("alice"), "AmazonEKSClusterAdminPolicy"),
    "read what is associated": ({ eks }) =>
      eks.send(
        new ListAssociatedAccessPoliciesCommand({
          clusterName: "prod",
          principalArn: person("alice"),
        }),
      ),
    "lend the whole cluster in an emergency": associate(
      "prod",
      person("carol"),
      "AmazonEKSClusterAdminPolicy",
    ),
    "take that away again": disassociate("prod", person("carol"), "AmazonEKSClusterAdminPolicy"),
  },
  "The fuse": {
    "take a policy away": disassociate("prod", person("alice"), "AmazonEKSEditPolicy"),
    "delete an entry of ours": deleteEntry("prod", person("alice")),
    "keep what it could not deliver": send("timelatch-lost-fuses"),
  },
  "The grantor of groups": {
    "set the groups of somebody's entry, its username with them": ({ eks }) =>
      eks.send(
        new UpdateAccessEntryCommand({
          clusterName: "prod",
          principalArn: person("carol"),
          kubernetesGroups: ["eks-admins"],
          username: "carol",
        }),
      ),
    "take its groups away": setGroups("prod", person("carol")),
  },
  "The schedule's role": {
    "tell converge that a grant ends": send("timelatch-converge.fifo", true),
    "keep what it could not deliver": send("SchedulesDeadLetters"),
  },
};

tryAll(REFUSED, ALLOWED);
