/** Which finding a command is about: its id, or the beginning of it. */
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
 * The finding whose id begins so: an open one, or any of those that were recorded between.
 *
 * @throws Failure `notFound` where none or several begin with it
 */
export async function findingBeginning(
  api: Api,
  prefix: string,
  between: Window,
): Promise<FindingAnswer> {
  const among = (findings: readonly FindingAnswer[]) =>
    findings.filter(({ findingId }) => findingId.startsWith(prefix));
  const open = among(await openFindings(api));
  // An open one may be another whose id begins alike, so a whole id alone ends the search.
  const found = open[0]?.findingId === prefix ? open : await withOthers(api, open, between, among);
  const [only] = found;
  if (only === undefined) throw nothing(prefix, between);
  if (found.length === 1) return only;
  throw new Failure("notFound", "ambiguous-finding", {
    happened: `${found.length} findings begin with ${prefix}.`,
    undone: "Nothing was done.",
    findings: found.map((one) => `${visible(one.findingId)}  ${one.state}, ${findingWords(one)}`),
    next: ["Next: give more of the id."],
  });
}

async function withOthers(
  api: Api,
  open: readonly FindingAnswer[],
  between: Window,
  among: (findings: readonly FindingAnswer[]) => readonly FindingAnswer[],
): Promise<readonly FindingAnswer[]> {
  const { findings } = await findingsBetween(api, between);
  const known = new Set(open.map(({ findingId }) => findingId));
  return [...open, ...among(findings).filter(({ findingId }) => !known.has(findingId))];
}

const nothing = (prefix: string, { from }: Window) =>
  new Failure("notFound", "no-such-finding", {
    happened: `No finding that is open, or was recorded since ${from}, begins with ${prefix}.`,
    undone: "Nothing was done.",
    next: [
      "Next: check the id with timelatch findings --all, or give an earlier --from for an older one.",
    ],
  });
