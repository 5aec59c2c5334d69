/** CloudTrail's events from other accounts: the synthesized rules, roles and bus policy before the sandbox's EventBridge. */
import { beforeEach, describe, expect, it } from "vitest";
import { matchesPattern } from "../../lab/sandbox/aws/eventbridge/event-pattern.ts";
import { forwardEvent } from "../../lab/sandbox/aws/eventbridge/forward-event.ts";
import type { EventRule } from "../../lab/sandbox/aws/eventbridge/rule.ts";
import type { BusEvent, EventBridgeState } from "../../lab/sandbox/aws/eventbridge/state.ts";
import type { IamState } from "../../lab/sandbox/aws/iam/state.ts";
import { memoryStore } from "../../lab/sandbox/aws/store.ts";
import type { RoleResource } from "../../lab/sandbox/template/stack.ts";
import { broker, ACCOUNT as HUB, REGION } from "./broker.ts";
import { FAR, hub, iamRole, SPOKE, stackIn } from "./spoke-world.ts";

const STRANGER = "999999999999";

/** A rule, role and event of another account, as a copy of the spoke's stack would make them there. */
const copiedTo = (account: string) =>
  JSON.parse(JSON.stringify(stackIn(SPOKE)).replaceAll(SPOKE, account)) as ReturnType<
    typeof stackIn
  >;

const eventOf = (account: string, region = REGION): BusEvent => ({
  version: "0",
  id: "e-1",
  "detail-type": "AWS API Call via CloudTrail",
  source: "aws.eks",
  account,
  region,
  time: "2026-11-28T10:00:00Z",
  resources: [],
  detail: { eventSource: "eks.amazonaws.com", eventName: "CreateAccessEntry" },
});

let arrived: BusEvent[];
beforeEach(() => {
  arrived = [];
});

/** Has EventBridge forward an event by a rule, with whatever roles there are. */
function forward(rule: EventRule, roles: readonly RoleResource[], event: BusEvent): Promise<void> {
  const iam = memoryStore<IamState>({
    accountId: HUB,
    roles: Object.fromEntries([...hub.roles, ...roles].map((one) => [one.arn, iamRole(one)])),
    credentials: {},
  });
  const eventBridge = memoryStore<EventBridgeState>({
    buses: Object.fromEntries(hub.eventBuses.map((bus) => [bus.name, { ...bus, events: [] }])),
  });
  const deliver = (busName: string, one: BusEvent) => {
    const rules = hub.eventRules.filter((each) => each.busName === busName);
    for (const each of rules) if (matchesPattern(each.pattern, one)) arrived.push(one);
  };
  const [target] = rule.targets;
  if (!target) throw new Error("The rule has no target.");
  return forwardEvent({ iam, eventBridge, deliver }, rule, target, event);
}

describe("CloudTrail's events from another account", () => {
  it("A change of an access entry in a spoke reaches the hub's queue, with its own account", async () => {
    const { rule, roles } = stackIn(SPOKE);
    const event = eventOf(SPOKE);
    expect(rule).toMatchObject({ busName: "default" });
    expect(matchesPattern(rule.pattern, event)).toBe(true);
    await forward(rule, roles, event);
    expect(arrived).toEqual([event]);
    const [forwarded] = hub.eventRules.filter(({ busName }) => busName === "timelatch-trail");
    const [usual] = hub.eventRules.filter(({ busName }) => busName === "default");
    expect(forwarded?.targets).toEqual(usual?.targets);
  });

  it("A change in another region of the broker's account reaches it as well", async () => {
    const { rule, roles, region } = stackIn(HUB);
    expect(region).toBe(FAR);
    expect(roles).toEqual([]);
    await forward(rule, [], eventOf(HUB, FAR));
    expect(arrived).toHaveLength(1);
  });

  it("The bus's policy refuses a stranger's account that copied the whole stack", async () => {
    const { rule, roles } = copiedTo(STRANGER);
    await expect(forward(rule, roles, eventOf(STRANGER))).rejects.toMatchObject({
      code: "AccessDeniedException",
    });
    expect(arrived).toEqual([]);
  });

  it("EventBridge asks the bus as whoever makes the rule: its policy names accounts, and no principal of theirs", () => {
    const [bus] = hub.eventBuses.filter(({ policy }) => policy);
    expect(bus?.policy?.["Statement"]).toEqual([
      {
        Sid: "ForwardedByAccountsWithClusters",
        Effect: "Allow",
        Action: "events:PutEvents",
        Principal: { AWS: [HUB, SPOKE].map((one) => `arn:aws:iam::${one}:root`) },
        Resource: `arn:aws:events:${REGION}:${HUB}:event-bus/timelatch-trail`,
      },
    ]);
  });

  it("Another role of a spoke may forward as well, and what arrives is still AWS's own event", async () => {
    const { rule, roles } = stackIn(SPOKE);
    const [forwarder] = roles.filter(({ name }) => name === "timelatch-forward");
    if (!forwarder) throw new Error("There is no role that forwards.");
    const arn = forwarder.arn.replace("timelatch-forward", "admin");
    const admin = { ...forwarder, arn, name: "admin" };
    const everyone = JSON.parse(
      JSON.stringify(admin).replaceAll("rule/timelatch-forward", "rule/*"),
    );
    const targets = rule.targets.map((target) => ({ ...target, roleArn: arn }));
    await forward({ ...rule, targets }, [everyone], eventOf(SPOKE));
    expect(arrived).toEqual([eventOf(SPOKE)]);
    // A source of AWS's is refused in PutEvents, and the hub's rule matches no other.
    const [forwarded] = hub.eventRules.filter(({ busName }) => busName === "timelatch-trail");
    const madeUp = { ...eventOf(SPOKE), source: "my.eks" };
    expect(forwarded && matchesPattern(forwarded.pattern, madeUp)).toBe(false);
  });

  it.each([
    ["another rule of the account", { arn: `arn:aws:events:${REGION}:${SPOKE}:rule/mine` }],
    [
      "a rule of another account",
      { arn: `arn:aws:events:${REGION}:${STRANGER}:rule/timelatch-forward` },
    ],
  ])("The role that forwards is not for %s", async (_which, changed) => {
    const { rule, roles } = stackIn(SPOKE);
    await expect(forward({ ...rule, ...changed }, roles, eventOf(SPOKE))).rejects.toMatchObject({
      message: expect.stringContaining("sts:AssumeRole"),
    });
  });

  it("A rule takes no role of another account, even of one that trusts every rule", async () => {
    const { rule, roles } = stackIn(SPOKE);
    const service = { Service: "events.amazonaws.com" };
    const open = { Effect: "Allow", Principal: service, Action: "sts:AssumeRole" };
    const trusting = roles.map((one) => ({
      ...one,
      trustPolicy: { Version: "2012-10-17", Statement: [open] },
    }));
    await forward(rule, trusting, eventOf(SPOKE));
    expect(arrived).toHaveLength(1);
    const strangers = { ...rule, arn: rule.arn.replace(SPOKE, STRANGER) };
    await expect(forward(strangers, trusting, eventOf(STRANGER))).rejects.toMatchObject({
      message: expect.stringContaining("sts:AssumeRole"),
    });
  });

  it("The role that forwards puts events only on the hub's bus, not even on those of its own account", () => {
    const [role] = stackIn(SPOKE).roles.filter(({ name }) => name === "timelatch-forward");
    const statements = Object.values(role?.policies ?? {}).flatMap(({ Statement }) => Statement);
    expect(statements).toEqual([
      expect.objectContaining({
        Action: "events:PutEvents",
        Resource: `arn:aws:events:${REGION}:${HUB}:event-bus/timelatch-trail`,
      }),
    ]);
  });

  it("The role that forwards reaches no other bus of the hub", async () => {
    const { rule, roles } = stackIn(SPOKE);
    const targets = rule.targets.map((target) => ({
      ...target,
      arn: target.arn.replace("timelatch-trail", "timelatch"),
    }));
    await expect(forward({ ...rule, targets }, roles, eventOf(SPOKE))).rejects.toMatchObject({
      code: "AccessDeniedException",
    });
  });

  it("One bus takes what is forwarded, and it is there only where clusters are elsewhere", () => {
    expect(hub.eventBuses.filter(({ policy }) => policy).map(({ name }) => name)).toEqual([
      "timelatch-trail",
    ]);
    expect(
      broker()
        .ofType("AWS::Events::EventBus")
        .map(({ ref }) => ref),
    ).toEqual(["timelatch"]);
  });
});
