import type { Actor } from "../../domain/policy/actor.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { readRequest } from "../../usecases/requests/read-requests.ts";
import type { ButtonValue } from "../actions.ts";
import type { SlackFront } from "./slack-front.ts";

/**
 * The request, if it is still what the message showed.
 *
 * @throws BrokerError `request-not-found`, `digest-mismatch`
 */
export async function shownRequest(
  front: SlackFront,
  { actor, button }: { readonly actor: Actor; readonly button: ButtonValue },
): Promise<AccessRequest> {
  const request = await readRequest(front, actor, button.id);
  if (request.digest === button.digest) return request;
  throw new BrokerError(
    "digest-mismatch",
    "The request is not what this message showed you. Nothing was changed; look at its details, then decide.",
  );
}
