import { visible } from "../../shared/domain/values/visible-text.ts";
import type { ProblemAnswer } from "../../shared/http/contract/answers.ts";
import type { RefusedPart } from "../../shared/http/contract/asked-answer.ts";

/** A line for each refused part of an ask for several things, with why; none for every other problem. */
export function partLines({ parts }: ProblemAnswer): readonly string[] {
  const list = Array.isArray(parts) ? (parts as readonly Partial<RefusedPart>[]) : [];
  return list.map(({ part, problem, detail }) => visible(`Part ${part}: ${detail} (${problem})`));
}
