/** Functions that face people can write requests. What a forged record can gain. */
import { describe, expect, it } from "vitest";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { failCalls, forge, UNANSWERED } from "../../../fakes/broker-sights.ts";
import { EDIT, edit, memoryBroker } from "../../../fakes/memory-broker.ts";

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
    ["both ends are later, under a rule that does not exist", { ...FAR, rule: "none" }],
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
      outcome: { code: "expired" },
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
