import type { ApproversOf } from "./approvers.ts";
import type { AllowedAsk, RefusedAsk } from "./judge-ask.ts";
import type { Permits } from "./permits.ts";
import type { Warning } from "./warnings.ts";

export type Preview = PreviewedRequest | RefusedAsk;

/** The request as it would be, with what is good to know before asking. */
interface PreviewedRequest extends AllowedAsk {
  readonly requirements: readonly ApproversOf[];
  readonly permits: Permits;
  readonly warnings: readonly Warning[];
}
