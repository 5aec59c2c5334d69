import { describe, expect, it, onTestFinished } from "vitest";
import type { LambdaFunction } from "../../../../lab/sandbox/lambda/lambda-function.ts";
import { startRateRules } from "../../../../lab/sandbox/stack/rate-rules.ts";
import type { FunctionPermission, RuleResource } from "../../../../lab/sandbox/template/stack.ts";

const RULE = "arn:aws:events:us-west-2:111122223333:rule/minute";
const PERMISSION = { functionArn: "fn", principal: "events.amazonaws.com", sourceArn: RULE };

function start(
  rule: Partial<RuleResource> = {},
  permissions: readonly FunctionPermission[] = [PERMISSION],
) {
  const events: unknown[] = [];
  const logs: string[] = [];
  onTestFinished(
    startRateRules({
      rules: [
        { name: "minute", arn: RULE, everyMinutes: 1, targets: [{ functionArn: "fn" }], ...rule },
      ],
      permissions,
      functionOf: () => ({}) as unknown as LambdaFunction,
      asyncInvoker: { invoke: (_fn, event) => void events.push(event), stop: () => {} },
      region: "us-west-2",
      minuteSeconds: 0.02,
      log: (line) => void logs.push(line),
    }),
  );
  return { events, logs };
}

describe("a rule with a rate", () => {
  it("A rule with a rate invokes its function when the sandbox starts", () => {
    const { events } = start({ everyMinutes: 10_000 });
    expect(events).toHaveLength(1);
  });

  it("A rule with a rate invokes its function period after period, with EventBridge's event", async () => {
    const { events } = start();
    await expect.poll(() => events.length).toBeGreaterThan(1);
    expect(events[0]).toEqual({
      version: "0",
      id: expect.any(String),
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account: "111122223333",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: "us-west-2",
      resources: [RULE],
      detail: {},
    });
  });

  it("A rule with a rate gives its target the input that the template says", async () => {
    const { events } = start({ targets: [{ functionArn: "fn", input: '{"cause":"minute"}' }] });
    await expect.poll(() => events[0]).toEqual({ cause: "minute" });
  });

  it("A rule with a rate invokes nothing without a permission, and says so", async () => {
    const { events, logs } = start({}, [{ ...PERMISSION, sourceArn: `${RULE}-other` }]);
    await expect.poll(() => logs[0]).toBe("minute: no AWS::Lambda::Permission lets it invoke fn.");
    expect(events).toEqual([]);
  });
});
