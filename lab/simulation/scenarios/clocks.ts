/** Scenarios: two runs have different clocks. */
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { EDIT, memoryBroker } from "../../fakes/memory-broker.ts";
import { brokerAtStandingEntry } from "./standing-entry.ts";

export const CLOCKS = {
  /** A run's clock is behind the one that approved a grant, which has begun. */
  "a grant began on a faster clock": async () => {
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
  "a grant ended on a faster clock": async () => {
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
};
