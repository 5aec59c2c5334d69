/** The record of a simulated life, as far as an archive has it. */
import type { MemoryTables } from "../fakes/memory-tables.ts";
import type { DeployedPolicy } from "./deployed-policy.ts";
import type { World } from "./world.ts";

export interface SimulatedRecord extends Pick<MemoryTables, "events" | "delegations"> {
  /** By hash; undefined where a policy changed, and kept its hash. */
  readonly policies: DeployedPolicy["versions"];
}

/** @returns undefined where somebody forged a part of it */
export const recordOf = ({ profile, tables, deployed }: World): SimulatedRecord | undefined =>
  profile.forgeries > 0
    ? undefined
    : {
        events: tables.events,
        delegations: tables.delegations,
        policies: deployed.versions,
      };
