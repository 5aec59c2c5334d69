/** A preview tells the asker what their last grants needed. */
import { describe, expect, it } from "vitest";
import { ALICE, aPolicy } from "../../../../lab/fakes/builders.ts";
import { ASK, edit, type MemoryBroker, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { ActivitySummary } from "../../../../shared/domain/evidence/activity/activity-summary.ts";
import type { AccessPolicy, Rule } from "../../../../shared/domain/policy/policy.ts";
import { previewRequest } from "../../../../shared/usecases/requests/preview-request.ts";
import { done, summary } from "../../policy-tools/suggest/used-grants.ts";

const LOOKED = summary([done("get pods"), done("list deployments.apps")]);
const CHANGED = summary([done("get pods"), done("delete pods")]);

const withEdit = (over: Partial<Rule>): AccessPolicy => {
  const policy = aPolicy();
  return {
    ...policy,
    rules: policy.rules.map((rule) =>
      rule.name === "payments-edit" ? { ...rule, ...over } : rule,
    ),
  };
};

/** One grant of Edit, which is over, with a summary of what alice did. */
async function grantOf(broker: MemoryBroker, details: ActivitySummary | undefined) {
  const grant = await broker.activeGrant({ durationSeconds: 600, principalArn: ALICE });
  await broker.convergeAtEnd(grant);
  await broker.settle(120);
  const { id, state } = await broker.reload(grant);
  expect(state).toBe("ended");
  if (!details) return;
  const at = broker.clock.now();
  await broker.evidence.appendEvidence({ type: "activity", requestId: id, at, details });
}

async function told(
  summaries: readonly (ActivitySummary | undefined)[],
  policy = aPolicy(),
  over: Partial<typeof ASK> = {},
): Promise<string | undefined> {
  const broker = memoryBroker({ policy });
  for (const each of summaries) await grantOf(broker, each);
  const preview = await previewRequest(broker.front, broker.actor("alice"), { ...ASK, ...over });
  if (!preview.allowed) throw new Error(preview.detail);
  return preview.warnings.find(({ code }) => code === "less-sufficed")?.detail;
}
const five = (one: ActivitySummary | undefined) => Array.from({ length: 5 }, () => one);

describe("What the asker's last five grants needed", () => {
  it("It is told where each of them needed a smaller policy only", async () => {
    const expected =
      "Your last 5 grants of AmazonEKSEditPolicy on prod needed no more than AmazonEKSViewPolicy.";
    expect(await told(five(LOOKED))).toBe(expected);
    expect(await told([CHANGED, ...five(LOOKED)])).toBe(expected);
  });

  it.each([
    ["four of them", five(LOOKED).slice(1)],
    ["one that needed more", [...five(LOOKED).slice(1), CHANGED]],
    ["one of which nobody can say", [...five(LOOKED).slice(1), undefined]],
    ["one that was not used", [...five(LOOKED).slice(1), summary([])]],
  ])("It is not told of %s", async (_, summaries) => {
    expect(await told(summaries)).toBeUndefined();
  });

  it("It is not told where no rule lends the smaller policy there, nor for another policy", async () => {
    const alone = withEdit({
      access: {
        policies: ["AmazonEKSEditPolicy"],
        namespaces: ["payments-*"],
        wildcards: false,
      },
    });
    expect(await told(five(LOOKED), alone)).toBeUndefined();
    const view = { ...edit("payments-api"), policy: "AmazonEKSViewPolicy" };
    expect(await told(five(LOOKED), aPolicy(), { access: view })).toBeUndefined();
  });

  it("A function that reads no evidence tells nothing", async () => {
    const broker = memoryBroker();
    for (const each of five(LOOKED)) await grantOf(broker, each);
    const { activity: _, ...front } = broker.front;
    const preview = await previewRequest(front, broker.actor("alice"), ASK);
    expect(preview.allowed && preview.warnings.map(({ code }) => code)).not.toContain(
      "less-sufficed",
    );
  });
});
