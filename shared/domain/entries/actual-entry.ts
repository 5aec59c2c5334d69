import type { ElementSet } from "../values/element-set.ts";

/** An access entry as one read showed it: DescribeAccessEntry and ListAssociatedAccessPolicies. */
export interface ActualEntry {
  readonly accessEntryArn: string;
  readonly type: string;
  /** The Kubernetes username. An update of the groups resets it unless it is sent along. */
  readonly username: string;
  readonly createdAt: string;
  readonly tags: Readonly<Record<string, string>>;
  /** By target: the elements that are there. Targets without any are missing. */
  readonly targets: Readonly<Record<string, ElementSet>>;
}

/** What one read answered; `entry` is undefined where it showed none. */
export interface Reading {
  readonly entry: ActualEntry | undefined;
  /** When the read began. It shows nothing older than a read lag before. */
  readonly begunAt: string;
}

/** Something that others did to the entry, for people to read. */
export interface Finding {
  readonly code: "entry-deleted" | "entry-replaced" | "entry-edited" | "entry-adopted";
  readonly target?: string;
  readonly expected?: ElementSet;
  readonly found?: ElementSet;
}
