import type { Evidence } from "../../domain/requests/evidence.ts";
import { ACCESS_MAY_EXIST, transition } from "../../domain/requests/lifecycle.ts";
import { BrokerError, type ErrorCode } from "../../domain/values/errors.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { BROKER } from "./binding-grants.ts";
import type { PartOf } from "./pass.ts";

/** Several runs may record calls of one grant at the same time. */
const TRIES = 3;

/**
 * At the end of a run, records calls whose step was dropped in a conflict. The run that won does
 * not know them. Only writes evidence, and decides nothing. A final grant takes no more events. Its calls
 * are items of their own all the same; see `store-calls.ts`. Nor is a step tried for a record that the run found to be
 * stuck: others can plant hundreds.
 */
export async function recordCalls({
  ports,
  journal,
  run,
  binding,
  earlier: { stuck },
}: PartOf<
  "journal" | "run" | "binding" | "earlier",
  "requests" | "clock" | "policy"
>): Promise<void> {
  for (const id of journal.unrecorded) {
    let left = stuck.has(id) ? 0 : TRIES;
    while (left > 0 && !(await isRecorded(ports, id, journal.evidenceFor(id)))) left -= 1;
    if (left > 0) journal.recorded([id]);
    else run.log("calls not recorded", { binding, grantId: id, calls: journal.of(id) });
  }
}

/** Others stored a step first; or they planted the grant, and there is no request to record it on. */
const UNRECORDED: ReadonlySet<ErrorCode> = new Set(["version-conflict", "request-not-found"]);

async function isRecorded(
  { requests, clock, policy }: Pick<ConvergePorts, "requests" | "clock" | "policy">,
  id: string,
  details: Evidence,
): Promise<boolean> {
  const evidence = { type: "evidence", at: clock.now(), details } as const;
  try {
    const request = await requests.load(id);
    if (!ACCESS_MAY_EXIST.has(request.state)) return false;
    await requests.save(
      transition(request, { ...evidence, actor: BROKER, policyHash: policy.hash }),
    );
    return true;
  } catch (error) {
    if (error instanceof BrokerError && UNRECORDED.has(error.code)) return false;
    throw error;
  }
}
