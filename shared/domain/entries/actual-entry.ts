import type { ElementSet } from "../values/element-set.ts";

/** An access entry as one read showed it: DescribeAccessEntry and ListAssociatedAccessPolicies. */
export interface ActualEntry {
  readonly accessEntryArn: string;
  readonly type: string;
  /** The Kubernetes username. Updating the groups resets it unless the call includes it. */
  readonly username: string;
  readonly createdAt: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Present elements by target. Targets without elements are left out. */
  readonly targets: Readonly<Record<string, ElementSet>>;
}

/** The answer of one read; `entry` is undefined if it showed none. */
export interface Reading {
  readonly entry: ActualEntry | undefined;
  /** When the read began. It may be stale by up to the read lag. */
  readonly begunAt: string;
}
