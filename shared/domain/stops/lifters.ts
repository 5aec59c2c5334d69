import type { AccessPolicy } from "../policy/policy.ts";
import { decidersInGroups } from "../policy/policy-index.ts";
import { type Stopped, suspensionOf } from "./stops.ts";

/** Those who may lift a stop. */
export interface Lift {
  /** Admins who may lift it: never who stopped, nor anybody who is suspended. */
  readonly liftedBy: readonly string[];
  /** Whether the reader is one of them. */
  readonly mayLift: boolean;
}

/** Admins who may lift a stop: never who stopped, nor anybody who is suspended. @param by who stopped */
export const liftersOf = (policy: AccessPolicy, stopped: Stopped, by: string): readonly string[] =>
  decidersInGroups(policy, policy.roles.admins).filter(
    (name) => name !== by && !suspensionOf(stopped, name),
  );

/** @param by who stopped @param reader who is shown it */
export function liftOf(policy: AccessPolicy, stopped: Stopped, by: string, reader: string): Lift {
  const liftedBy = liftersOf(policy, stopped, by);
  return { liftedBy, mayLift: liftedBy.includes(reader) };
}

/** The people who can end it, as a clause: `heidi can lift it`, or for her `you can lift it`. */
export function liftClause({ liftedBy, mayLift }: Lift): string {
  if (mayLift) return "you can lift it";
  const lifters = liftedBy.join(" or ");
  return lifters === ""
    ? "nobody can lift it until access.yaml has another admin"
    : `${lifters} can lift it`;
}
