/** Somebody who holds a machine's credentials, and tries everything that these may not do. */
import { CloudFormationClient, ListStackResourcesCommand } from "@aws-sdk/client-cloudformation";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  EKSClient,
} from "@aws-sdk/client-eks";
import { IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { MACHINES_MAY } from "../../shared/http/contract/machine-operations.ts";
import { ROUTES, type RouteOperation } from "../../shared/http/contract/routes.ts";
import { type AbuseSandbox, expectProblem, objections } from "./abuse-sandbox.ts";
import { type ApiAnswer, editIn } from "./api-person.ts";
import { clientSettings } from "./function-session.ts";
import { MACHINE } from "./machine-access.ts";
import { profileKeys } from "./sandbox-process.ts";

const INTERVAL = "?from=2026-11-24&to=2026-11-25";
const UNKNOWN_ID = "01935e00-0000-7000-8000-000000000000";

/** The bodies that would be taken from a person. */
const bodiesFor = ({ digest }: RequestAnswer): Partial<Record<RouteOperation, object>> => ({
  decideRequest: { verdict: "approve", digest },
  revokeGrant: {},
  escalateRequest: {},
  closeReview: { note: "INC-9 all was well" },
  suspendPerson: { reason: "INC-9 stolen" },
  drain: { reason: "INC-9 stolen" },
  createDelegation: { to: "carol", until: new Date(Date.now() + 3_600_000).toISOString() },
  acknowledgeFinding: { note: "CHG-1 seen" },
});

/** Calls each operation that machines may not do, about a request, alice and prod. */
export async function tryEveryDeed(
  sandbox: AbuseSandbox,
  about: RequestAnswer,
): Promise<ReadonlyMap<RouteOperation, ApiAnswer>> {
  const machine = sandbox.person(MACHINE);
  const bodies = bodiesFor(about);
  const answers = new Map<RouteOperation, ApiAnswer>();
  for (const { method, path, operation } of ROUTES.filter((one) => !MACHINES_MAY[one.operation])) {
    const at = path
      .replace("{id}", about.id)
      .replace("{findingId}", "0".repeat(32))
      .replace("{delegationId}", UNKNOWN_ID)
      .replace("people/{name}", "people/alice")
      .replace("{name}", "prod");
    const query = operation.startsWith("list") && path.includes("audit") ? INTERVAL : "";
    const body = bodies[operation];
    answers.set(
      operation,
      body ? await machine.post(at, body) : await machine.call(method, `${at}${query}`),
    );
  }
  return answers;
}

/** Reads and changes somebody else's request by what a machine may do to its own. */
export async function tryOnOthers(sandbox: AbuseSandbox, { id }: RequestAnswer) {
  const machine = sandbox.person(MACHINE);
  const of = (rest: string) => `/v1/requests/${id}${rest}`;
  return [
    ...[
      await machine.get(of("")),
      await machine.get(of("/events")),
      await machine.get(of("/evidence")),
    ],
    ...[await machine.post(of("/extend"), {}), await machine.post(of("/cancel"), {})],
    await machine.post(of("/return"), {}),
  ];
}

/** Asks for what no rule lends to the machine. @returns the problem of each, by what was asked */
export async function tryAsks(sandbox: AbuseSandbox) {
  const admin = { policy: "AmazonEKSAdminPolicy", scope: editIn("payments-api").scope };
  const ask = async (over: object) => {
    const plain = { cluster: "prod", access: editIn("payments-api"), reason: "INC-9 a rollout" };
    const answer = await sandbox.person(MACHINE).post("/v1/requests", { ...plain, ...over });
    expectProblem(answer, "policy-denied");
    return objections(answer);
  };
  return {
    "break-glass": await ask({ access: admin }),
    "break-glass by its rule": await ask({ access: admin, rule: "payments-break-glass" }),
    "the system's namespaces": await ask({ access: editIn("kube-system") }),
    "another cluster": await ask({ cluster: "staging" }),
    "bob's role": await ask({ principalArn: "arn:aws:iam::111122223333:role/people/bob" }),
  };
}

async function nameOfConverge(sandbox: AbuseSandbox): Promise<string> {
  const { StackResourceSummaries = [] } = await new CloudFormationClient(
    clientSettings(sandbox),
  ).send(new ListStackResourcesCommand({ StackName: "Timelatch" }));
  const found = StackResourceSummaries.find(
    ({ ResourceType, LogicalResourceId = "" }) =>
      ResourceType === "AWS::Lambda::Function" && LogicalResourceId.startsWith("Converge"),
  );
  return found?.PhysicalResourceId ?? "";
}

/** Calls AWS itself, past the API. @returns the name of each error, by the call */
export async function tryAws(sandbox: AbuseSandbox): Promise<Readonly<Record<string, string>>> {
  const settings = {
    ...{ endpoint: sandbox.awsUrl, region: "us-west-2", maxAttempts: 1 },
    credentials: profileKeys(sandbox, MACHINE),
  };
  const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
  const entry = { clusterName: "prod", principalArn: role("people/mallory") };
  const admin = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";
  const whole = { accessScope: { type: "cluster" }, policyArn: admin } as const;
  const QueueUrl = `${sandbox.awsUrl}/111122223333/timelatch-converge.fifo`;
  const message = { MessageBody: "{}", MessageGroupId: "x", MessageDeduplicationId: "x" };
  const [eks, sts, tables] = [
    new EKSClient(settings),
    new STSClient(settings),
    new DynamoDBClient(settings),
  ];
  const assume = (name: string) =>
    sts.send(new AssumeRoleCommand({ RoleArn: role(name), RoleSessionName: "timelatch-1" }));
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    entry: () => eks.send(new CreateAccessEntryCommand(entry)),
    access: () => eks.send(new AssociateAccessPolicyCommand({ ...entry, ...whole })),
    grantor: () => assume("timelatch-grantor"),
    converge: () => assume("timelatch-converge"),
    bob: () => assume("people/bob"),
    table: () => tables.send(new ScanCommand({ TableName: "timelatch-requests" })),
    queue: () => new SQSClient(settings).send(new SendMessageCommand({ QueueUrl, ...message })),
    function: () => new LambdaClient(settings).send(new InvokeCommand({ FunctionName })),
    role: () =>
      new IAMClient(settings).send(
        new PutRolePolicyCommand({
          ...{ RoleName: "mallory", PolicyName: "more", PolicyDocument: "{}" },
        }),
      ),
  };
  const FunctionName = await nameOfConverge(sandbox);
  const names: Record<string, string> = {};
  for (const [name, call] of Object.entries(calls))
    names[name] = await call().then(
      () => "it was allowed",
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
  return names;
}

/** The facts that an attack would have changed. */
export async function whatStands(sandbox: AbuseSandbox, { id }: RequestAnswer) {
  const [bob, carol] = [sandbox.person("bob"), sandbox.person("carol")];
  return {
    request: (await bob.get(`/v1/requests/${id}`)).body,
    suspensions: (await carol.get("/v1/suspensions")).body,
    delegations: (await bob.get("/v1/delegations")).body,
    // The attacker's own calls are written down too, with their refusals.
    changes: sandbox
      .eksChangeCalls()
      .filter(({ status }) => status < 400)
      .map(({ operation, input }) => ({ operation, input })),
  };
}
