/** The verdicts of another policy on the record, as text for a terminal. */
import { describeAccessOn } from "../../shared/domain/requests/access-text.ts";
import { formatDuration } from "../../shared/domain/values/duration.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { PolicyReplay, Replay } from "../../shared/policy-tools/replay/replay-policy.ts";
import type { MissingPeople } from "../../shared/policy-tools/replay/replay-request.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrap } from "../terminal/text-layout.ts";
import { fullTime } from "../text/time-text.ts";
import { listed, plain } from "./words.ts";

/** The verdicts in the order in which they are listed, with their titles. */
const VERDICTS = {
  refused: "refused now",
  "others-needed": "other people needed",
  "nobody-asked": "without a person now",
  longer: "for longer now",
  shorter: "for less time now",
  granted: "granted now",
  same: "as it was decided",
} as const;

type Verdict = keyof typeof VERDICTS;
const NAMES = Object.keys(VERDICTS) as readonly Verdict[];

/** How many requests have each verdict. */
export const countsOf = ({ replays }: PolicyReplay): Readonly<Record<Verdict, number>> =>
  Object.fromEntries(
    NAMES.map((name) => [name, replays.filter((each) => each.replayed.verdict === name).length]),
  ) as Record<Verdict, number>;

/** @param file the policy that judged */
export function countsText(found: PolicyReplay, file: string, out: Stream): string {
  const counts = countsOf(found);
  const number = found.replays.length;
  const head = `${number} ${number === 1 ? "request" : "requests"}, judged again under ${visible(file)}:`;
  const rows = NAMES.filter((name) => counts[name] > 0).map(
    (name) => `${String(counts[name]).padStart(6)}  ${VERDICTS[name]}`,
  );
  return `${[...wrap(head, out.columns), ...rows].join("\n")}\n`;
}

/** The counts, and each request that comes out otherwise. @param file the policy that judged */
export function replayText(found: PolicyReplay, file: string, out: Stream): string {
  const counts = countsOf(found);
  const lists = NAMES.filter((name) => name !== "same" && counts[name] > 0).map((name) =>
    [
      out.paint("bold", titleOf(name)),
      ...found.replays
        .filter((each) => each.replayed.verdict === name)
        .flatMap((each) => entryOf(each, out)),
    ].join("\n"),
  );
  return `${[countsText(found, file, out).trimEnd(), ...lists, [...missingText(found), ...cutText(found), ...unsaidText(found), ...NOT_JUDGED].flatMap((text) => wrap(text, out.columns)).join("\n")].join("\n\n")}\n`;
}

/** A policy that was replaced within an hour may have no file. */
function missingText({ missingPolicies: hashes, replays }: PolicyReplay): readonly string[] {
  if (hashes.length === 0) return [];
  const assumed = replays.filter(({ isAssumed }) => isAssumed).length;
  return [
    `The archive lacks ${hashes.length === 1 ? "a policy" : `${hashes.length} policies`} that judged ${assumed} of these requests, so their rule counts as named: ${hashes.join(", ")}`,
  ];
}

const cutText = ({ cutChains: ids }: PolicyReplay): readonly string[] =>
  ids.length === 0
    ? []
    : [
        `The archive lacks the grants that these extend, so how often and how long was not judged: ${ids.join(", ")}`,
      ];

/** An earlier release did not say what was named. */
const unsaidText = ({ unsaid }: PolicyReplay): readonly string[] =>
  unsaid === 0
    ? []
    : [
        `${unsaid} of these requests do not say whether their duration and principal were named, so both count as named.`,
      ];

const titleOf = (name: Verdict) => `${VERDICTS[name][0]?.toUpperCase()}${VERDICTS[name].slice(1)}`;

/** The record does not have these, so nobody reads the counts as more than they are. */
const NOT_JUDGED = [
  "The record has no request that was refused, so this does not say what a wider policy newly allows: timelatch policy prove, timelatch policy diff.",
  "Limits of how many requests and grants there may be, suspensions, and whether a cluster was ready, were not judged again.",
];

function entryOf({ id, request, at, isAssumed, replayed }: Replay, out: Stream): readonly string[] {
  const { requester, access, cluster, durationSeconds, rule } = request;
  const about = `${visible(requester)}, ${fullTime(at)}, by ${visible(rule)}: ${describeAccessOn(access, cluster.name)} for ${formatDuration(durationSeconds)}`;
  const indented = (text: string, by: number) =>
    wrap(text, out.columns - by).map((line) => `${" ".repeat(by)}${line}`);
  return [
    `  ${id}`,
    ...indented(visible(about), 4),
    ...indented(visible(`${reasonOf(replayed)}${isAssumed ? " (assumed)" : ""}`), 4),
  ];
}

function reasonOf(replayed: Replay["replayed"]): string {
  // The rest of a refusal is advice to somebody who asks now.
  if (replayed.verdict === "refused") return replayed.detail.split(" Nothing was stored")[0] ?? "";
  if (replayed.verdict === "others-needed") {
    const isAnybodyLeft = replayed.missing.every(({ count, people }) => people.length >= count);
    const rest = isAnybodyLeft ? "Nobody asked them." : "So it could not be approved.";
    return `${replayed.rule} needs ${replayed.missing.map(peopleText).join(", and ")}. ${rest}`;
  }
  if (replayed.verdict === "longer" || replayed.verdict === "shorter")
    return `${replayed.rule} lends for ${formatDuration(replayed.durationSeconds)} where nobody says how long.`;
  return replayed.verdict === "nobody-asked"
    ? `${replayed.rule} grants it without an approval.`
    : `${replayed.rule} needs no more approvals than it had.`;
}

const peopleText = ({ count, groups, people }: MissingPeople): string =>
  `${count} more of ${groups.join(" or ")}${people.length > 0 ? ` (${listed(people, plain)})` : ", which has nobody else"}`;
