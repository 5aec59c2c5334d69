/**
 * `timelatch approve --duration 30m --namespace a`: the terms that an approver leaves of those
 * asked for.
 */
import { describeTerms } from "../../shared/domain/requests/access-text.ts";
import type { Access } from "../../shared/domain/requests/request.ts";
import { parseDuration } from "../../shared/domain/values/duration.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { Failure } from "../failures/failure.ts";

export interface LesserTermsOptions {
  readonly duration?: string;
  readonly namespace?: readonly string[];
}

/** The member `less` of a decision. */
interface Less {
  readonly duration?: string;
  readonly namespaces?: readonly string[];
}

/** @returns undefined where all of it is approved @throws Failure `usage` for what is no duration */
export function lessOf({ duration, namespace }: LesserTermsOptions): Less | undefined {
  if (duration === undefined && namespace === undefined) return undefined;
  if (duration !== undefined) secondsOf(duration);
  return {
    ...(duration === undefined ? {} : { duration }),
    ...(namespace === undefined ? {} : { namespaces: namespace }),
  };
}

/**
 * The terms asked for, and those about to be approved in their place; the API judges them again.
 *
 * @throws Failure `refused` for a duration that is longer, or as long and with the same namespaces
 */
export function lessText(request: RequestAnswer, { duration, namespaces }: Less): string {
  const durationSeconds = duration === undefined ? request.durationSeconds : secondsOf(duration);
  if (durationSeconds > request.durationSeconds)
    throw notLess(
      "longer-than-asked",
      `--duration ${duration} is longer than was asked for: ${request.duration}.`,
    );
  if (durationSeconds === request.durationSeconds && namespaces === undefined)
    throw notLess(
      "not-less",
      `--duration ${duration} is as long as was asked for, which is not less.`,
    );
  const access = namespaces === undefined ? request.access : within(request.access, namespaces);
  return [
    `You approve less: ${visible(describeTerms({ access, durationSeconds }))}`,
    `     in place of: ${visible(describeTerms(request))}`,
    "",
  ].join("\n");
}

const notLess = (code: string, what: string) =>
  new Failure("refused", code, {
    what,
    notDone: "Nothing was sent.",
    next: ["Next: name a shorter --duration, or leave it out to approve what was asked for."],
  });

/** The API refuses namespaces of an access that takes no namespaces. */
const within = (access: Access, namespaces: readonly string[]): Access =>
  "policy" in access ? { policy: access.policy, scope: { type: "namespace", namespaces } } : access;

/** The seconds of `--duration`. @throws Failure `usage` */
export function secondsOf(text: string): number {
  try {
    return parseDuration(text, true);
  } catch {
    throw new Failure("usage", "usage", {
      what: `--duration "${text}" is not a duration.`,
      notDone: "Nothing was sent.",
      next: ["Next: write whole hours and minutes, such as 30m or 1h30m."],
    });
  }
}
