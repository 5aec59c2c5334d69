import { visible } from "../../shared/domain/values/visible-text.ts";
import type { ProblemAnswer } from "../../shared/http/contract/answers.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { flagText } from "../text/pointer-text.ts";
import { EXIT_CODES, type Exit } from "./exit-codes.ts";

/** The next steps, a sentence or a command line each. */
export type NextSteps = readonly [string, ...string[]];

/** The three parts of every failure, and the facts that belong to them. */
interface FailureText {
  /** The thing that happened, in whole sentences. */
  readonly what: string;
  /** The part that was not done, or may have been: a sentence. Empty where `what` says it. */
  readonly notDone: string;
  /** True where nobody knows whether the change was made. */
  readonly unsure?: boolean;
  /** Single findings, a line each. */
  readonly findings?: readonly string[];
  readonly next: NextSteps;
  /** Facts for `--json`, beside the text. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** The API's own problem document, where it answered one. */
  readonly problem?: ProblemAnswer;
}

const SAYS_NOT_DONE = /\bnothing was\b|\bmay or may not\b/i;

/** The part that was not done, unless the API's detail says so itself, as most do. */
export const notDoneUnlessSaid = (words: string, notDone: string): string =>
  SAYS_NOT_DONE.test(words) ? "" : notDone;

/** The command did not succeed, for a reason that is not a bug in it. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly exit: Exit;
  /** A stable word for scripts: `urn:timelatch:cli:<code>` under `--json`. */
  readonly code: string;
  readonly text: FailureText;

  constructor(exit: Exit, code: string, text: FailureText, options?: ErrorOptions) {
    super(detailOf(text), options);
    this.exit = exit;
    this.code = code;
    this.text = text;
  }
}

const detailOf = ({ what, notDone }: FailureText) => `${what} ${notDone}`.trimEnd();

/** The failure for people: what happened, which options are wrong, what to do next. */
export function failureText(failure: Failure, columns: number): string {
  const { findings = [], next, problem } = failure.text;
  const pointers = (problem?.errors ?? []).map(
    (error) => `  ${flagText(error.pointer)}: ${visible(error.detail)}`,
  );
  const lines = [
    `timelatch: ${visible(failure.message)}`,
    ...pointers,
    ...[...findings, ...next].map((line) => `  ${visible(line)}`),
  ];
  return wrapLines(`${lines.join("\n")}\n`, columns);
}

/**
 * The failure for programs, with the exit code. It is the API's problem document unchanged, or the
 * command's own in the same form (RFC 9457).
 */
export function failureDocument({
  exit,
  code,
  message,
  text,
}: Failure): Readonly<Record<string, unknown>> {
  return (
    text.problem ?? {
      type: `urn:timelatch:cli:${code}`,
      title: EXIT_CODES[exit].meaning,
      detail: message,
      ...(text.findings ? { findings: text.findings } : {}),
      next: text.next,
      ...text.facts,
      exitCode: EXIT_CODES[exit].code,
    }
  );
}
