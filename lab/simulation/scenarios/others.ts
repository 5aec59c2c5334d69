/** Scenarios: what others do to an entry while a grant runs or after it. */
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { IN_TURN } from "../../../shared/ports/binding-store.ts";
import { LOST } from "../../fakes/faults.ts";
import { EDIT, edit, memoryBroker, VIEW, view } from "../../fakes/memory-broker.ts";
import { brokerAtStandingEntry } from "./standing-entry.ts";

export const OTHERS = {
  /** The owner's whole cluster hides what a grant lent, which ends. Then the owner lists namespaces again. */
  "a whole cluster hides what has ended": async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ["ns/theirs"] });
    const asked = await broker.activeGrant({ access: edit("payments-api") });
    broker.clock.advance(120);
    broker.othersPut({ [EDIT]: ["cluster"] });
    await broker.end(asked, "return");
    await broker.converge();
    broker.othersPut({ [EDIT]: ["ns/payments-api", "ns/theirs"] });
    await broker.settle();
    return broker.namespaces(EDIT).length === 2;
  },

  /** Somebody takes lent access away, and nobody asks for anything afterwards. */
  "somebody takes lent access away": async () => {
    const broker = brokerAtStandingEntry();
    const grant = await broker.activeGrant();
    broker.clock.advance(120);
    broker.othersPut({});
    if (broker.head()?.driftCheckAt !== IN_TURN) return false;
    broker.clock.advance(broker.ports.settings.driftCheckSeconds);
    if (broker.clock.now() >= (grant.revokeAt ?? "")) return false;
    await broker.settle(60);
    return broker.namespaces(EDIT).includes("payments-api");
  },

  /**
   * A grant ends whose addition has no answer. When a read can prove that the addition is gone, that
   * read is stale, and the owner has just created the entry again. Then another grant ends.
   */
  "an owner creates an entry again while an addition is open": async () => {
    const broker = brokerAtStandingEntry();
    const second = await broker.activeGrant({ access: view("payments-web") });
    broker.failNext("AssociateAccessPolicy", LOST);
    const first = await broker.activeGrant();
    await broker.end(first, "cancel");
    await broker.converge();
    const { carriedUntil = "" } = (await broker.ledger())?.targets[EDIT]?.["ns/payments-api"] ?? {};
    const { readLagSeconds } = broker.ports.settings;
    broker.clock.set(plusSeconds(carriedUntil, 1 - readLagSeconds));
    broker.othersDelete();
    broker.clock.advance(1);
    broker.othersPut({ [EDIT]: ["ns/payments-api"], [VIEW]: ["ns/payments-web"] });
    broker.clock.set(plusSeconds(carriedUntil, 0.5));
    broker.entries.lag = { describe: readLagSeconds * 1_000, list: readLagSeconds * 1_000 };
    await broker.converge();
    broker.entries.lag = {};
    broker.clock.advance(12);
    await broker.end(second, "return");
    await broker.converge();
    return broker.namespaces(VIEW).includes("payments-web");
  },
};
