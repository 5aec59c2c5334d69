/** The terms of a request that ended, handed to the form. They stay in memory: no address fills it. */
import type { RequestSummary } from "../../../shared/http/contract/answers.ts";

let wanted: RequestSummary | undefined;

export function askTheSame(request: RequestSummary): void {
  wanted = request;
}

/** Gives them once. */
export function takeTheSame(): RequestSummary | undefined {
  const taken = wanted;
  wanted = undefined;
  return taken;
}
