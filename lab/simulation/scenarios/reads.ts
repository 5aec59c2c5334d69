/** Scenarios: a read is stale, or a call stays unanswered. */
import { LANDS_LATE } from "../../fakes/faults.ts";
import { EDIT, memoryBroker, VIEW } from "../../fakes/memory-broker.ts";
import { brokerAtStandingEntry } from "./standing-entry.ts";

const STALE_LIST = { list: 30_000 };

export const READS = {
  /** The owner adds to a target, one read shows it, and the next is from before. */
  "an owner's addition appears in one read and not in the next": async () => {
    const broker = brokerAtStandingEntry();
    const grant = await broker.activeGrant();
    broker.clock.advance(120);
    const both = ["ns/payments-api", "ns/owners"];
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: both } }));
    await broker.converge();
    broker.clock.advance(10);
    broker.entries.lag = STALE_LIST;
    await broker.end(grant, "return");
    await broker.converge();
    return broker.namespaces(EDIT).includes("owners");
  },

  /** A read and a judgement are as old as the lag and two clocks allow. */
  "a read lags, and clocks differ": async () => {
    const broker = brokerAtStandingEntry();
    const grant = await broker.activeGrant();
    const behind = 54_000;
    broker.entries.lag = { list: behind, judge: behind };
    await broker.end(grant, "return");
    await broker.converge();
    broker.clock.advance(50);
    await broker.converge();
    const { state } = await broker.reload(grant);
    return state === "ending" || broker.namespaces(EDIT).length === 0;
  },

  /** A call stays unanswered, and a later one of the same is answered. */
  "an older call is still unanswered": async () => {
    const broker = brokerAtStandingEntry();
    const grant = await broker.grant();
    broker.faults.push(({ operation }) =>
      operation === "AssociateAccessPolicy"
        ? { failure: "unknown", code: "Timeout", applied: "later" }
        : undefined,
    );
    await broker.converge();
    broker.faults.length = 0;
    broker.clock.advance(10);
    await broker.converge();
    await broker.end(grant, "return");
    await broker.settle(120);
    return (await broker.reload(grant)).state === "ending";
  },

  /** A call fails, and a stale read shows what a removal has taken before it. */
  "a stale read shows what was removed": async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ["ns/owners"] } }));
    broker.clock.advance(300);
    const first = await broker.activeGrant();
    broker.clock.advance(120);
    await broker.end(first, "return");
    await broker.converge();
    const second = await broker.grant();
    broker.entries.lag = STALE_LIST;
    broker.faults.push(({ operation }) =>
      operation === "AssociateAccessPolicy"
        ? { failure: "throttled", code: "ResourceNotFoundException" }
        : undefined,
    );
    await broker.converge();
    return (await broker.reload(second)).state === "approved";
  },

  /** Access was added, and the read after it is from before that. */
  "access is added that no read shows yet": async () => {
    const broker = brokerAtStandingEntry();
    const asked = await broker.grant();
    broker.entries.lag = STALE_LIST;
    await broker.converge();
    return (await broker.reload(asked)).state === "approved";
  },

  /** A removal is answered, and every read after it is from before that. */
  "no read shows a removal yet": async () => {
    const broker = brokerAtStandingEntry();
    const grant = await broker.activeGrant();
    broker.clock.advance(120);
    broker.entries.lag = STALE_LIST;
    await broker.end(grant, "return");
    await broker.converge();
    return (await broker.reload(grant)).state === "ending";
  },

  /** A removal has no answer and may still land, when the next grant of the same access begins. */
  "a removal is open when the next grant begins": async () => {
    const broker = brokerAtStandingEntry();
    const first = await broker.activeGrant();
    broker.clock.advance(120);
    const before = broker.faults.length;
    broker.faults.push(() => LANDS_LATE);
    await broker.end(first, "return");
    await broker.converge();
    broker.faults.length = before;
    broker.clock.advance(1);
    const second = await broker.activeGrant();
    return (await broker.reload(second)).state === "approved";
  },
};
