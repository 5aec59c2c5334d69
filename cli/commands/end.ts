import type { EndVerb } from "../../shared/domain/requests/audit-event.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { type Context, tell } from "../context.ts";
import { standingText } from "../text/request-text.ts";

/** `timelatch cancel`, `return` and `revoke`: ends a request or the access it gave. */
export async function end(context: Context, verb: EndVerb, id: string): Promise<void> {
  const api = await context.api();
  const ended = await api.send<RequestAnswer>({
    method: "POST",
    path: `/v1/requests/${id}/${verb}`,
    body: {},
    afterwards: `timelatch show ${id}`,
  });
  tell(context, ended, () => `${standingText(ended, context.now())}\n`);
}
