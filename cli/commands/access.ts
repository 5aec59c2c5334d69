import type { AccessAnswer } from "../../shared/http/contract/access-answer.ts";
import { answer, type Context } from "../context.ts";
import { accessText } from "../text/access-text.ts";

/** `timelatch access`: what one may ask for, rule by rule. */
export async function access(context: Context): Promise<void> {
  const api = await context.api();
  const lent = await api.send<AccessAnswer>({ method: "GET", path: "/v1/access" });
  answer(context, lent, () => accessText(lent, context.screen.out));
}
