import { describe, expect, it } from "vitest";
import { AUDIT_INDEX, INDEX } from "../../../shared/aws/dynamodb/indexes.ts";
import { ACCOUNT, allowedActions, broker, REGION, sampleWith } from "../broker.ts";

const stack = broker();
const tables = stack.ofType("AWS::DynamoDB::GlobalTable");
const tableArn = (start: string) =>
  tables.find(({ logicalId }) => logicalId.startsWith(start))?.attributes["Arn"] ?? "";
const requests = tableArn("TablesRequests");
const audit = tableArn("TablesAudit");
const ledger = tableArn("TablesLedger");
const queue = `arn:aws:sqs:${REGION}:${ACCOUNT}:timelatch-converge.fifo`;

const FUNCTIONS = ["ApiFunctionRole", "ConvergeFunctionRole", "SweepFunctionRole"];
const ITEMS = [
  "GetItem",
  "BatchGetItem",
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "ConditionCheckItem",
];
const indexArns = (table: string, of: Readonly<Record<string, { readonly name: string }>>) =>
  Object.values(of).map(({ name }) => `${table}/index/${name}`);
const OWN_LOG = ["logs:CreateLogStream", "logs:PutLogEvents"];

const onKey = (action: string, key: string, resource = requests) => ({
  action: `dynamodb:${action}`,
  resource,
  context: { "dynamodb:LeadingKeys": [key] },
});

describe("the role of api", () => {
  it("api may use the requests table, send to converge and write its log, and nothing else", () => {
    expect(allowedActions(stack.role("ApiFunctionRole"))).toEqual(
      [
        ...ITEMS.map((item) => `dynamodb:${item}`),
        "dynamodb:Query",
        ...OWN_LOG,
        "sqs:SendMessage",
      ].sort(),
    );
  });

  it("api has no right on EKS, STS, IAM or Scheduler", () => {
    const services = allowedActions(stack.role("ApiFunctionRole")).map(
      (action) => action.split(":")[0],
    );
    expect(new Set(services)).toEqual(new Set(["dynamodb", "logs", "sqs"]));
  });

  it.each([...ITEMS, "Query"])("api may not %s a ledger", async (item) => {
    await expect(stack.decide("ApiFunctionRole", onKey(item, "BIND#x", ledger))).resolves.toBe(
      "ImplicitlyDenied",
    );
  });

  it("api may not receive messages of the queue", async () => {
    await expect(
      stack.decide("ApiFunctionRole", { action: "sqs:ReceiveMessage", resource: queue }),
    ).resolves.toBe("ImplicitlyDenied");
  });
});

describe("the role of sweep", () => {
  it("sweep may do what api may, and read the length of the queue", () => {
    expect(allowedActions(stack.role("SweepFunctionRole"))).toEqual(
      [...allowedActions(stack.role("ApiFunctionRole")), "sqs:GetQueueAttributes"].sort(),
    );
  });

  it.each([...ITEMS, "Query"])("sweep may not %s a ledger", async (item) => {
    await expect(stack.decide("SweepFunctionRole", onKey(item, "BIND#x", ledger))).resolves.toBe(
      "ImplicitlyDenied",
    );
  });
});

describe("the role of converge", () => {
  const may = (action: string, resource: string, context = {}) =>
    stack.decide("ConvergeFunctionRole", { action, resource, context });

  it("converge has no right on EKS, and assumes a grantor role", () => {
    const actions = allowedActions(stack.role("ConvergeFunctionRole"));
    expect(actions.filter((action) => action.startsWith("eks:"))).toEqual([]);
    expect(actions).toContain("sts:AssumeRole");
  });

  it.each([
    ["GetItem", "Allowed"],
    ["PutItem", "Allowed"],
    ["UpdateItem", "ImplicitlyDenied"],
    ["DeleteItem", "ImplicitlyDenied"],
    ["Query", "ImplicitlyDenied"],
  ])("%s on a ledger is %s for converge", async (item, decision) => {
    await expect(stack.decide("ConvergeFunctionRole", onKey(item, "BIND#x", ledger))).resolves.toBe(
      decision,
    );
  });

  it("converge may receive, extend, delete and send messages", async () => {
    await expect(may("sqs:ReceiveMessage", queue)).resolves.toBe("Allowed");
    await expect(may("sqs:ChangeMessageVisibility", queue)).resolves.toBe("Allowed");
    await expect(may("sqs:DeleteMessage", queue)).resolves.toBe("Allowed");
    await expect(may("sqs:SendMessage", queue)).resolves.toBe("Allowed");
  });

  it.each(["timelatch-grantor", "timelatch-grantor-groups"])(
    "converge may assume %s",
    async (name) => {
      const role = `arn:aws:iam::${ACCOUNT}:role/${name}`;
      await expect(may("sts:AssumeRole", role)).resolves.toBe("Allowed");
      await expect(may("sts:SetSourceIdentity", role)).resolves.toBe("Allowed");
    },
  );

  it("converge may assume no other role of any account", async () => {
    for (const role of [
      `arn:aws:iam::${ACCOUNT}:role/people/carol`,
      `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor-x`,
      "arn:aws:iam::999999999999:role/timelatch-grantor",
    ])
      await expect(may("sts:AssumeRole", role)).resolves.toBe("ImplicitlyDenied");
  });

  it("converge may not assume the role for groups where no rule lends groups", async () => {
    const without = broker(
      sampleWith((policy) => {
        Object.assign(policy, {
          rules: policy.rules.filter(({ access }) => !("groups" in access)),
        });
      }),
    );
    await expect(
      without.decide("ConvergeFunctionRole", {
        action: "sts:AssumeRole",
        resource: `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor-groups`,
      }),
    ).resolves.toBe("ImplicitlyDenied");
  });

  it("converge may manage schedules only in the broker's own group", async () => {
    const schedule = (group: string) =>
      `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/${group}/x`;
    for (const action of ["CreateSchedule", "GetSchedule", "UpdateSchedule", "DeleteSchedule"]) {
      await expect(may(`scheduler:${action}`, schedule("timelatch"))).resolves.toBe("Allowed");
      await expect(may(`scheduler:${action}`, schedule("default"))).resolves.toBe(
        "ImplicitlyDenied",
      );
    }
  });

  it("converge may pass exactly two roles, and only to Scheduler", async () => {
    const pass = (role: string, service: string) =>
      may("iam:PassRole", stack.role(role).arn, { "iam:PassedToService": service });
    const scheduler = "scheduler.amazonaws.com";
    await expect(pass("SchedulesScheduleRole", scheduler)).resolves.toBe("Allowed");
    await expect(pass("FuseRole", scheduler)).resolves.toBe("Allowed");
    await expect(pass("FuseRole", "lambda.amazonaws.com")).resolves.toBe("ImplicitlyDenied");
    await expect(pass("GrantorsPolicies", scheduler)).resolves.toBe("ImplicitlyDenied");
    await expect(pass("ConvergeFunctionRole", scheduler)).resolves.toBe("ImplicitlyDenied");
  });
});

describe.each(FUNCTIONS)("%s and the tables of requests and events", (role) => {
  it.each(ITEMS)("%s is allowed on an item of the requests table", async (item) => {
    await expect(stack.decide(role, onKey(item, "REQ#1"))).resolves.toBe("Allowed");
  });

  it.each(["PutItem", "Query"])("%s is allowed on an audit event", async (item) => {
    await expect(stack.decide(role, onKey(item, "AUDIT#1", audit))).resolves.toBe("Allowed");
  });

  it.each([
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "PartiQLInsert",
    "PartiQLUpdate",
    "PartiQLDelete",
  ])("%s on an audit event is denied explicitly, whatever keys AWS names", async (item) => {
    for (const keys of [["AUDIT#1"], ["REQ#1", "AUDIT#1"], ["REQ#1"], []])
      await expect(
        stack.decide(role, {
          action: `dynamodb:${item}`,
          resource: audit,
          context: { "dynamodb:LeadingKeys": keys },
        }),
      ).resolves.toBe("ExplicitlyDenied");
  });

  it("every index may be queried, and nothing scanned", async () => {
    for (const resource of [...indexArns(requests, INDEX), ...indexArns(audit, AUDIT_INDEX)])
      await expect(stack.decide(role, { action: "dynamodb:Query", resource })).resolves.toBe(
        "Allowed",
      );
    for (const resource of [requests, audit])
      await expect(stack.decide(role, { action: "dynamodb:Scan", resource })).resolves.toBe(
        "ImplicitlyDenied",
      );
  });
});
