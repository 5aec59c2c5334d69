/** The report of a run: what was done, what was seen, and what contradicts a judgement. */
import { attackedIds } from "./judge/attacked.ts";
import { slowestBegin } from "./judge/begins.ts";
import { explaining, lentTimes } from "./judge/bounds.ts";
import { excusedChanges } from "./judge/changes.ts";
import { deadLettersOf } from "./judge/dead-letters.ts";
import { requestsByFacts } from "./judge/facts.ts";
import type { Verdict } from "./judge/judgements.ts";
import { excusedLosses } from "./judge/owners.ts";
import { forgottenIds } from "./judge/restored.ts";
import type { Seen, Violation } from "./judge/seen.ts";
import type { Part } from "./plan/make-plan.ts";
import { isFailed } from "./stage/stage.ts";

export interface Report {
  readonly seed: number;
  readonly minutes: number;
  readonly figures: Readonly<Record<string, number>>;
  /** By kind of action, how often each answer came. */
  readonly actions: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly verdicts: readonly Verdict[];
  /** The intruder's acts, one line each: the instant, the role, and the write. */
  readonly intrusions: readonly string[];
  /** Whether the machine was too slow to judge by. */
  readonly isTooSlow: boolean;
  /** Further facts: dead letters, and a machine that was too slow. */
  readonly remarks: readonly string[];
  /** Runs the same actions again. */
  readonly replay: string;
}

const SECOND = 1_000;

/**
 * How many seconds before the promised end access was last seen, the least of all grants.
 *
 * @param isAllowed whether of the grants that something held up, or of the others
 */
function leastSpare(seen: Seen, isAllowed: boolean): Readonly<Record<string, number>> {
  const times = lentTimes(seen);
  const spares = seen.presences.flatMap((presence) => {
    const [last] = explaining(presence, times).toSorted((a, b) => b.deadline.at - a.deadline.at);
    if (last === undefined || last.deadline.at > last.promised !== isAllowed) return [];
    return [(last.promised - presence.to) / SECOND];
  });
  const name = isAllowed ? "latestEndOfThoseHeldUp" : "latestEndBeforePromise";
  return spares.length === 0 ? {} : { [name]: Math.round(Math.min(...spares) * 10) / 10 };
}

const FAULTS: ReadonlySet<string> = new Set([
  "aws-fault",
  "slack-fault",
  "outside-fault",
  "schedules",
]);
const KILLS: ReadonlySet<string> = new Set([
  "kill-function",
  "stop-function",
  "stop-tables",
  "kill-sandbox",
]);

function figuresOf(seen: Seen): Readonly<Record<string, number>> {
  const { deeds, requests, messages, slow } = seen;
  const times = lentTimes(seen);
  const counted = (kinds: ReadonlySet<string>) =>
    deeds.filter(({ action }) => kinds.has(action.kind)).length;
  const ended = requests.filter(({ request }) => request.state === "ended");
  const calls = requests.flatMap(({ evidence }) => evidence.calls);
  return {
    actions: deeds.length,
    faults: counted(FAULTS),
    kills: counted(KILLS),
    requests: requests.length,
    grantsEnded: ended.length,
    grantsByFacts: requestsByFacts(seen).filter(({ events }) =>
      events.some(({ type }) => type === "activate"),
    ).length,
    judgedByPromiseAlone: times.filter(({ deadline, promised }) => deadline.at <= promised).length,
    judgedWithAllowance: times.filter(({ deadline, promised }) => deadline.at > promised).length,
    ...leastSpare(seen, false),
    ...leastSpare(seen, true),
    slowestBegin: slowestBegin(seen) ?? 0,
    messages: messages.length,
    eventsOnBus: seen.bus.size,
    callsConfirmed: calls.filter(({ state }) => state === "confirmed").length,
    callsMissing: calls.filter(({ state }) => state === "missing").length,
    changesFound: seen.findings.length,
    changesExcused: excusedChanges(seen),
    ownersLossesExcused: excusedLosses(seen),
    ...(seen.restores.length > 0 && { forgottenRequests: forgottenIds(seen).size }),
    ...(seen.attacks.length > 0 && { attackedRequests: attackedIds(seen).size }),
    slowSpans: slow.length,
    settledSeconds: Math.round((seen.settledAt - seen.settlingFrom) / SECOND),
  };
}

function answersOf({ deeds }: Seen): Report["actions"] {
  const kinds = Map.groupBy(deeds, ({ action }) => action.kind);
  const counts = (answers: readonly string[]) =>
    Object.fromEntries(
      [...Map.groupBy(answers, (one) => one)].map(([one, all]) => [one, all.length]),
    );
  return Object.fromEntries(
    [...kinds].map(([kind, done]) => [kind, counts(done.map(({ answer }) => answer))]),
  );
}

/** More than this share of the run, and its ends say little of the broker. */
const MOST_SLOW = 0.25;

/** Whether the machine was too slow to judge by. */
function isTooSlow({ slow, deeds }: Seen): boolean {
  const from = Math.min(...deeds.map((deed) => deed.from));
  const to = Math.max(...deeds.map((deed) => deed.to));
  let lost = 0;
  let until = from;
  // Spans overlap: four runs may be over their time at once.
  for (const span of slow.toSorted((one, other) => one.from - other.from)) {
    lost += Math.max(0, span.to - Math.max(until, span.from));
    until = Math.max(until, span.to);
  }
  return lost > 0 && lost > MOST_SLOW * (to - from);
}

/** A plan has no deed that must fail; people's refusals are answers. */
const failedDeeds = ({ deeds }: Seen): readonly string[] =>
  deeds.filter(isFailed).map(({ action: { kind }, answer, from }) => {
    return `${kind} of ${new Date(from).toISOString()} ${answer}`;
  });

const TOO_SLOW =
  "The machine was too slow to judge by. Ends were judged with an allowance. Run the seed again when it is idle.";

/** @param without what the run had not, so that it is run again without that */
export const reportOf = (
  seen: Seen,
  verdicts: readonly Verdict[],
  minutes: number,
  without: readonly Part[] = [],
): Report => ({
  seed: seen.seed,
  minutes,
  figures: figuresOf(seen),
  actions: answersOf(seen),
  verdicts,
  intrusions: seen.intrusions,
  isTooSlow: isTooSlow(seen),
  remarks: [
    ...seen.remarks,
    ...failedDeeds(seen),
    ...deadLettersOf(seen),
    ...(isTooSlow(seen) ? [TOO_SLOW] : []),
  ],
  replay: `npm run chaos -- --minutes ${minutes} --seed ${seen.seed}${without.map((part) => ` --without ${part}`).join("")}`,
});

const findingText = ({ at, request, detail }: Violation) =>
  `    ${new Date(at).toISOString()} ${request ?? "-"}\n      ${detail}`;

/** The report as text, for people. */
export function reportText(report: Report): string {
  const { actions, figures, verdicts, intrusions, remarks, replay } = report;
  const isClean = verdicts.every(({ findings }) => findings.length === 0);
  return [
    "Actions and answers:",
    ...Object.entries(actions).map(
      ([kind, answers]) =>
        `  ${kind}: ${Object.entries(answers)
          .map(([answer, times]) => `${times}x ${answer}`)
          .join(", ")}`,
    ),
    "",
    ...(intrusions.length > 0 ? ["Writes of the intruder, done or tried:", ...intrusions, ""] : []),
    "Figures:",
    ...Object.entries(figures).map(([name, value]) => `  ${name}: ${value}`),
    "",
    "Judgements:",
    ...verdicts.flatMap(({ sentence, findings }) => [
      `  ${findings.length === 0 ? "holds " : "BROKEN"} ${sentence}`,
      ...findings.map(findingText),
    ]),
    ...(remarks.length > 0 ? ["", ...remarks] : []),
    "",
    isClean && !report.isTooSlow ? `Seed ${report.seed} is clean.` : `Run it again: ${replay}`,
    "",
  ].join("\n");
}
