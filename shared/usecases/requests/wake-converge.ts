import { bindingKey } from "../../domain/entries/binding.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Cause } from "../../ports/converge-queue.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/**
 * Sends the request's binding to converge. A failure is not the caller's: the step that was just
 * stored made the binding due, and the sweep sends what is due within a minute.
 */
export async function wakeConverge(
  { queue }: Pick<FrontPorts, "queue">,
  request: AccessRequest,
  cause: Cause,
): Promise<void> {
  const binding = bindingKey(request.cluster.arn, request.principalArn);
  await queue.send(binding, cause).catch(() => undefined);
}
