/** The finding that a command is about: its id, or the beginning of it. */
import { InvalidArgumentError } from "commander";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { FindingAnswer } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { findingsBetween, openFindings, type Window } from "../api/findings.ts";
import { Failure } from "../failures/failure.ts";
import { findingWords } from "../text/finding-text.ts";

const SHORTEST = 8;
const PREFIX = /^[0-9a-f]{8,32}$/;

/** Reads a finding's id or the beginning of one, for commander. @throws InvalidArgumentError */
export function parseFindingId(text: string): string {
  const id = text.toLowerCase();
  if (PREFIX.test(id)) return id;
  throw new InvalidArgumentError(
    `Write the id, or at least its first ${SHORTEST} characters, as timelatch findings shows it.`,
  );
}

/**
 * The finding whose id begins so: an open one, or else one of those that were recorded in the time.
 *
 * @throws Failure `notFound` where none or several begin with it
 */
export async function findingBeginning(
  api: Api,
  prefix: string,
  window: Window,
): Promise<FindingAnswer> {
  const among = (findings: readonly FindingAnswer[]) =>
    findings.filter(({ findingId }) => findingId.startsWith(prefix));
  const open = among(await openFindings(api));
  // The list of all takes long to read.
  const found = open.length > 0 ? open : among((await findingsBetween(api, window)).findings);
  const [only] = found;
  if (only === undefined) throw nothing(prefix, window);
  if (found.length === 1) return only;
  throw new Failure("notFound", "ambiguous-finding", {
    what: `${found.length} findings begin with ${prefix}.`,
    notDone: "Nothing was done.",
    findings: found.map((one) => `${visible(one.findingId)}  ${one.state}, ${findingWords(one)}`),
    next: ["Next: give more of the id."],
  });
}

const nothing = (prefix: string, { from }: Window) =>
  new Failure("notFound", "no-such-finding", {
    what: `No finding that is open, or was recorded since ${from}, begins with ${prefix}.`,
    notDone: "Nothing was done.",
    next: [
      "Next: check the id with timelatch findings --all, or give an earlier --from for an older one.",
    ],
  });
