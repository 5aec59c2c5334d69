/** A call that did not succeed, in words for people. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { ProblemAnswer } from "../../shared/http/contract/answers.ts";

export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  /** The last word of the problem's type: `digest-mismatch`. */
  readonly code: string;
  /** The next steps, a line each, where the console knows some. */
  readonly next: readonly string[];

  constructor(status: number, code: string, detail: string, next: readonly string[] = []) {
    super(detail);
    this.status = status;
    this.code = code;
    this.next = next;
  }
}

/** The problem of an answer that is no success. */
export function problemOf(status: number, document: unknown): Problem {
  const {
    type = "",
    title,
    detail,
    errors = [],
    next,
  } = (document ?? {}) as Partial<ProblemAnswer>;
  const faults = errors.map((fault) => `${fault.pointer}: ${fault.detail}`);
  const text = detail ?? title ?? `The console answered ${status}.`;
  const lines = Array.isArray(next) ? next.map(String) : [];
  const code = type.split(":").at(-1) ?? "";
  return new Problem(status, code, visible(text), [...faults, ...lines].map(visible));
}

/** Whether the change was surely not made: somebody refused it. Any other answer may have come after it. */
export const isRefusal = ({ status }: Pick<Problem, "status">): boolean =>
  status >= 400 && status < 500;

/** The problem of an API that an older release serves: it does not know the operation. */
export const isUnknownThere = (problem: Problem | undefined): boolean =>
  problem?.code === "route-not-found";
