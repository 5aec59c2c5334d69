/**
 * Moments that random runs meet too seldom, each played on a whole broker in memory. A scenario answers
 * whether the rule that it is about holds.
 */
import { plusSeconds } from "../shared/domain/values/instant.ts";
import { ALICE, PROD } from "../test/fakes/builders.ts";
import { EDIT, edit, memoryBroker, VIEW, view } from "../test/fakes/memory-broker.ts";

const STALE_LIST = { list: 30_000 };

/** A broker at an entry that others made long ago. */
function brokerAtStandingEntry() {
  const broker = memoryBroker();
  broker.entries.edit(broker.addressOf(), () => ({ targets: {} }));
  broker.clock.advance(300);
  return broker;
}

export const SCENARIOS = {
  /** A run loads the grants, and another one begins a grant before it loads the ledger. */
  "a grant begins between two loads": async () => {
    const broker = memoryBroker();
    await broker.activeGrant({ access: view("payments-api") });
    broker.after("bindings.view", async () => {
      await broker.activeGrant({ access: edit("payments-api") });
    });
    await broker.converge();
    return broker.namespaces(EDIT).length === 1;
  },

  /** A run is about to begin a grant, and another one ends it before it saves. */
  "a grant ends before it begins": async () => {
    const broker = memoryBroker();
    const asked = await broker.grant();
    broker.before("schedules.armRevocation", async () => {
      await broker.end(asked, "cancel");
      await broker.converge();
    });
    await broker.converge();
    return !broker.entries.calls.some(({ operation }) => operation === "AssociateAccessPolicy");
  },

  /** A run that found nothing to do parks after one that has a doubt. */
  "an idle run parks last": async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    broker.clock.advance(120);
    broker.before("bindings.park", async () => {
      broker.principals.delete(ALICE);
      await broker.converge();
    });
    await broker.converge();
    const { dueAt } = broker.tables.heads.get(broker.binding) ?? {};
    return dueAt != null && dueAt <= plusSeconds(broker.clock.now(), 60);
  },

  /** A grant is approved while a run is about to park. */
  "a grant is approved before the park": async () => {
    const broker = memoryBroker();
    await broker.activeGrant({ access: view("payments-api") });
    broker.before("bindings.park", () => broker.grant());
    await broker.converge();
    const { dueAt } = broker.tables.heads.get(broker.binding) ?? {};
    return dueAt != null && dueAt <= broker.clock.now();
  },

  /** The owner adds to a target, one read shows it, and the next is from before. */
  "an owner's addition is seen, and then is not": async () => {
    const broker = brokerAtStandingEntry();
    const grant = await broker.activeGrant();
    broker.clock.advance(120);
    const both = ["ns/payments-api", "ns/theirs"];
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [EDIT]: both } }));
    await broker.converge();
    broker.clock.advance(10);
    broker.entries.lag = STALE_LIST;
    await broker.end(grant, "return");
    await broker.converge();
    return broker.namespaces(EDIT).includes("theirs");
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
  "an older call is still open": async () => {
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

  /** While an end waits for its proof, somebody begins every ten seconds. */
  "others begin all the time": async () => {
    const broker = brokerAtStandingEntry();
    const grant = await broker.activeGrant();
    broker.clock.advance(120);
    await broker.activeGrant({ access: view("payments-api") });
    await broker.end(grant, "return");
    for (let count = 0; count < 12; count += 1) {
      await broker.activeGrant({ access: view(`payments-${count}`) });
      broker.clock.advance(10);
    }
    await broker.converge();
    return (await broker.reload(grant)).state === "ended";
  },

  /** A call fails, and a stale read shows what a removal has taken before it. */
  "a stale read shows what was removed": async () => {
    const broker = memoryBroker();
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ["ns/theirs"] } }));
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

  /** Others make another entry just before a call of ours for its predecessor arrives. */
  "a call meets another entry": async () => {
    const broker = brokerAtStandingEntry();
    const asked = await broker.grant();
    broker.before("entries.associate", () => {
      broker.entries.edit(broker.addressOf(), () => undefined);
      broker.entries.edit(broker.addressOf(), () => ({ targets: {} }));
    });
    await broker.converge();
    await broker.settle();
    await broker.end(asked, "return");
    await broker.settle();
    return broker.namespaces(EDIT).length === 0;
  },

  /** A run's clock is behind the one that approved a grant, which has begun. */
  "a grant began by a clock ahead": async () => {
    const broker = memoryBroker();
    await broker.grant();
    const approvedAt = broker.clock.now();
    broker.before("requests.save", () => {
      throw new Error("The run ends before it reports.");
    });
    await broker.converge().catch(() => undefined);
    broker.clock.set(plusSeconds(approvedAt, -5));
    // EKS goes by its own clock, and shows the present.
    broker.entries.lag = { describe: -60_000, list: -60_000, judge: -60_000 };
    await broker.converge();
    return broker.namespaces(EDIT).length === 1;
  },
  /** A grant was over for a run whose clock is ahead, which ended before it could say so. */
  "a grant is over by a clock ahead": async () => {
    const broker = brokerAtStandingEntry();
    const { revokeAt } = await broker.activeGrant();
    broker.clock.set(revokeAt ?? "");
    broker.before("requests.save", () => {
      throw new Error("The run ends before it reports.");
    });
    await broker.converge().catch(() => undefined);
    broker.clock.set(plusSeconds(revokeAt ?? "", -200));
    broker.entries.lag = { describe: -600_000, list: -600_000, judge: -600_000 };
    await broker.converge();
    return broker.namespaces(EDIT).length === 0;
  },

  /** A cluster is deleted with the entry of an active grant, and another takes its name. */
  "an entry goes with its cluster": async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    broker.clock.advance(120);
    broker.entries.edit(broker.addressOf(), () => undefined);
    broker.createdAt.set(PROD.arn, broker.clock.now());
    await broker.settle();
    return broker.actual() === undefined;
  },
} as const satisfies Readonly<Record<string, () => Promise<boolean>>>;

export type ScenarioName = keyof typeof SCENARIOS;
