import { visible } from "../../shared/domain/values/visible-text.ts";
import {
  type PolicyReplay,
  type Replay,
  replayPolicy,
} from "../../shared/policy-tools/replay/replay-policy.ts";
import { answer, type Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { cannotReadText } from "../failures/file-error.ts";
import { readPolicy } from "../policy/read-policy.ts";
import { type RecordedFiles, recordedFiles } from "../policy/recorded-files.ts";
import { countsOf, replayText } from "../policy/replay-text.ts";
import { momentOption } from "../prompts/moment-option.ts";

export interface PolicyReplayOptions {
  /** Folders or files of the archive, or exports. */
  readonly archive: readonly string[];
  /** Days or instants between which the requests were asked. */
  readonly from?: string;
  readonly to?: string;
}

/**
 * `timelatch policy replay`: judges each request of the record under another policy, at its own instants.
 *
 * @throws Failure `usage`; `faulty` for a policy that is not sound; `unverified` where a request comes out
 *   otherwise under its own policy, or the record is broken: after the answer
 */
export async function policyReplay(
  context: Context,
  file: string,
  { archive, from, to }: PolicyReplayOptions,
): Promise<void> {
  const since = from === undefined ? "" : momentOption("--from", from, usage);
  const until = to === undefined ? context.now() : momentOption("--to", to, usage);
  const policy = await readPolicy(file);
  const record = await read(archive);
  const found = replayPolicy(policy, record, ({ asks: [first] }) => {
    return since <= first.at && first.at < until;
  });
  answer(context, documentOf(found, record), () => replayText(found, file, context.screen.out));
  const faults = faultsOf(found, record);
  if (faults.length > 0) throw doesNotAgree(faults, found);
}

const documentOf = (found: PolicyReplay, { broken }: RecordedFiles) => ({
  requests: found.replays.length,
  counts: countsOf(found),
  differences: found.replays.filter(({ replayed }) => replayed.verdict !== "same").map(entryOf),
  contradictions: found.contradictions.map(entryOf),
  missingPolicies: found.missingPolicies,
  cutChains: found.cutChains,
  broken,
});

const entryOf = ({ id, request, at, grantedBy, replayed, isAssumed }: Replay) => ({
  id,
  at,
  requester: request.requester,
  cluster: request.cluster.name,
  access: request.access,
  durationSeconds: request.durationSeconds,
  ruleOfRecord: request.rule,
  grantedBy,
  ...replayed,
  assumed: isAssumed,
});

const MOST_NAMED = 20;

const named = (ids: readonly string[]) =>
  `${ids.slice(0, MOST_NAMED).map(visible).join(", ")}${ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : ""}`;

/** Why the answer is not about the whole record. */
const faultsOf = (
  { contradictions }: PolicyReplay,
  { broken, unreadable, editedPolicies }: RecordedFiles,
): readonly string[] => [
  ...(contradictions.length > 0
    ? [`Otherwise under their own policy: ${named(contradictions.map(({ id }) => id))}.`]
    : []),
  ...(broken.length > 0 ? [`Not judged, since their history is not whole: ${named(broken)}.`] : []),
  ...(unreadable > 0 ? [`Lines that are no records: ${unreadable}.`] : []),
  ...(editedPolicies.length > 0
    ? [`Not the policies of their names: ${named(editedPolicies)}.`]
    : []),
];

const doesNotAgree = (findings: readonly string[], found: PolicyReplay) =>
  new Failure("unverified", "record-not-whole", {
    what: "The answer is not about the whole record, or the record contradicts itself.",
    notDone: "Nothing was changed.",
    findings,
    next: ["Next: verify the archive: timelatch audit verify --key public.pem"],
    facts: { contradictions: found.contradictions.map(({ id }) => id) },
  });

async function read(places: readonly string[]): Promise<RecordedFiles> {
  try {
    const files = await recordedFiles(places);
    if (files.requests.size + files.broken.length + files.unreadable === 0) throw empty(places);
    return files;
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new Failure("usage", "archive-unreadable", {
      what: cannotReadText(error, places.join(", ")),
      notDone: "Nothing was done.",
      next: ["Next: name the folder of the archive, or an export as ndjson."],
    });
  }
}

const empty = (places: readonly string[]) =>
  new Failure("usage", "archive-empty", {
    what: `There is no request in ${places.map(visible).join(", ")}.`,
    notDone: "Nothing was done.",
    next: ["Next: name the folder of the archive, which has records/ and policies/."],
  });

const usage = (what: string) =>
  new Failure("usage", "usage", {
    what,
    notDone: "Nothing was done.",
    next: ["Next: timelatch policy replay --help"],
  });
