import { describe, expect, it } from "vitest";
import { aFirstStep, aStep } from "../../../../lab/fakes/builders.ts";
import { POLICY } from "../../../../lab/simulation/sim-policy.ts";
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
