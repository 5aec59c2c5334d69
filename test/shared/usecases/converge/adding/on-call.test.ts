/** Access of a rule for whoever is on call begins only while they are, and stays when the shift ends. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../../lab/fakes/builders.ts";
import { forgeWhole } from "../../../../../lab/fakes/forge-whole.ts";
import { edit } from "../../../../../lab/fakes/memory-broker.ts";
import { type OnCallBroker, onCallBroker } from "../../../../../lab/fakes/on-call-policy.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const MORNING = plusSeconds(T0, 8 * 3_600);
const bindingOf = ({ cluster, principalArn }: AccessRequest) =>
  bindingKey(cluster.arn, principalArn);

/** Carol's grant, approved by the policy a moment ago. */
async function approved() {
  const broker = onCallBroker();
  await broker.onCall({ carol: MORNING });
  const grant = await broker.askAsCarol();
  return { broker, grant, run: () => broker.converge(bindingOf(grant)) };
}

const lent = (broker: OnCallBroker) => broker.operations();
const reads = (broker: OnCallBroker) => broker.calls.filter((call) => call.startsWith("facts."));

describe("When access begins", () => {
  it("Converge reads the fact itself, and the ledger and the event keep it", async () => {
    const { broker, grant, run } = await approved();
    broker.clock.advance(60);
    await broker.onCall({ carol: MORNING });
    await run();
    const fact = { onCall: "primary", person: "PCAR01", readAt: plusSeconds(T0, 60) };
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect((await broker.ledger(bindingOf(grant)))?.begun[grant.id]?.onCall).toMatchObject(fact);
    expect((await broker.history(grant)).at(-1)).toMatchObject({
      type: "activate",
      details: { onCall: fact },
    });
    expect(reads(broker)).toEqual(["facts.schedules"]);
  });

  it("Nothing is lent to whoever is no longer on call", async () => {
    const { broker, grant, run } = await approved();
    await broker.onCall({ dave: MORNING });
    await run();
    expect(lent(broker)).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "not-on-call" },
    });
  });

  it("While it is unknown nothing is lent, and the grant waits for an answer", async () => {
    const { broker, grant, run } = await approved();
    await broker.look({ unknown: "gone" });
    await run();
    expect(lent(broker)).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    broker.clock.advance(90);
    await broker.onCall({ carol: MORNING });
    await run();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("Where no answer comes in five minutes, the grant fails and says so", async () => {
    const { broker, grant, run } = await approved();
    broker.clock.advance(299);
    await broker.look({ unknown: "denied" });
    await run();
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    broker.clock.advance(1);
    await run();
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "on-call-unknown" },
    });
    expect(lent(broker)).toEqual([]);
  });

  it("A failed read of the facts lends nothing, and is tried again", async () => {
    const { broker, grant, run } = await approved();
    const repair = broker.breakPort("facts.schedules", new Error("DynamoDB is away"));
    await run();
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    repair();
    await run();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("A shift that was made shorter since the approval lends nothing beyond its end", async () => {
    const { broker, grant, run } = await approved();
    await broker.onCall({ carol: plusSeconds(T0, 1_800) });
    await run();
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "shift-ends-sooner" },
    });
  });

  it.each([
    ["much", 3_600, 3_480],
    ["little", 1_860, 1_740],
  ])("A record that claims a %s later end than the shift's lends nothing", async (_, end, from) => {
    const broker = onCallBroker();
    await broker.onCall({ carol: plusSeconds(T0, 1_800) });
    const grant = await broker.askAsCarol();
    forgeWhole(broker, grant, {
      expiresAt: plusSeconds(T0, end),
      revokeAt: plusSeconds(T0, from),
    });
    await broker.converge(bindingOf(grant));
    expect(lent(broker)).toEqual([]);
  });
});

describe("When the shift is over", () => {
  it("Access that has begun stays to its own end, and is given back where others take it", async () => {
    const { broker, grant, run } = await approved();
    await run();
    await broker.onCall({ dave: MORNING });
    broker.clock.advance(300);
    const before = reads(broker).length;
    broker.entries.edit(broker.addressOf(undefined, grant.principalArn), () => undefined);
    await run();
    broker.clock.advance(60);
    await run();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(broker.operations().filter((call) => call === "AssociateAccessPolicy")).toHaveLength(2);
    expect(reads(broker)).toHaveLength(before);
  });

  it("Its end needs no fact", async () => {
    const { broker, grant, run } = await approved();
    await run();
    broker.breakPort("facts.schedules", new Error("Nobody asks for an end."));
    broker.clock.set(grant.revokeAt ?? "");
    await run();
    await broker.settle(120, bindingOf(grant));
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });

  it("A grant of another rule begins without any read", async () => {
    const broker = onCallBroker();
    const request = await broker.ask({ access: edit("payments-api") });
    const grant = await broker.approve(request);
    await broker.converge(bindingOf(grant));
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(reads(broker)).toEqual([]);
  });
});
