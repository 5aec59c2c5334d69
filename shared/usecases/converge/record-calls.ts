import { ACCESS_MAY_EXIST, transition } from "../../domain/requests/lifecycle.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { BROKER } from "./binding-grants.ts";
import { evidenceFor } from "./conclude-grants.ts";
import type { Pass } from "./pass.ts";

/** Several runs may put calls of one grant on record at once. */
const TRIES = 3;

/**
 * Puts on record, at the end of a run, the calls whose step was lost to somebody else: the run that
 * won knows nothing of them. It writes evidence alone, and decides nothing. A grant that is final
 * takes no more events; then the log keeps them.
 */
export async function recordCalls({ ports, journal, run, binding }: Pass): Promise<void> {
  for (const id of journal.unrecorded) {
    let left = TRIES;
    while (left > 0 && !(await isRecorded(ports, id, evidenceFor(journal, id)))) left -= 1;
    if (left > 0) journal.recorded([id]);
    else run.log("calls not on record", { binding, grantId: id, calls: journal.of(id) });
  }
}

async function isRecorded(
  { requests, clock, policy }: Pick<ConvergePorts, "requests" | "clock" | "policy">,
  id: string,
  details: ReturnType<typeof evidenceFor>,
): Promise<boolean> {
  const request = await requests.load(id);
  if (!ACCESS_MAY_EXIST.has(request.state)) return false;
  const evidence = { type: "evidence", at: clock.now(), details } as const;
  try {
    await requests.save(
      transition(request, { ...evidence, actor: BROKER, policyHash: policy.hash }),
    );
    return true;
  } catch (error) {
    if (error instanceof BrokerError && error.code === "version-conflict") return false;
    throw error;
  }
}
