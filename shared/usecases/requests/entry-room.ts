/** Room on an access entry, as the requests table shows it. */
import { bindingKey } from "../../domain/entries/binding.ts";
import { tooMuchBeside, tooMuchOnOneEntry } from "../../domain/policy/entry-room.ts";
import type { AllowedAsk } from "../../domain/policy/judge-ask.ts";
import type { RefusedAsk } from "../../domain/policy/refused-ask.ts";
import type { Ask } from "../../domain/requests/ask.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

type Requests = Pick<FrontPorts, "requests">;

/** An id as long as the request's will be. */
const NO_ID = "00000000-0000-0000-0000-000000000000";

/** The refusal of an ask for more than its entry has room for; undefined if there is room. */
export async function withoutRoom(
  { requests }: Requests,
  requester: string,
  { access }: Pick<Ask, "access">,
  { cluster, principalArn }: Pick<AllowedAsk, "cluster" | "principalArn">,
): Promise<RefusedAsk | undefined> {
  const open = await requests.openOn(bindingKey(cluster.arn, principalArn));
  const asked = { id: NO_ID, requester, cluster, principalArn, access };
  const error = tooMuchBeside(asked, open);
  return (
    error && {
      allowed: false,
      code: "too-much-on-one-entry",
      detail: error.message,
      facts: error.facts,
    }
  );
}

/**
 * Stores an approval. If the entry has no room for it, the refusal names the grants that its requester can end
 * first. The store knows only the sizes.
 */
export async function orWhatToEndFirst<Result>(
  { requests }: Requests,
  request: AccessRequest,
  store: () => Promise<Result>,
): Promise<Result> {
  try {
    return await store();
  } catch (error) {
    if (error instanceof BrokerError)
      throw await withWhatToEndFirst({ requests }, [request], error);
    throw error;
  }
}

/** The refusal of requests on one entry, with what to end first. Every other refusal stays as it is. */
export async function withWhatToEndFirst(
  { requests }: Requests,
  [request, ...others]: readonly AccessRequest[],
  error: BrokerError,
): Promise<BrokerError> {
  if (!request || error.code !== "too-much-on-one-entry") return error;
  const open = await requests.openOn(bindingKey(request.cluster.arn, request.principalArn));
  const reserved = Number(error.facts["reservedBytes"]);
  return tooMuchOnOneEntry(request, reserved, open, { cause: error }, others);
}
