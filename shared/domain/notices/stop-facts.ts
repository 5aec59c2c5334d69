import type { StopType } from "../stops/stops.ts";

/**
 * The facts that the message about a stop, or its lift, shows. All are in the hash, as for a
 * request.
 */
export interface StopFacts {
  /** The number of its record. */
  readonly seq: number;
  readonly type: StopType;
  readonly actor: string;
  /** Null for everyone. */
  readonly person: string | null;
  /** Empty of a lift. */
  readonly reason: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Admins who can lift it; empty of a lift. */
  readonly liftedBy: readonly string[];
}
