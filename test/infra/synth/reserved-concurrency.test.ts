/** The effects of the account's size and the operator's settings on the broker's stack. */
import { describe, expect, it } from "vitest";
import { leastConcurrency } from "../../../infra/synth/reserved-concurrency.ts";
import { PRODUCTION } from "../../../infra/synth/settings.ts";
import { variantOf } from "../../../infra/synth/variants.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { broker, brokerStack, SAMPLE } from "../broker.ts";

const env = { CDK_DEFAULT_ACCOUNT: "111122223333", CDK_DEFAULT_REGION: "us-west-2" };
const templateOf = (more: object, access?: AccessPolicy) =>
  broker(access, variantOf({ ...env, ...more })).template;

const site = "example.atlassian.net";
const tickets = { payments: { service: "jira", site, projects: ["PAY"] } } as const;
const ASKING = { ...SAMPLE, tickets };

const reserved = (concurrency?: string, access?: AccessPolicy) =>
  Object.fromEntries(
    Object.entries(
      templateOf({ TIMELATCH_LAMBDA_CONCURRENCY: concurrency }, access).Resources,
    ).flatMap(([id, { Properties }]) => {
      const value = Properties?.["ReservedConcurrentExecutions"];
      return value === undefined ? [] : [[id.replace(/[0-9A-F]{8}$/, ""), value]];
    }),
  );

describe("Reserved concurrency", () => {
  it.each([undefined, "10", "50", "100", "109"])(
    "An account with %s unreserved executions gets a stack that reserves none of them",
    (concurrency) => {
      expect(reserved(concurrency)).toEqual({});
    },
  );

  it.each(["110", "1000"])(
    "In an account with %s unreserved executions, what ends access has its own",
    (concurrency) => {
      expect(reserved(concurrency)).toEqual({
        ConvergeFunction: PRODUCTION.convergeConcurrency,
        SweepFunction: 1,
        ArchiveFunction: 1,
        StandingFunction: 1,
        ActivityFunction: 1,
      });
    },
  );

  it("The concurrency that a stack reserves leaves Lambda the hundred that it keeps for others", () => {
    const sum = Object.values(reserved("110", ASKING)).reduce<number>(
      (all, one) => all + Number(one),
      0,
    );
    expect(leastConcurrency(PRODUCTION) - sum).toBe(100);
  });

  it("Outside starts ticket-sweep in places of its own, and leaves the sweep's to the clock", () => {
    expect(reserved("1000", ASKING)).toMatchObject({ TicketSweepFunction: 2, SweepFunction: 1 });
  });

  it.each(["0", "-1", "many", "1.5", " 10"])("A concurrency of %j is refused", (concurrency) => {
    expect(() => templateOf({ TIMELATCH_LAMBDA_CONCURRENCY: concurrency })).toThrow(
      /^TIMELATCH_LAMBDA_CONCURRENCY is .+ Nothing was synthesized\. Write what "aws lambda/,
    );
  });
});

describe("The dashboard", () => {
  const pages = (more: object) =>
    Object.values(templateOf(more).Resources).filter(
      ({ Type }) => Type === "AWS::CloudWatch::Dashboard",
    );

  it("Without a wish for it there is none, and CloudWatch charges for none", () => {
    expect(pages({})).toEqual([]);
    expect(pages({ TIMELATCH_DASHBOARD: "off" })).toEqual([]);
  });

  it("With a wish for it there is one, with every alarm and within the free number of metrics", () => {
    const [page, another] = pages({ TIMELATCH_DASHBOARD: "on" });
    expect(another).toBeUndefined();
    const body = JSON.stringify(page?.Properties?.["DashboardBody"]);
    const alarms = Object.entries(templateOf({}).Resources).flatMap(([id, { Type }]) =>
      Type === "AWS::CloudWatch::Alarm" ? id : [],
    );
    for (const alarm of alarms) expect(body).toContain(`"${alarm}"`);
    expect(alarms.length).toBeLessThanOrEqual(50);
  });

  it("Another wish than on or off is refused", () => {
    expect(() => pages({ TIMELATCH_DASHBOARD: "yes" })).toThrow(
      'TIMELATCH_DASHBOARD is "yes"; it can be "on" or "off". Nothing was synthesized.',
    );
  });
});

describe("Resources that outlive or protect the stack", () => {
  it("The broker's stack is protected from deletion", () => {
    expect(brokerStack().terminationProtection).toBe(true);
  });

  it("The API's log is under the prefix that needs no policy, with a name for each stack", () => {
    const logs = Object.entries(templateOf({}).Resources).filter(([id]) =>
      id.startsWith("HttpAccessLog"),
    );
    expect(logs.map(([, { Properties }]) => Properties?.["LogGroupName"])).toEqual([
      {
        "Fn::Join": [
          "",
          [
            "/aws/vendedlogs/timelatch/",
            { "Fn::Select": [2, { "Fn::Split": ["/", { Ref: "AWS::StackId" }] }] },
          ],
        ],
      },
    ]);
  });
});
