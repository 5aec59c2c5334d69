import type { SqsState } from "../aws/sqs/state.ts";
import type { Store } from "../aws/store.ts";
import type { SandboxState } from "../process/state.ts";
import { SPOKE_ACCOUNT } from "../world/account.ts";

/** The queues of an account. */
export const queuesOf = (
  { sqs, spokeSqs }: Pick<SandboxState, "sqs" | "spokeSqs">,
  account: string,
): Store<SqsState> => (account === SPOKE_ACCOUNT ? spokeSqs : sqs);
