/** The stop that keeps somebody from asking for access, and how it ends. */
import type { AccessPolicy } from "../policy/policy.ts";
import { liftersOf } from "./lifters.ts";
import { type Stop, type Stopped, suspensionOf } from "./stops.ts";

export interface OwnStop extends Stop {
  /** Of the person alone, or of everyone. */
  readonly code: "suspended" | "drained";
  /** Admins who may lift it: never who stopped, nor anybody who is suspended. */
  readonly liftedBy: readonly string[];
  /** Whether the person is one of them. */
  readonly mayLift: boolean;
}

/** @param name a person of `access.yaml` @returns undefined where the person may ask for access */
export function ownStop(policy: AccessPolicy, stopped: Stopped, name: string): OwnStop | undefined {
  const suspension = suspensionOf(stopped, name);
  const stop = suspension ?? stopped.drain;
  if (!stop) return undefined;
  const liftedBy = liftersOf(policy, stopped, stop.by);
  const code = suspension ? "suspended" : "drained";
  return { ...stop, code, liftedBy, mayLift: liftedBy.includes(name) };
}

/** Who can end it, as a clause: `heidi can lift it`, or for her `you can lift it`. */
export function liftClause({ liftedBy, mayLift }: Pick<OwnStop, "liftedBy" | "mayLift">): string {
  if (mayLift) return "you can lift it";
  const lifters = liftedBy.join(" or ");
  return lifters === ""
    ? "nobody can lift it until access.yaml has another admin"
    : `${lifters} can lift it`;
}
