/** Members of a request's answer, apart from the request. Instants are ISO 8601 UTC. */
import type { AccessBlock } from "../../domain/entries/access-blocks.ts";
import type { ActivitySummary } from "../../domain/evidence/activity/activity-summary.ts";
import type { MissingNotice } from "../../domain/notices/missing-notices.ts";
import type { Via } from "../../domain/requests/request.ts";
import type { PersonAccessAnswer } from "./person-access-answer.ts";
import type { TicketAnswer } from "./ticket-answer.ts";

/** The additions of some operations to a request. */
export interface RequestBeside {
  /**
   * The requester's access on the cluster after an end, as far as the caller may know. Only in the
   * answer of `cancel`, `return` and `revoke`. The access of this grant is in it until a read has
   * proven its end.
   */
  readonly remaining?: PersonAccessAnswer;
  /**
   * Messages that could not be delivered, each with a stable reason code. Only in
   * `GET /v1/requests/{id}`, and only where there are any.
   */
  readonly undeliverable?: readonly MissingNotice[];
  /**
   * Obstacles to the requester's access if it was approved now. Only in `GET /v1/requests/{id}` of
   * a pending request of somebody else, and only where there is something.
   */
  readonly blocks?: readonly AccessBlock[];
  /** Its ticket, as the tracker has it. Only in `GET /v1/requests/{id}` of a request that has not begun. */
  readonly ticketIs?: TicketAnswer;
  /**
   * Its use, by the cluster's audit log; null where no record says it. Only in `GET /v1/requests/{id}` of
   * a break-glass that is over, for a person who may review it.
   */
  readonly activity?: ActivitySummary | null;
}

/** The requester of a request, besides their name, and how they asked. */
export interface AskerAnswer {
  /** The requester is a machine: a pipeline, an agent or a bot. Absent for a person. */
  readonly machine?: true;
  /** The people who own the machine, and may end its access. Absent for a person. */
  readonly owners?: readonly string[];
  /** The program that asked for the requester, as it calls itself. Absent where nobody said so. */
  readonly via?: Via;
  /** The other requests that were asked for at once with it, by id. Absent where one thing was asked for. */
  readonly askedWith?: readonly string[];
}
