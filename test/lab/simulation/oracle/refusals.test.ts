import { describe, expect, it } from "vitest";
import { aFirstStep, aStep } from "../../../../lab/fakes/builders.ts";
import { invoke } from "../../../../lab/simulation/invocation.ts";
import { siteOf } from "../../../../lab/simulation/network/call-site.ts";
import { NetworkCall } from "../../../../lab/simulation/network/network-call.ts";
import { addressOf, bindingAt, POLICY } from "../../../../lab/simulation/sim-policy.ts";
import { makeWorld } from "../../../../lab/simulation/world.ts";
import { newNoticeRecord } from "../../../../shared/domain/notices/notice-record.ts";
import { noticesFor } from "../../../../shared/domain/notices/notices-for.ts";
import { requestEvents } from "../../../../shared/domain/notices/request-events.ts";
import type { Step } from "../../../../shared/domain/requests/lifecycle.ts";

const HOUR = 3_600_000;
const CHANNEL = "request@C0001";
const PENDING = aFirstStep();
const DENIED = aStep(PENDING.request, { type: "deny", actor: "bob" });
const UNDELIVERABLE = { reason: "channel-not-found", at: DENIED.request.updatedAt, hash: "denied" };

const noticesOf = ({ request }: Step) => noticesFor(POLICY, request, request.updatedAt).notices;
const inChannel = (step: Step) => noticesOf(step).filter(({ key }) => key === CHANNEL);

/**
 * The oracle's findings in the hour after Slack refused the channel's message about these steps, in
 * order.
 */
async function foundAfter(refused: readonly Step[]): Promise<readonly string[]> {
  const options = { without: new Set<never>(), slack: "healthy", evidence: "absent" } as const;
  const { oracle, tables, time } = makeWorld(1, options, () => undefined);
  const { request } = DENIED;
  for (const step of [PENDING, DENIED]) oracle.notices.stored(step);
  tables.requests.set(request.id, request);
  oracle.notices.published(request.id, requestEvents(request, [PENDING.event, DENIED.event]));
  for (const notice of refused.flatMap(inChannel)) oracle.notices.refused(notice);
  const others = noticesOf(DENIED).filter(({ key, send }) => send && key !== CHANNEL);
  const place = (timestamp: string) => ({ channel: "D-alice", timestamp });
  for (const { key, ...notice } of others) oracle.notices.posted({ ...notice, key }, place(key));
  const sent = others.map(({ key }) => [key, { ...place(key), at: "", hash: "" }] as const);
  const record = {
    ...newNoticeRecord(request.id, request.version),
    sent: Object.fromEntries(sent),
    undeliverable: { [CHANNEL]: UNDELIVERABLE },
  };
  tables.notices.set(request.id, { record, dueAt: null });
  oracle.notices.inspect();
  let isOver = false;
  time.after(HOUR, () => {
    oracle.notices.inspect();
    isOver = true;
  });
  await time.run(() => isOver);
  return oracle.violations.map(({ invariant }) => invariant);
}

describe("the oracle's questions about a message that Slack refuses", () => {
  it("A message need not show a state that Slack refused", async () => {
    expect(await foundAfter([DENIED])).toEqual([]);
  });

  it("A run that was overtaken may have an older state refused last", async () => {
    expect(await foundAfter([DENIED, PENDING])).toEqual([]);
  });

  it("A message must show a state of which only an older one was refused", async () => {
    expect(await foundAfter([PENDING])).toEqual(["notices-shown"]);
  });
});

const ADDRESS = addressOf("one", "oncall");

/** Whether the oracle knows of a refused addition after this call failed before it was made. */
async function isDeniedAfter(operation: string, failure: "refused" | "busy"): Promise<boolean> {
  const options = { without: new Set<never>(), slack: "healthy", evidence: "absent" } as const;
  const world = makeWorld(1, options, () => undefined);
  const { oracle, time } = world;
  oracle.watchOver(bindingAt(ADDRESS), "one/oncall", ADDRESS);
  const conditions = { ...world, watch: oracle, reserveMillis: 0 };
  const about = { name: "converge#1", binding: bindingAt(ADDRESS), skew: 0, spared: false };
  let isOver = false;
  const fails = invoke(time, { ...about, millis: HOUR }, (invocation) => {
    const site = siteOf(operation);
    const apply = async () => undefined;
    const request = { invocation, operation, site, args: [], apply, nextRequestId: () => "one" };
    const uncalled = { failure, code: "AccessDenied", operation: "AssumeRole" };
    return new NetworkCall(conditions, request).failUncalled(50, uncalled);
  });
  const ended = fails.finally(() => {
    isOver = true;
  });
  await time.run(() => isOver);
  expect(await ended).toMatchObject({ kind: "failed" });
  const truth = oracle.truths.get(bindingAt(ADDRESS));
  return truth !== undefined && truth.deniedAt > Number.NEGATIVE_INFINITY;
}

describe("the oracle's knowledge of sessions that IAM refuses", () => {
  it.each(["entries.create", "entries.updateGroups", "entries.associate"])(
    "a refused session of %s counts as a refused addition",
    async (operation) => expect(await isDeniedAfter(operation, "refused")).toBe(true),
  );

  it.each(["entries.disassociate", "entries.remove", "entries.read"])(
    "a refused session of %s excuses nothing",
    async (operation) => expect(await isDeniedAfter(operation, "refused")).toBe(false),
  );

  it("an STS that is busy refuses nothing", async () => {
    expect(await isDeniedAfter("entries.associate", "busy")).toBe(false);
  });
});
