import type { PreviewAnswer } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { answer, type Context } from "../context.ts";
import { bodyOf, type RequestBody, type RequestTerms } from "../prompts/request-terms.ts";
import { previewText, refusalOf, verdictText } from "../text/preview-text.ts";

/** What a request would come to. Nothing is stored, nobody is told. */
export const askPreview = (api: Api, body: RequestBody): Promise<PreviewAnswer> =>
  api.send<PreviewAnswer>({ method: "POST", path: "/v1/requests/preview", body, reads: true });

/**
 * `timelatch preview`: the decision without the request. Under `--json` the answer stands on
 * standard output whether or not it is a yes.
 *
 * @throws Failure `refused` with every reason where it is a no
 */
export async function preview(context: Context, terms: RequestTerms): Promise<void> {
  const body = bodyOf(terms);
  const decision = await askPreview(await context.api(), body);
  const { out } = context.screen;
  if (decision.allowed || context.json)
    answer(context, decision, () =>
      decision.allowed
        ? `${verdictText(decision, out.columns)}\n${previewText(decision, out)}`
        : "",
    );
  if (!decision.allowed) throw refusalOf(decision);
}
