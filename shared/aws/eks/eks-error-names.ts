/** Gives EKS errors names that mean one thing each. */
import type { CallAnswer } from "../../domain/requests/evidence.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import type { Classified } from "../calls/classify-failure.ts";

const NOT_FOUND = "ResourceNotFoundException";

/** Errors that only their text identifies, and our names for them. */
const BY_TEXT: readonly {
  readonly name: string;
  readonly text: RegExp;
  readonly code: string;
}[] = [
  { name: NOT_FOUND, text: /^No cluster found/i, code: "ClusterNotFound" },
  {
    name: "InvalidRequestException",
    text: /authentication mode must be set to one of/i,
    code: "AuthenticationModeConfigMap",
  },
  {
    name: "InvalidParameterException",
    text: /principalArn is invalid: invalid principal/i,
    code: "InvalidPrincipal",
  },
];

/** Names an error of any call to EKS. */
export function namedByText(failed: Classified, message: string): Classified {
  const known = BY_TEXT.find(({ name, text }) => name === failed.code && text.test(message));
  return known ? { ...failed, code: known.code } : failed;
}

/**
 * Names an error of a call for an entry that may be new. EKS may not find an entry just after its
 * creation. https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
export function namedForNewEntry(failed: Classified, message: string): Classified {
  const notYet = failed.code === NOT_FOUND && /principalArn could not be found/i.test(message);
  return notYet ? { ...failed, failure: "throttled" } : namedByText(failed, message);
}

/** The answer, or only the record if EKS did not find the resource. */
export async function orAbsent<Answer extends { readonly record: CallAnswer }>(
  answer: Promise<Answer>,
): Promise<Answer | { readonly record: CallAnswer }> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CallFailed && error.code === NOT_FOUND) return { record: error.record };
    throw error;
  }
}

/** EKS's answer lacks a member that it always has, so the state is unknown. */
export const incomplete = (record: CallAnswer, missing: string): CallFailed =>
  new CallFailed(
    "unknown",
    "IncompleteAnswer",
    `${record.operation} answered without ${missing}.`,
    {
      ...record,
      result: "IncompleteAnswer",
    },
  );
