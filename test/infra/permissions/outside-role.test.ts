import { describe, expect, it } from "vitest";
import { frontConfig, outsideConfig } from "../../../shared/config.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { allowedActions, broker, SAMPLE } from "../broker.ts";
import { arn, roleWorld } from "./role-world.ts";

const asking: AccessPolicy = {
  ...SAMPLE,
  schedules: {
    primary: { service: "pagerduty", schedule: "PI7DH85", region: "us" },
    europe: { service: "pagerduty", schedule: "PI7DH86", region: "eu" },
    night: { service: "jiraOperations", cloudId: "11", schedule: "22" },
  },
};
const world = roleWorld(asking);
const { stack, arnOf } = world;
const FACTS = arnOf("AWS::DynamoDB::GlobalTable", "OutsideStoresFacts");
const QUEUE = arnOf("AWS::SQS::Queue", "OutsideStoresQueue");
const parameter = (name: string) => arn("ssm", `parameter/timelatch/${name}`);

describe("the role of outside", () => {
  it("outside may keep facts, take its messages and read its tokens", () => {
    expect(allowedActions(stack.role("OutsideFunctionRole"))).toEqual([
      "dynamodb:BatchGetItem",
      "dynamodb:PutItem",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "ssm:GetParameter",
    ]);
  });

  it.each([
    ["dynamodb:BatchGetItem", FACTS],
    ["dynamodb:PutItem", FACTS],
    ["sqs:ReceiveMessage", QUEUE],
    ["ssm:GetParameter", parameter("outside/pagerduty")],
    ["ssm:GetParameter", parameter("outside/jira-operations")],
  ])("outside may call %s on %s", async (action, resource) => {
    expect(await world.decideAs("OutsideFunctionRole")(action, resource)).toBe("Allowed");
  });

  it.each([
    ["dynamodb:DeleteItem", FACTS],
    ["dynamodb:GetItem", world.REQUESTS],
    ["dynamodb:PutItem", world.REQUESTS],
    ["dynamodb:Query", world.AUDIT],
    ["dynamodb:PutItem", world.AUDIT],
    ["dynamodb:GetItem", world.LEDGER],
    ["sqs:SendMessage", QUEUE],
    ["sqs:SendMessage", arnOf("AWS::SQS::Queue", "ConvergeQueue")],
    ["sqs:SendMessage", arnOf("AWS::SQS::Queue", "NotifyQueue")],
    ["ssm:GetParameter", parameter("outside/incident-io")],
    ["ssm:GetParameter", parameter("slack/bot-token")],
    ["ssm:PutParameter", parameter("outside/pagerduty")],
    ["eks:ListAccessEntries", arn("eks", "cluster/prod")],
    ["events:PutEvents", arnOf("AWS::Events::EventBus")],
  ])("outside may not call %s on %s", async (action, resource) => {
    expect(await world.decideAs("OutsideFunctionRole")(action, resource)).not.toBe("Allowed");
  });

  it("Nothing is ever lent to the role of outside", async () => {
    const [own] = stack
      .ofType("AWS::IAM::Role")
      .filter(({ logicalId }) => logicalId.startsWith("OutsideFunctionRole"));
    expect(
      await stack.decide("GrantorsPolicies", {
        action: "eks:AssociateAccessPolicy",
        resource: arn("eks", "access-entry/prod/role/111122223333/x/0000"),
        context: { "eks:principalArn": own?.attributes["Arn"] ?? "" },
      }),
    ).toBe("ExplicitlyDenied");
  });
});

describe("facts and who may touch them", () => {
  const OTHERS = [
    "api",
    "slack",
    "sweep",
    "notify",
    "converge",
    "correlate",
    "archive",
    "standing",
  ];
  const roleOf = (name: string) => `${name[0]?.toUpperCase()}${name.slice(1)}FunctionRole`;
  const who = async (action: string, resource: string) => {
    const answers = await Promise.all(
      OTHERS.map(async (name) => ({
        name,
        may: await world.decideAs(roleOf(name))(action, resource),
      })),
    );
    return answers.filter(({ may }) => may === "Allowed").map(({ name }) => name);
  };

  it("Whoever judges or watches reads facts, and nobody but outside writes one", async () => {
    expect(await who("dynamodb:BatchGetItem", FACTS)).toEqual([
      ...["api", "slack", "sweep", "converge"],
    ]);
    for (const action of ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"])
      expect(await who(`dynamodb:${action}`, FACTS)).toEqual([]);
  });

  it("Whoever faces people has outside look again, and nobody else takes its messages or tokens", async () => {
    expect(await who("sqs:SendMessage", QUEUE)).toEqual(["api", "slack"]);
    expect(await who("sqs:ReceiveMessage", QUEUE)).toEqual([]);
    expect(await who("ssm:GetParameter", parameter("outside/pagerduty"))).toEqual([]);
  });
});

describe("outside in the stack", () => {
  const outsideIn = ({ ofType }: ReturnType<typeof broker>) =>
    [
      ...["AWS::Lambda::Function", "AWS::SQS::Queue", "AWS::DynamoDB::GlobalTable"],
      ...["AWS::Events::Rule", "AWS::CloudWatch::Alarm", "AWS::Logs::LogGroup"],
    ]
      .flatMap((type) => ofType(type))
      .filter(({ logicalId }) => /Outside|OnCall/.test(logicalId));

  it("The clock starts outside every minute", () => {
    const rules = stack.ofType("AWS::Events::Rule").map(({ properties }) => properties.all);
    expect(rules).toContainEqual(
      expect.objectContaining({
        ScheduleExpression: "rate(1 minute)",
        Targets: [expect.objectContaining({ Arn: expect.stringContaining("-OutsideFunction") })],
      }),
    );
  });

  const variables = (start: string) => {
    const found = stack
      .ofType("AWS::Lambda::Function")
      .find(({ logicalId }) => logicalId.startsWith(start));
    return found?.properties.members("Environment").object("Variables") as NodeJS.ProcessEnv;
  };

  it("Outside has every variable that it reads, and asks each service at its own host", () => {
    expect(outsideConfig(variables("OutsideFunction"))).toMatchObject({
      factsTable: expect.stringContaining("OutsideStoresFacts"),
      outsideOrigin: "https://",
      settings: { lookPauseSeconds: expect.any(Number) },
    });
  });

  it("Whoever judges knows the table of facts, and whoever faces people the queue", () => {
    for (const name of ["Api", "Slack", "Sweep"])
      expect(frontConfig(variables(`${name}Function`))).toMatchObject({
        factsTable: expect.stringContaining("OutsideStoresFacts"),
        outsideQueueUrl: expect.stringContaining("/timelatch-outside.fifo"),
      });
    expect(variables("ConvergeFunction")).toHaveProperty("FACTS_TABLE");
    expect(variables("NotifyFunction")).not.toHaveProperty("FACTS_TABLE");
  });

  it("A policy that asks no service outside makes nothing for it, and tells nobody of it", () => {
    const { schedules: _, ...quiet } = asking;
    const other = broker(quiet);
    expect(outsideIn(other)).toEqual([]);
    const environments = other
      .ofType("AWS::Lambda::Function")
      .map(({ properties }) => JSON.stringify(properties.all["Environment"]));
    expect(environments.filter((each) => /FACTS_TABLE|OUTSIDE/.test(each))).toEqual([]);
    expect(outsideIn(stack).length).toBeGreaterThan(5);
  });
});

describe("outside where access.yaml names a tracker", () => {
  const tickets = {
    payments: { service: "jira", site: "example.atlassian.net", projects: ["PAY"] },
  } as const;
  const withTickets = roleWorld({ ...SAMPLE, tickets });
  const { stack: made } = withTickets;
  const TICKET_SWEEP = withTickets.arnOf("AWS::Lambda::Function", "TicketSweepFunction");
  const SWEEP = withTickets.arnOf("AWS::Lambda::Function", "SweepFunction");
  const may = async (role: string, action: string, resource: string) =>
    (await withTickets.decideAs(role)(action, resource)) === "Allowed";

  it("It reads the tracker's token, and starts ticket-sweep and nothing else", async () => {
    const queue = withTickets.arnOf("AWS::SQS::Queue", "OutsideStoresQueue");
    const outside = (action: string, on: string) => may("OutsideFunctionRole", action, on);
    expect(await outside("ssm:GetParameter", parameter("outside/jira"))).toBe(true);
    expect(await outside("ssm:GetParameter", parameter("outside/jira-operations"))).toBe(false);
    expect(await outside("lambda:InvokeFunction", TICKET_SWEEP)).toBe(true);
    expect(await outside("lambda:InvokeFunction", SWEEP)).toBe(false);
    expect(await outside("lambda:InvokeFunction", arn("lambda", "function:any"))).toBe(false);
    expect(await may("SweepFunctionRole", "sqs:SendMessage", queue)).toBe(true);
    expect(await may("ConvergeFunctionRole", "sqs:SendMessage", queue)).toBe(true);
    expect(await may("ConvergeFunctionRole", "sqs:ReceiveMessage", queue)).toBe(false);
    for (const role of ["Api", "Converge", "Notify", "Sweep"])
      expect(await may(`${role}FunctionRole`, "lambda:InvokeFunction", TICKET_SWEEP)).toBe(false);
  });

  it("No clock starts it where nobody is asked who is on call, and only the alarms on tickets are there", () => {
    const named = (type: string) =>
      withTickets.stack.ofType(type).map(({ logicalId }) => logicalId);
    expect(named("AWS::Events::Rule").filter((id) => /Outside/.test(id))).toEqual([]);
    const alarms = named("AWS::CloudWatch::Alarm").filter((id) => /Unknown|TicketsUn/.test(id));
    expect(alarms).toEqual(
      ["TicketsUnknown", "TicketsUnread"].map((name) => expect.stringContaining(name)),
    );
  });

  it("ticket-sweep is the sweep under its role and log, which Lambda never tries again", () => {
    const [ticketSweep, sweep] = ["TicketSweepFunction", "SweepFunction"].map((start) =>
      made.ofType("AWS::Lambda::Function").find(({ logicalId }) => logicalId.startsWith(start)),
    );
    for (const name of ["Role", "LoggingConfig", "Environment", "Timeout"])
      expect(ticketSweep?.properties.all[name]).toEqual(sweep?.properties.all[name]);
    const configs = made.ofType("AWS::Lambda::EventInvokeConfig");
    expect(configs.map(({ properties }) => properties.all)).toContainEqual(
      expect.objectContaining({
        FunctionName: ticketSweep?.ref,
        MaximumRetryAttempts: 0,
        MaximumEventAgeInSeconds: 60,
      }),
    );
  });

  it("Without a tracker there is no ticket-sweep, and outside may start no function", async () => {
    const ids = stack.ofType("AWS::Lambda::Function").map(({ logicalId }) => logicalId);
    expect(ids.filter((id) => /TicketSweep/.test(id))).toEqual([]);
    expect(
      stack.ofType("AWS::SQS::Queue").filter((one) => /Outside/.test(one.logicalId)),
    ).toHaveLength(1);
    const any = arn("lambda", "function:any");
    expect(await world.decideAs("OutsideFunctionRole")("lambda:InvokeFunction", any)).not.toBe(
      "Allowed",
    );
  });
});
