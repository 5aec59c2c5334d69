/** One thing that somebody may do to the record, and the rights that it takes. */
import type { Moment, World } from "./archive-days.ts";
import type { Finder } from "./finder.ts";
import type { Meddling } from "./recorded-day.ts";
import type { Right } from "./rights.ts";

/** The ends that somebody may have with the record. */
export const DEEDS = [
  "add",
  "change",
  "delete",
  "reorder",
  "back-date",
  "forward-date",
  "suppress",
  "confirm",
  "un-find",
  "re-seal",
] as const;
export type Deed = (typeof DEEDS)[number];

export interface Attack {
  readonly deed: Deed;
  /** In words, to follow a role's name. */
  readonly what: string;
  /** All that it takes. */
  readonly rights: readonly Right[];
  /** When it would do anything; at each moment by default. */
  readonly moments?: readonly Moment[];
  readonly forge?: (world: World) => unknown;
  readonly meddling?: Meddling;
  /** Whether the attacker's code runs in the place of archive's from then on. */
  readonly replacesArchive?: true;
  /** The evidence outside of the account, or of both roles, where nothing of these finds it. */
  readonly outside: string;
  /** Further finders, by the product's own code. */
  readonly probes?: Readonly<Partial<Record<Finder, () => unknown>>>;
  /** Whether notify publishes it, and tells people of it, as of the broker's own steps. */
  readonly isPublished?: true;
}
