import type { AccessPolicy } from "../policy/policy.ts";
import { peopleInGroups } from "../policy/policy-index.ts";
import { type Stopped, suspensionOf } from "./stops.ts";

/** Admins who may lift a stop: never who stopped, nor anybody who is suspended. @param by who stopped */
export const liftersOf = (policy: AccessPolicy, stopped: Stopped, by: string): readonly string[] =>
  peopleInGroups(policy, policy.roles.admins).filter(
    (name) => name !== by && !suspensionOf(stopped, name),
  );
