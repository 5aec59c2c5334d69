import {
  type PolicyReplay,
  type Replay,
  replayPolicy,
} from "../../shared/policy-tools/replay/replay-policy.ts";
import { answer, type Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { readPolicy } from "../policy/read-policy.ts";
import {
  named,
  type RecordedFiles,
  readRecord,
  recordFaults,
  recordNotWhole,
} from "../policy/recorded-files.ts";
import { countsOf, countsText, replayText } from "../policy/replay-text.ts";
import { pastMoment } from "../prompts/moment-option.ts";

export interface PolicyReplayOptions {
  /** Folders or files of the archive, or exports. */
  readonly archive: readonly string[];
  /** Days or instants between which the requests were asked. */
  readonly from?: string;
  readonly to?: string;
  /** Only how many, since the rest names people. */
  readonly counts?: boolean;
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
  { archive, from, to, counts = false }: PolicyReplayOptions,
): Promise<void> {
  const since = from === undefined ? "" : pastMoment("--from", from, context.now(), usage);
  const until = to === undefined ? context.now() : pastMoment("--to", to, context.now(), usage);
  const policy = await readPolicy(file);
  const record = await readRecord(archive, ["AUDIT", "DELEG"]);
  const found = replayPolicy(policy, record, ({ asks: [first] }) => {
    return since <= first.at && first.at < until;
  });
  const document = counts
    ? { requests: found.replays.length, counts: countsOf(found) }
    : documentOf(found, record);
  answer(context, document, () => {
    const { out } = context.screen;
    return counts ? countsText(found, file, out) : replayText(found, file, out);
  });
  const faults = [...contradictionsText(found), ...recordFaults(record)];
  const contradictions = found.contradictions.map(({ id }) => id);
  if (faults.length > 0) throw recordNotWhole(faults, { contradictions });
}

const documentOf = (found: PolicyReplay, { broken }: RecordedFiles) => ({
  requests: found.replays.length,
  counts: countsOf(found),
  differences: found.replays.filter(({ replayed }) => replayed.verdict !== "same").map(entryOf),
  contradictions: found.contradictions.map(entryOf),
  missingPolicies: found.missingPolicies,
  cutChains: found.cutChains,
  unsaid: found.unsaid,
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

const contradictionsText = ({ contradictions }: PolicyReplay): readonly string[] =>
  contradictions.length > 0
    ? [`Otherwise under their own policy: ${named(contradictions.map(({ id }) => id))}.`]
    : [];

const usage = (what: string) =>
  new Failure("usage", "usage", {
    what,
    notDone: "Nothing was done.",
    next: ["Next: timelatch policy replay --help"],
  });
