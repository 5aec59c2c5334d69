import { bindingKey } from "../../domain/entries/binding.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Cause } from "../../ports/converge-queue.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/**
 * Sends the request's binding to converge. A failure is not reported to the caller. The stored step
 * has made the binding due, so the sweep sends it within a minute.
 */
export async function wakeConverge(
  { queue }: Pick<FrontPorts, "queue">,
  request: AccessRequest,
  cause: Cause,
): Promise<void> {
  try {
    await queue.send(bindingKey(request.cluster.arn, request.principalArn), cause);
  } catch {
    // The record may also name no entry, where others forged it.
  }
}
