/** What each of the broker's roles may and may not do, tried over the wire under its own keys. */
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  type CreateAccessEntryCommandInput,
  CreateClusterCommand,
  DeleteAccessEntryCommand,
  DeleteClusterCommand,
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
import { CreateRoleCommand, GetRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT, REGION } from "../../../sandbox/world/account.ts";
import { type BrokerAccount, brokerAccount, type Clients } from "./broker-account.ts";

const person = (name: string) => `arn:aws:iam::${ACCOUNT}:role/people/${name}`;
const NODE = `arn:aws:iam::${ACCOUNT}:role/eks-node`;
const POLICIES_GRANTOR = "timelatch-grantor";
const GROUPS_GRANTOR = "timelatch-grantor-groups";
const policyArn = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;
const TAGS = { "timelatch:managed-by": "timelatch", "timelatch:token": "token" };

let account: BrokerAccount;
let before = "";
const sessions: Record<string, Clients> = {};
beforeAll(async () => {
  account = await brokerAccount();
  const converge = account.asRole("ConvergeFunctionRole");
  Object.assign(sessions, {
    api: account.asRole("ApiFunctionRole"),
    sweep: account.asRole("SweepFunctionRole"),
    converge,
    "the schedule's role": account.asRole("ScheduleRole"),
    "the fuse": account.asRole("FuseRole"),
    "the grantor": await account.asGrantor(converge, POLICIES_GRANTOR),
    "the grantor of groups": await account.asGrantor(converge, GROUPS_GRANTOR),
  });
  // An entry of ours, so that what is refused about it is not merely missing.
  await create("prod", person("bob"))(account.asPerson("admin"));
  before = account.snapshot();
});
afterAll(() => account.close());

const as = (who: string): Clients => {
  const found = sessions[who];
  if (!found) throw new Error(`Nobody is called ${who}.`);
  return found;
};

/** What is tried, by what it is called. */
type Attempt = (own: Clients) => Promise<unknown>;
type Attempts = Readonly<Record<string, Attempt>>;

// -- DynamoDB

const requests = () => account.tableName("TablesRequests");
const ledger = () => account.tableName("TablesLedger");
const key = (pk: string) => ({ pk: { S: pk }, sk: { S: "1" } });
const UPDATE = {
  UpdateExpression: "SET #a = :a",
  ExpressionAttributeNames: { "#a": "a" },
  ExpressionAttributeValues: { ":a": { S: "a" } },
};
const CONDITION = {
  ConditionExpression: "attribute_exists(pk)",
};
const get =
  (table: () => string, pk: string): Attempt =>
  ({ dynamodb }) =>
    dynamodb.send(new GetItemCommand({ TableName: table(), Key: key(pk) }));
const put =
  (table: () => string, pk: string): Attempt =>
  ({ dynamodb }) =>
    dynamodb.send(new PutItemCommand({ TableName: table(), Item: key(pk) }));
const update =
  (table: () => string, pk: string): Attempt =>
  ({ dynamodb }) =>
    dynamodb.send(new UpdateItemCommand({ TableName: table(), Key: key(pk), ...UPDATE }));
const remove =
  (table: () => string, pk: string): Attempt =>
  ({ dynamodb }) =>
    dynamodb.send(new DeleteItemCommand({ TableName: table(), Key: key(pk) }));
const query =
  (table: () => string, pk: string, index?: string): Attempt =>
  ({ dynamodb }) =>
    dynamodb.send(
      new QueryCommand({
        TableName: table(),
        ...(index ? { IndexName: index } : {}),
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": { S: pk } },
      }),
    );
/** A transaction of a change that is allowed, and of another item. */
const transact =
  (item: () => TransactWriteItem): Attempt =>
  ({ dynamodb }) =>
    dynamodb.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Update: { TableName: requests(), Key: key("REQ#1"), ...UPDATE } },
          item(),
        ],
      }),
    );
const transactUpdate = (table: () => string, pk: string) =>
  transact(() => ({ Update: { TableName: table(), Key: key(pk), ...UPDATE } }));
const transactDelete = (table: () => string, pk: string) =>
  transact(() => ({ Delete: { TableName: table(), Key: key(pk) } }));
const transactPut = (table: () => string, pk: string) =>
  transact(() => ({ Put: { TableName: table(), Item: key(pk) } }));
const transactCheck = (table: () => string, pk: string) =>
  transact(() => ({ ConditionCheck: { TableName: table(), Key: key(pk), ...CONDITION } }));

/** What nobody may do with the evidence. */
const CHANGES_OF_EVIDENCE: Attempts = {
  "update an audit event": update(requests, "AUDIT#1"),
  "delete an audit event": remove(requests, "AUDIT#1"),
  "update an audit event in a transaction": transactUpdate(requests, "AUDIT#1"),
  "delete an audit event in a transaction": transactDelete(requests, "AUDIT#1"),
  "delete audit events in a batch": ({ dynamodb }) =>
    dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: { [requests()]: [{ DeleteRequest: { Key: key("AUDIT#1") } }] },
      }),
    ),
  "read the whole requests table": ({ dynamodb }) =>
    dynamodb.send(new ScanCommand({ TableName: requests() })),
};
const USES_OF_THE_LEDGER: Attempts = {
  "read the ledger": get(ledger, "BIND#1"),
  "write the ledger": put(ledger, "BIND#1"),
};
/** Nobody's: a ledger is put whole, and never deleted. */
const OTHER_TOUCHES_OF_THE_LEDGER: Attempts = {
  "query the ledger": query(ledger, "BIND#1"),
  "update the ledger": update(ledger, "BIND#1"),
  "delete from the ledger": remove(ledger, "BIND#1"),
  "check the ledger in a transaction": transactCheck(ledger, "BIND#1"),
};
const TOUCHES_OF_THE_LEDGER: Attempts = {
  ...USES_OF_THE_LEDGER,
  ...OTHER_TOUCHES_OF_THE_LEDGER,
};
const USES_OF_REQUESTS: Attempts = {
  "read a request": get(requests, "REQ#1"),
  "query its events": query(requests, "AUDIT#1"),
  "query an index": query(requests, "x", "mine"),
  "write an audit event and a request's state in one transaction": transactPut(requests, "AUDIT#1"),
  "delete a pointer in a transaction": transactDelete(requests, "UNIQ#1"),
  "check another item in a transaction": transactCheck(requests, "BIND#1"),
};

// -- EKS

const create =
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
const associate =
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
const disassociate =
  (cluster: string, of: string, policy: string): Attempt =>
  ({ eks }) =>
    eks.send(
      new DisassociateAccessPolicyCommand({
        clusterName: cluster,
        principalArn: of,
        policyArn: policyArn(policy),
      }),
    );
const setGroups =
  (cluster: string, of: string, ...kubernetesGroups: string[]): Attempt =>
  ({ eks }) =>
    eks.send(
      new UpdateAccessEntryCommand({ clusterName: cluster, principalArn: of, kubernetesGroups }),
    );
const deleteEntry =
  (cluster: string, of: string): Attempt =>
  ({ eks }) =>
    eks.send(new DeleteAccessEntryCommand({ clusterName: cluster, principalArn: of }));
const describeEntry =
  (cluster: string, of: string): Attempt =>
  ({ eks }) =>
    eks.send(new DescribeAccessEntryCommand({ clusterName: cluster, principalArn: of }));
const describeCluster =
  (name: string): Attempt =>
  ({ eks }) =>
    eks.send(new DescribeClusterCommand({ name }));

const EVERYTHING_ON_CLUSTERS: Attempts = {
  "create an entry": create("prod", person("alice")),
  "associate a policy": associate("prod", person("carol"), "AmazonEKSEditPolicy", ["ci"]),
  "disassociate a policy": disassociate("prod", person("carol"), "AmazonEKSViewPolicy"),
  "set an entry's groups": setGroups("prod", person("carol"), "eks-admins"),
  "delete an entry": deleteEntry("prod", person("carol")),
  "change a cluster's authentication mode": ({ eks }) =>
    eks.send(
      new UpdateClusterConfigCommand({
        name: "legacy",
        accessConfig: { authenticationMode: "API_AND_CONFIG_MAP" },
      }),
    ),
};

// -- The rest

const assume =
  (role: () => string, over: Record<string, string> = {}): Attempt =>
  ({ sts }) =>
    sts.send(
      new AssumeRoleCommand({
        RoleArn: role(),
        RoleSessionName: "timelatch-1",
        SourceIdentity: "alice",
        ...over,
      }),
    );
const named = (role: string) => () => `arn:aws:iam::${ACCOUNT}:role/${role}`;
const ROLES_OF_OTHERS: Attempts = {
  "become alice": assume(() => person("alice")),
  "become the account's administrator": assume(named("admin")),
  "become the deployer": assume(named("ci-deployer")),
};
const GRANTOR_ROLES: Attempts = {
  "become the grantor": assume(named(POLICIES_GRANTOR)),
  "become the grantor of groups": assume(named(GROUPS_GRANTOR)),
};

const inIam = (roleName: () => string): Attempts => ({
  "give itself more rights": ({ iam }) =>
    iam.send(
      new PutRolePolicyCommand({
        RoleName: roleName(),
        PolicyName: "more",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
        }),
      }),
    ),
  "make a role": ({ iam }) =>
    iam.send(new CreateRoleCommand({ RoleName: "new", AssumeRolePolicyDocument: "{}" })),
});
const roleName = (part: string) => () => account.roleArn(part).split("/").at(-1) ?? "";

const send =
  (queue: string, group = false): Attempt =>
  ({ sqs }) =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: account.queue(queue).url,
        MessageBody: "{}",
        ...(group ? { MessageGroupId: "b", MessageDeduplicationId: crypto.randomUUID() } : {}),
      }),
    );
const receive: Attempt = ({ sqs }) =>
  sqs.send(new ReceiveMessageCommand({ QueueUrl: account.queue("converge.fifo").url }));
const backlog: Attempt = ({ sqs }) =>
  sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: account.queue("converge.fifo").url,
      AttributeNames: ["ApproximateNumberOfMessages"],
    }),
  );
const purge: Attempt = ({ sqs }) =>
  sqs.send(new PurgeQueueCommand({ QueueUrl: account.queue("converge.fifo").url }));

interface ScheduleOver {
  readonly group?: string;
  readonly roleArn?: () => string;
  readonly fuse?: boolean;
}
const scheduleInput = (name: string, { group = "timelatch", roleArn, fuse }: ScheduleOver) => ({
  Name: name,
  GroupName: group,
  ScheduleExpression: "at(2099-01-01T00:00:00)",
  FlexibleTimeWindow: { Mode: "OFF" as const },
  Target: fuse
    ? {
        Arn: "arn:aws:scheduler:::aws-sdk:eks:disassociateAccessPolicy",
        Input: JSON.stringify({
          ClusterName: "prod",
          PrincipalArn: person("alice"),
          PolicyArn: policyArn("AmazonEKSEditPolicy"),
        }),
        RoleArn: (roleArn ?? (() => account.roleArn("FuseRole")))(),
      }
    : {
        Arn: account.queue("converge.fifo").arn,
        Input: "{}",
        SqsParameters: { MessageGroupId: "b" },
        RoleArn: (roleArn ?? (() => account.roleArn("ScheduleRole")))(),
      },
});
const schedule =
  (name: string, over: ScheduleOver = {}): Attempt =>
  ({ scheduler }) =>
    scheduler.send(new CreateScheduleCommand(scheduleInput(name, over)));
const deleteSchedule =
  (Name: string, GroupName: string): Attempt =>
  ({ scheduler }) =>
    scheduler.send(new DeleteScheduleCommand({ Name, GroupName }));

// -- What is refused

const ofFunctions = (part: string): Attempts => ({
  ...CHANGES_OF_EVIDENCE,
  ...EVERYTHING_ON_CLUSTERS,
  ...ROLES_OF_OTHERS,
  ...inIam(roleName(part)),
  "list the tables": ({ dynamodb }) => dynamodb.send(new ListTablesCommand({})),
  "empty the queue": purge,
});

const REFUSED: Readonly<Record<string, Attempts>> = {
  api: {
    ...ofFunctions("ApiFunctionRole"),
    ...TOUCHES_OF_THE_LEDGER,
    ...GRANTOR_ROLES,
    "look at a cluster": describeCluster("prod"),
    "make a schedule": schedule("api"),
    "delete a schedule": deleteSchedule("g-1", "timelatch"),
    "take messages": receive,
    "see the queue's length": backlog,
  },
  sweep: {
    ...ofFunctions("SweepFunctionRole"),
    ...TOUCHES_OF_THE_LEDGER,
    ...GRANTOR_ROLES,
    "look at a cluster": describeCluster("prod"),
    "make a schedule": schedule("sweep"),
    "take messages": receive,
  },
  converge: {
    ...ofFunctions("ConvergeFunctionRole"),
    ...OTHER_TOUCHES_OF_THE_LEDGER,
    "look at a cluster without a grantor": describeCluster("prod"),
    "read the whole ledger": ({ dynamodb }) =>
      dynamodb.send(new ScanCommand({ TableName: ledger() })),
    "send to its own dead letters": send("ConvergeDeadLetters", true),
    "become the fuse": assume(() => account.roleArn("FuseRole")),
    "become a grantor of another account": assume(
      () => `arn:aws:iam::999999999999:role/${POLICIES_GRANTOR}`,
    ),
    "become the grantor under another session name": assume(named(POLICIES_GRANTOR), {
      RoleSessionName: "somebody",
    }),
    "become the grantor without naming for whom": ({ sts }) =>
      sts.send(
        new AssumeRoleCommand({
          RoleArn: named(POLICIES_GRANTOR)(),
          RoleSessionName: "timelatch-1",
        }),
      ),
    "make a schedule in another group": schedule("elsewhere", { group: "default" }),
    "delete a schedule of another group": deleteSchedule("x", "default"),
    "make a group of schedules": ({ scheduler }) =>
      scheduler.send(new CreateScheduleGroupCommand({ Name: "more" })),
    "list all schedules": ({ scheduler }) => scheduler.send(new ListSchedulesCommand({})),
    "pass the grantor's role to Scheduler": schedule("pass-1", {
      roleArn: named(POLICIES_GRANTOR),
    }),
    "pass its own role to Scheduler": schedule("pass-2", {
      roleArn: () => account.roleArn("ConvergeFunctionRole"),
    }),
    "pass the administrator's role to a fuse": schedule("pass-3", {
      roleArn: named("admin"),
      fuse: true,
    }),
  },
  "the grantor": {
    "create an entry for somebody in no group": create("prod", person("mallory")),
    "create an entry on a cluster that no rule names": create("other", person("alice")),
    "create an entry for the broker": create("prod", named("timelatch-grantor")()),
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
    "lend ClusterAdmin to somebody who has no such rule": associate(
      "prod",
      person("alice"),
      "AmazonEKSClusterAdminPolicy",
    ),
    "lend ClusterAdmin in a namespace where only Edit is lent": associate(
      "prod",
      person("alice"),
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
    "tag a node's entry as ours": async (own) => {
      const { accessEntry } = await account
        .asPerson("admin")
        .eks.send(new DescribeAccessEntryCommand({ clusterName: "prod", principalArn: NODE }));
      await own.eks.send(
        new TagResourceCommand({
          resourceArn: accessEntry?.accessEntryArn,
          tags: { "timelatch:managed-by": "somebody" },
        }),
      );
    },
    "take tags away": async (own) => {
      const { accessEntry } = await account
        .asPerson("admin")
        .eks.send(
          new DescribeAccessEntryCommand({ clusterName: "prod", principalArn: person("bob") }),
        );
      await own.eks.send(
        new UntagResourceCommand({
          resourceArn: accessEntry?.accessEntryArn,
          tagKeys: ["timelatch:managed-by"],
        }),
      );
    },
    "change a cluster's authentication mode": EVERYTHING_ON_CLUSTERS[
      "change a cluster's authentication mode"
    ] as Attempt,
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
  "the grantor of groups": {
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
    "read a role": ({ iam }) => iam.send(new GetRoleCommand({ RoleName: "alice" })),
    "become the other grantor": assume(named(POLICIES_GRANTOR)),
  },
  "the fuse": {
    "create an entry": create("prod", person("alice")),
    "associate a policy": associate("prod", person("carol"), "AmazonEKSClusterAdminPolicy"),
    "set an entry's groups": setGroups("prod", person("carol"), "eks-admins"),
    "read an entry": describeEntry("prod", person("carol")),
    "delete an entry that is not ours": deleteEntry("prod", person("carol")),
    "delete a node's entry": deleteEntry("prod", NODE),
    "take a policy from a node": disassociate("prod", NODE, "AmazonEKSViewPolicy"),
    "tell converge anything": send("converge.fifo", true),
    ...GRANTOR_ROLES,
  },
  "the schedule's role": {
    "send to converge's own dead letters": send("ConvergeDeadLetters", true),
    "take messages": receive,
    "take a policy away": disassociate("prod", person("carol"), "AmazonEKSViewPolicy"),
    "associate a policy": associate("prod", person("carol"), "AmazonEKSClusterAdminPolicy"),
    "write a request": put(requests, "REQ#1"),
    ...GRANTOR_ROLES,
  },
};

/** AWS's words (IAM User Guide, "Troubleshoot access denied error messages"). */
const DENIED =
  /^User: (arn:aws:sts::\d{12}:assumed-role\/[\w-]+\/[\w-]+) is not authorized to perform: ([a-z]+:[A-Za-z]+) on resource: (arn:aws:\S+|\*)( because no identity-based policy allows the \2 action| with an explicit deny in an identity-based policy)?$/;

async function refusal(attempt: Promise<unknown>): Promise<Error> {
  try {
    await attempt;
  } catch (error) {
    return error as Error;
  }
  throw new Error("It was allowed.");
}

describe.each(Object.entries(REFUSED))("%s", (who, attempts) => {
  it.each(Object.entries(attempts))("may not %s", async (_what, attempt) => {
    const { name, message } = await refusal(attempt(as(who)));
    expect(`${name}: ${message}`).toMatch(/^AccessDenied/);
    expect(message).toMatch(DENIED);
  });
});

it("is refused in one of AWS's two ways: nothing allows it, or something denies it", async () => {
  const { message: implicit } = await refusal(describeCluster("prod")(as("api")));
  expect(implicit).toBe(
    `User: arn:aws:sts::${ACCOUNT}:assumed-role/${roleName("ApiFunctionRole")()}/own is not authorized to perform: eks:DescribeCluster on resource: arn:aws:eks:${REGION}:${ACCOUNT}:cluster/prod because no identity-based policy allows the eks:DescribeCluster action`,
  );
  const { message: explicit } = await refusal(update(requests, "AUDIT#1")(as("api")));
  expect(explicit).toMatch(/ with an explicit deny in an identity-based policy$/);
});

it("changed nothing by whatever was refused", () => {
  expect(account.snapshot()).toBe(before);
});

// -- What is allowed, in an order in which each makes room for the next

const ALLOWED: Readonly<Record<string, Attempts>> = {
  api: { ...USES_OF_REQUESTS, "ask converge": send("converge.fifo", true) },
  sweep: {
    ...USES_OF_REQUESTS,
    "query what is due": query(requests, "x", "due"),
    "ask converge": send("converge.fifo", true),
    "see the queue's length": backlog,
  },
  converge: {
    ...USES_OF_REQUESTS,
    ...USES_OF_THE_LEDGER,
    "take messages": receive,
    "put back what found no room": send("converge.fifo", true),
    ...GRANTOR_ROLES,
    "schedule a grant's end": schedule("g-1"),
    "schedule a fuse": schedule("f-1", { fuse: true }),
    "see a schedule": ({ scheduler }) =>
      scheduler.send(new GetScheduleCommand({ Name: "g-1", GroupName: "timelatch" })),
    "move a schedule": ({ scheduler }) =>
      scheduler.send(new UpdateScheduleCommand(scheduleInput("g-1", {}))),
    "delete a schedule": deleteSchedule("g-1", "timelatch"),
  },
  "the grantor": {
    "look at a cluster": describeCluster("prod"),
    "read somebody's unique id": ({ iam }) => iam.send(new GetRoleCommand({ RoleName: "alice" })),
    "create an entry": create("prod", person("alice")),
    "lend Edit in a namespace": associate("prod", person("alice"), "AmazonEKSEditPolicy", [
      "payments-api",
    ]),
    "narrow what was lent": associate("prod", person("alice"), "AmazonEKSEditPolicy", [
      "payments-worker",
    ]),
    "read an entry": describeEntry("prod", person("alice")),
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
  "the fuse": {
    "take a policy away": disassociate("prod", person("alice"), "AmazonEKSEditPolicy"),
    "delete an entry of ours": deleteEntry("prod", person("alice")),
    "keep what it could not deliver": send("SchedulesDeadLetters"),
  },
  "the grantor of groups": {
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
  "the schedule's role": {
    "tell converge that a grant ends": send("converge.fifo", true),
    "keep what it could not deliver": send("SchedulesDeadLetters"),
  },
};

describe.each(Object.entries(ALLOWED))("%s", (who, attempts) => {
  it.each(Object.entries(attempts))("may %s", async (_what, attempt) => {
    await expect(attempt(as(who))).resolves.toBeDefined();
  });
});
