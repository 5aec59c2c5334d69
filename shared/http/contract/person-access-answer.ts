/** The access that a person has now, as clients read it. Instants are ISO 8601 UTC. */
import type { AccessBlock } from "../../domain/entries/access-blocks.ts";
import type { AccessState } from "../../domain/entries/effective-access.ts";
import type { Need } from "../../domain/policy/needs.ts";

/** Some access that one grant, or standing access, gives. */
export interface EffectiveAccessAnswer {
  /** The cluster's name in `access.yaml`; its ARN where the file has it no more. */
  readonly cluster: string;
  readonly principalArn: string;
  /** The name of an access policy; null for Kubernetes groups. */
  readonly policy: string | null;
  /** `cluster`, `ns/NAME` or `group/NAME`. */
  readonly elements: readonly string[];
  readonly state: AccessState;
  /** The id of a grant, or `standing access`; null for a grant that the reader may not see. */
  readonly by: string | null;
  readonly from: string | null;
  /** Null for standing access, and for what is ending and should be gone by now. */
  readonly until: string | null;
  /** When the reading began that showed it: of standing access. */
  readonly asOf: string | null;
}

/** A request that waits for a decision. */
export interface WaitingAnswer {
  readonly id: string;
  readonly cluster: string;
  readonly policy: string | null;
  readonly elements: readonly string[];
  /** The grant that an extension extends. */
  readonly extends?: string;
  readonly since: string;
  /** When it lapses if nobody decides. */
  readonly lapsesAt: string;
  /** The approvals that are still missing, and who can give them. */
  readonly needs: readonly Need[];
}

export interface PersonAccessAnswer {
  readonly person: string;
  /** It is a machine of the policy. Absent for a person. */
  readonly machine?: true;
  /** When the tables were read. */
  readonly at: string;
  /** Null for all clusters, by grants only. */
  readonly cluster: string | null;
  readonly access: readonly EffectiveAccessAnswer[];
  /** Access entries of which nobody knows now what stands on them. */
  readonly unread: readonly {
    readonly cluster: string;
    readonly principalArn: string;
    readonly why: "never-read" | "old" | "cut";
    readonly since: string | null;
  }[];
  /** When the reading began that shows standing access; null where it was left out, or nobody read all of it. */
  readonly standingAsOf: string | null;
  /**
   * Obstacles to the person's access there. Whether a cluster's circuit is open is not known here.
   */
  readonly blocks: readonly AccessBlock[];
  /** The person's requests there that wait for a decision, the newest first. */
  readonly waiting: readonly WaitingAnswer[];
  /** How many grants of the person on other clusters the reader may see; null where no cluster was named. */
  readonly grantsElsewhere: number | null;
  /** The person's requests of the last 24 hours, on all clusters, that the reader may see; from a list that may lag by seconds. */
  readonly lately: {
    readonly since: string;
    readonly requests: number;
    readonly approved: number;
  };
}
