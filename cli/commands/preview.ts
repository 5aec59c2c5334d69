import type { PreviewAnswer } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { answer, type Context } from "../context.ts";
import { completeTerms } from "../prompts/complete-terms.ts";
import { withMeantTerms } from "../prompts/meant-terms.ts";
import { type DryBody, dryBodyOf, isEmpty, type RequestTerms } from "../prompts/request-terms.ts";
import { previewText, refusalOf, verdictText } from "../text/preview-text.ts";

export interface PreviewOptions extends RequestTerms {
  readonly verbose?: true;
  readonly all?: true;
}

/** Dry-runs a request. Nothing is stored, and nobody is notified. @throws Failure */
export const askPreview = (api: Api, body: DryBody): Promise<PreviewAnswer> =>
  api.send<PreviewAnswer>({ method: "POST", path: "/v1/requests/preview", body, reads: true });

/**
 * `timelatch preview`: the decision without the request. Under `--json` the answer goes to
 * standard output whether or not the request is allowed.
 *
 * @throws Failure `refused` with the reasons where it is not allowed
 */
export async function preview(context: Context, options: PreviewOptions): Promise<void> {
  const { verbose = false, all = false, ...terms } = options;
  // Options that cannot make a request are refused before any call.
  if (terms.rule === undefined || isEmpty(terms)) dryBodyOf(terms, "preview");
  const api = await context.api();
  const body = dryBodyOf(await completeTerms(api, terms), "preview");
  const decision = await askPreview(api, body);
  const { out } = context.screen;
  if (decision.allowed || context.json)
    answer(context, decision, () =>
      decision.allowed
        ? `${verdictText(decision, out.columns)}\n${previewText(decision, out, verbose)}`
        : "",
    );
  if (!decision.allowed) throw await withMeantTerms(api, body, refusalOf(decision, all));
}
