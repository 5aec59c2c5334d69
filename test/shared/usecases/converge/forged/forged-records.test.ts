/** Functions that face people can write requests. The tests show the gain of a forged record. */
import { describe, expect, it } from "vitest";
import { failCalls, forge, UNANSWERED } from "../../../../../lab/fakes/broker-sights.ts";
import { EDIT, edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const bindingOf = ({ cluster, principalArn }: AccessRequest) =>
  bindingKey(cluster.arn, principalArn);
const FAR = { revokeAt: "2026-12-24T10:00:00.000Z", expiresAt: "2026-12-24T10:02:00.000Z" };

describe("A record forged before its grant began", () => {
  const forged = async (change: object) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    forge(broker, grant, change);
    await broker.converge();
    return { broker, after: await broker.reload(grant) };
  };

  it.each([
    [
      "with an approval by the requester",
      { approvals: [{ person: "alice", surface: "api", at: "x", proof: {} }] },
      "self-approval",
    ],
    [
      "with an approval by somebody who may not approve",
      { approvals: [{ person: "carol", surface: "api", at: "x", proof: {} }] },
      "not-approved",
    ],
    [
      "with an approval that names no surface",
      { approvals: [{ person: "bob", at: "x", proof: {} }] },
      "not-approved",
    ],
    ["with no approval at all", { approvals: [] }, "not-approved"],
    ["with a later end", { expiresAt: FAR.expiresAt }, "wrong-deadline"],
    ["with other access than was shown", { access: edit("payments-web") }, "digest-mismatch"],
    ["with another rule", { rule: "break-glass" }, "digest-mismatch"],
    ["with a rule that does not exist", { rule: "none" }, "unknown-rule"],
    ["with another requester", { requester: "carol" }, "digest-mismatch"],
  ])("A record %s gains nothing, and its grant fails at once", async (_, change, code) => {
    const { broker, after } = await forged(change);
    expect(broker.entries.calls).toEqual([]);
    expect(after).toMatchObject({ state: "failed", outcome: { code } });
  });

  it.each([
    ["well formed", {}],
    ["without an approval", { approvals: [] }],
  ])("A record that claims to be active gains nothing where it is %s", async (_, change) => {
    const { broker, after } = await forged({ state: "active", ...change });
    expect(broker.entries.calls).toEqual([]);
    expect(after).toMatchObject({ state: "ended", outcome: { code: "never-begun" } });
  });
});

describe("A break-glass forged before its grant began", () => {
  const GLASS = {
    access: { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } },
    durationSeconds: 1_800,
  } as const;
  const closed = { person: "bob", at: "2026-11-24T10:00:00.000Z", note: "seen" };

  it.each([
    ["that is not marked as one", { breakGlass: false }, "break-glass-differs"],
    ["without a review", { review: undefined }, "review-differs"],
    ["whose review is closed already", { closed }, "review-differs"],
    ["whose review is due later", { dueAt: "2026-11-26T10:00:01.000Z" }, "review-differs"],
    ["that nobody is to review", { by: [] }, "review-differs"],
    ["that others are to review", { by: ["payments"] }, "review-differs"],
  ])("One %s gains nothing, and its grant fails at once", async (_, change, code) => {
    const broker = memoryBroker();
    const grant = await broker.grant(GLASS, "carol");
    const isWhole = "breakGlass" in change || "review" in change;
    forge(broker, grant, isWhole ? change : { review: { ...grant.review, ...change } });
    await broker.converge(bindingOf(grant));
    expect(broker.entries.calls).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({ state: "failed", outcome: { code } });
  });

  it("One as the policy made it begins, and its access is repaired after its review", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant(GLASS, "carol");
    expect(grant.review).toEqual({
      by: ["payments-leads", "platform"],
      dueAt: "2026-11-26T10:00:00.000Z",
      closed: null,
    });
    await broker.converge(bindingOf(grant));
    forge(broker, await broker.reload(grant), { review: { ...grant.review, closed } });
    const address = broker.addressOf(grant.cluster.arn, grant.principalArn);
    broker.clock.advance(120);
    broker.entries.edit(address, (entry) => entry && { tags: entry.tags, targets: {} });
    await broker.converge(bindingOf(grant));
    expect(Object.keys(broker.entries.peek(address)?.targets ?? {})).toHaveLength(1);
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });
});

describe("A record forged while its grant is active", () => {
  const forgedSince = async (change: object) => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    forge(broker, grant, change);
    await broker.converge();
    return { broker, grant };
  };

  it.each([
    ["both ends are later", FAR],
    ["both ends are later, without an approval", { ...FAR, approvals: [] }],
    ["only the second end is later", { expiresAt: FAR.expiresAt }],
    ["neither end is set", { revokeAt: null, expiresAt: null }],
  ])("A grant ends when the ledger says, with its fuse in place, where %s", async (_, change) => {
    const { broker, grant } = await forgedSince(change);
    const fuse = [...broker.schedules.timers.values()].find(({ kind }) => kind === "fuse");
    expect(fuse?.at).toBe(plusSeconds(grant.expiresAt ?? "", 300));
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });

  it("A grant loses its access at once if its record says that it is over", async () => {
    const { broker, grant } = await forgedSince({ revokeAt: "2026-11-24T10:00:00.000Z" });
    expect(broker.actual()).toBeUndefined();
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "ended-early" },
    });
  });

  it("A grant whose record says that it is approved again is not over for that", async () => {
    const { broker, grant } = await forgedSince({ state: "approved" });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
  });

  it("A grant that is over stays over, whatever its record says later", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    failCalls(broker, "DeleteAccessEntry", UNANSWERED, { times: 1 });
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    forge(broker, await broker.reload(grant), { ...FAR, state: "active" });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    await broker.settle(600);
    expect(broker.actual()).toBeUndefined();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });
});
