/** The stop that keeps somebody from asking for access, and how it ends. */
import type { AccessPolicy } from "../policy/policy.ts";
import { type Lift, liftOf } from "./lifters.ts";
import { type Stop, type Stopped, suspensionOf } from "./stops.ts";

export interface OwnStop extends Stop, Lift {
  /** Whether one person is stopped, or everyone. */
  readonly code: "suspended" | "drained";
}

/** @param name a person of `access.yaml` @returns undefined where the person may ask for access */
export function ownStop(policy: AccessPolicy, stopped: Stopped, name: string): OwnStop | undefined {
  const suspension = suspensionOf(stopped, name);
  const stop = suspension ?? stopped.drain;
  if (!stop) return undefined;
  const code = suspension ? "suspended" : "drained";
  return { ...stop, code, ...liftOf(policy, stopped, stop.by, name) };
}
