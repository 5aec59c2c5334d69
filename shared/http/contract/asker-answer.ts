import type { Via } from "../../domain/requests/request.ts";

/** The requester of a request, besides their name. */
export interface AskerAnswer {
  /** The requester is a machine: a pipeline, an agent or a bot. Absent for a person. */
  readonly machine?: true;
  /** The people who own the machine, and may end its access. Absent for a person. */
  readonly owners?: readonly string[];
  /** The program that asked for the requester, as it calls itself. Absent where nobody said so. */
  readonly via?: Via;
}
