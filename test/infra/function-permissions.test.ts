import { describe, expect, it } from "vitest";
import { INDEX } from "../../shared/aws/dynamodb/keys.ts";
import { ACCOUNT, allowedActions, broker, REGION, sampleWith } from "./broker.ts";

const stack = broker();
const tables = stack.ofType("AWS::DynamoDB::GlobalTable");
const tableArn = (start: string) =>
  tables.find(({ logicalId }) => logicalId.startsWith(start))?.attributes["Arn"] ?? "";
const requests = tableArn("TablesRequests");
const ledger = tableArn("TablesLedger");
const queue = `arn:aws:sqs:${REGION}:${ACCOUNT}:converge.fifo`;

const FUNCTIONS = ["ApiFunctionRole", "ConvergeFunctionRole", "SweepFunctionRole"];
const ITEMS = ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"];
const INDEXES = Object.values(INDEX).map(({ name }) => name);
const OWN_LOG = ["logs:CreateLogStream", "logs:PutLogEvents"];

const onKey = (action: string, key: string, resource = requests) => ({
  action: `dynamodb:${action}`,
  resource,
  context: { "dynamodb:LeadingKeys": [key] },
});

describe("what api may do", () => {
  it("is to read and write requests, ask converge, and write its log; nothing else at all", () => {
    expect(allowedActions(stack.role("ApiFunctionRole"))).toEqual(
      [
        ...ITEMS.map((item) => `dynamodb:${item}`),
        "dynamodb:Query",
        ...OWN_LOG,
        "sqs:SendMessage",
      ].sort(),
    );
  });

  it("has nothing of EKS, STS, IAM or Scheduler", () => {
    const services = allowedActions(stack.role("ApiFunctionRole")).map(
      (action) => action.split(":")[0],
    );
    expect(new Set(services)).toEqual(new Set(["dynamodb", "logs", "sqs"]));
  });

  it.each([...ITEMS, "Query"])("does not reach the ledger with %s", async (item) => {
    await expect(stack.decide("ApiFunctionRole", onKey(item, "BIND#x", ledger))).resolves.toBe(
      "ImplicitlyDenied",
    );
  });

  it("may not read the queue, whose messages are converge's", async () => {
    await expect(
      stack.decide("ApiFunctionRole", { action: "sqs:ReceiveMessage", resource: queue }),
    ).resolves.toBe("ImplicitlyDenied");
  });
});

describe("what sweep may do", () => {
  it("is what api may, and to see how long the queue is", () => {
    expect(allowedActions(stack.role("SweepFunctionRole"))).toEqual(
      [...allowedActions(stack.role("ApiFunctionRole")), "sqs:GetQueueAttributes"].sort(),
    );
  });

  it.each([...ITEMS, "Query"])("does not reach the ledger with %s", async (item) => {
    await expect(stack.decide("SweepFunctionRole", onKey(item, "BIND#x", ledger))).resolves.toBe(
      "ImplicitlyDenied",
    );
  });
});

describe("what converge may do", () => {
  const may = (action: string, resource: string, context = {}) =>
    stack.decide("ConvergeFunctionRole", { action, resource, context });

  it("has no EKS action of its own: it takes a grantor role", () => {
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
  ])("reads and puts ledgers, and deletes none: %s is %s", async (item, decision) => {
    await expect(stack.decide("ConvergeFunctionRole", onKey(item, "BIND#x", ledger))).resolves.toBe(
      decision,
    );
  });

  it("takes from the queue, holds what it works on, and puts back what found no room", async () => {
    await expect(may("sqs:ReceiveMessage", queue)).resolves.toBe("Allowed");
    await expect(may("sqs:ChangeMessageVisibility", queue)).resolves.toBe("Allowed");
    await expect(may("sqs:DeleteMessage", queue)).resolves.toBe("Allowed");
    await expect(may("sqs:SendMessage", queue)).resolves.toBe("Allowed");
  });

  it.each(["timelatch-grantor", "timelatch-grantor-groups"])("may assume %s", async (name) => {
    const role = `arn:aws:iam::${ACCOUNT}:role/${name}`;
    await expect(may("sts:AssumeRole", role)).resolves.toBe("Allowed");
    await expect(may("sts:SetSourceIdentity", role)).resolves.toBe("Allowed");
  });

  it("may assume no other role, by whatever account", async () => {
    for (const role of [
      `arn:aws:iam::${ACCOUNT}:role/people/carol`,
      `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor-x`,
      "arn:aws:iam::999999999999:role/timelatch-grantor",
    ])
      await expect(may("sts:AssumeRole", role)).resolves.toBe("ImplicitlyDenied");
  });

  it("does not know the role for groups where no rule lends any", async () => {
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

  it("makes schedules in the broker's own group alone", async () => {
    const schedule = (group: string) =>
      `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/${group}/x`;
    for (const action of ["CreateSchedule", "GetSchedule", "UpdateSchedule", "DeleteSchedule"]) {
      await expect(may(`scheduler:${action}`, schedule("timelatch"))).resolves.toBe("Allowed");
      await expect(may(`scheduler:${action}`, schedule("default"))).resolves.toBe(
        "ImplicitlyDenied",
      );
    }
  });

  it("hands exactly two roles on, and to Scheduler alone", async () => {
    const pass = (role: string, service: string) =>
      may("iam:PassRole", stack.role(role).arn, { "iam:PassedToService": service });
    const scheduler = "scheduler.amazonaws.com";
    await expect(pass("SchedulesScheduleRole", scheduler)).resolves.toBe("Allowed");
    await expect(pass("SchedulesFuseRole", scheduler)).resolves.toBe("Allowed");
    await expect(pass("SchedulesFuseRole", "lambda.amazonaws.com")).resolves.toBe(
      "ImplicitlyDenied",
    );
    await expect(pass("GrantorsPolicies", scheduler)).resolves.toBe("ImplicitlyDenied");
    await expect(pass("ConvergeFunctionRole", scheduler)).resolves.toBe("ImplicitlyDenied");
  });
});

describe.each(FUNCTIONS)("%s and the requests table", (role) => {
  it.each(ITEMS)("may %s what is no audit event", async (item) => {
    await expect(stack.decide(role, onKey(item, "REQ#1"))).resolves.toBe("Allowed");
  });

  it("may add audit events and read them", async () => {
    await expect(stack.decide(role, onKey("PutItem", "AUDIT#1"))).resolves.toBe("Allowed");
    await expect(stack.decide(role, onKey("Query", "AUDIT#1"))).resolves.toBe("Allowed");
  });

  it.each([
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "PartiQLInsert",
    "PartiQLUpdate",
    "PartiQLDelete",
  ])("is expressly denied %s on audit events", async (item) => {
    await expect(stack.decide(role, onKey(item, "AUDIT#1"))).resolves.toBe("ExplicitlyDenied");
  });

  it("is denied a batch with one audit event among other items", async () => {
    await expect(
      stack.decide(role, {
        action: "dynamodb:BatchWriteItem",
        resource: requests,
        context: { "dynamodb:LeadingKeys": ["REQ#1", "AUDIT#1"] },
      }),
    ).resolves.toBe("ExplicitlyDenied");
  });

  it("may query every index, and scan nothing", async () => {
    for (const index of INDEXES)
      await expect(
        stack.decide(role, { action: "dynamodb:Query", resource: `${requests}/index/${index}` }),
      ).resolves.toBe("Allowed");
    await expect(stack.decide(role, { action: "dynamodb:Scan", resource: requests })).resolves.toBe(
      "ImplicitlyDenied",
    );
  });
});
