import type { Failure } from "../../../shared/ports/access-entries.ts";
import type { Invocation } from "../invocation.ts";
import type { CallSite } from "./call-site.ts";

/** The call and its caller. */
export interface CallRequest {
  readonly invocation: Invocation;
  /** Port and method: `requests.save`. */
  readonly operation: string;
  readonly site: CallSite;
  readonly args: readonly unknown[];
  /** Makes the call on the fake, which takes effect at once. */
  readonly apply: () => Promise<unknown>;
  readonly nextRequestId: () => string;
}

/** The call to AWS that failed, and how. */
export interface Uncalled {
  readonly failure: Failure;
  readonly code: string;
  readonly operation: string;
}
