/** The text of suggestions for a terminal, and the patch of the policy. */
import path from "node:path";
import { createTwoFilesPatch } from "diff";
import {
  UNKNOWN_USES,
  type UnknownUse,
} from "../../shared/domain/evidence/activity/used-access.ts";
import { visible, visibleLines } from "../../shared/domain/values/visible-text.ts";
import {
  LEAST_GRANTS,
  type LessAccess,
  type Smaller,
} from "../../shared/policy-tools/suggest/less-access.ts";
import type { RuleSuggestion, Silence } from "../../shared/policy-tools/suggest/suggest-policy.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrap } from "../terminal/text-layout.ts";
import { counted } from "../text/bundle-text.ts";
import { listed, plain } from "./words.ts";

export interface Suggestions {
  readonly found: readonly RuleSuggestion[];
  /** Empty where the policy stays as it is. */
  readonly patch: string;
  /** Rules that only a person can edit. */
  readonly byHand: readonly string[];
}

/** A patch that `git apply` takes in this folder; empty where nothing changes. */
export function patchOf(file: string, before: string, after: string): string {
  const below = path.relative(process.cwd(), file);
  const name = below.startsWith("..") || path.isAbsolute(below) ? path.basename(file) : below;
  return before === after
    ? ""
    : createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, undefined, undefined, {
        headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
      });
}

export function suggestionText({ found, patch, byHand }: Suggestions, out: Stream): string {
  const blocks = found.map((each) => ruleText(each, out));
  const notes = [
    ...byHand.map((rule) => `${visible(rule)} has a comment inside a list, so edit it by hand.`),
    ...(patch === "" ? ["The policy stays as it is."] : NOTES),
  ].flatMap((text) => wrap(text, out.columns));
  const all = [
    ...blocks,
    notes.join("\n"),
    ...(patch === "" ? [] : [visibleLines(patch.trimEnd())]),
  ];
  return `${all.join("\n\n")}\n`;
}

/** So that nobody reads more into it. */
const NOTES = [
  "This is what was done in those grants. It does not say what people will need.",
  "Save the patch, read it, and apply it with git apply. A deployment asks the policy's tests first.",
];

const SILENT: Readonly<Record<Silence, string>> = {
  "break-glass":
    "Nothing is suggested for break-glass: nobody knows beforehand what an emergency needs.",
  groups: "Nothing is suggested: only the cluster knows what its groups may do.",
  "too-few": `Nothing is suggested: ${LEAST_GRANTS} grants that were used are the least that say anything.`,
};

const UNKNOWN: Readonly<Record<UnknownUse, string>> = {
  "no-summary": "the record has no summary of what was done",
  "logging-off": "the cluster did not log what was done",
  "too-large": "the audit log was too large to read",
  cut: "the summary is cut",
  unpublished: "AWS does not publish the rules of the policy",
  "as-others": "something was done as somebody else",
  beyond: "the published rules do not permit what was done",
  "gave-rights": "a role or a binding was written",
};

function ruleText(suggestion: RuleSuggestion, out: Stream): string {
  const { rule, grants, used, unused, first, last, silence, less } = suggestion;
  const isKnown = used + unused === grants;
  const span = first && last ? `, asked ${first.slice(0, 10)} to ${last.slice(0, 10)} UTC` : "";
  const head = `${visible(rule)}: ${counted(grants, "grant")}${span}${grants > 0 ? `; ${used} used, ${unused} unused` : ""}`;
  const lines = [
    ...unknownText(suggestion),
    ...(silence === null ? [] : [SILENT[silence]]),
    ...(less ? lessText(less, isKnown) : []),
  ];
  return [
    ...wrap(head, out.columns).map((line) => out.paint("bold", line)),
    ...lines.flatMap((text) => wrap(text, out.columns - 2).map((line) => `  ${line}`)),
  ].join("\n");
}

function unknownText({ unknown, less }: RuleSuggestion): readonly string[] {
  const whys = UNKNOWN_USES.filter((why) => unknown[why] > 0).map(
    (why) => `${counted(unknown[why], "grant")}: ${UNKNOWN[why]}`,
  );
  if (whys.length === 0) return [];
  const so = less ? " So nothing is taken out of the rule." : "";
  const where = unknown["no-summary"] > 0 ? " The archive has summaries; an export has none." : "";
  return [`Nobody can say what these needed. ${whys.join("; ")}.${where}${so}`];
}

function lessText(less: LessAccess, isKnown: boolean): readonly string[] {
  const { add, choose, remove, removeNamespaces, namespaces, kinds } = less;
  const lines = [
    ...choose.map((each) => `${sufficedText(each)} The rule lends it already.`),
    ...add.map((each) => `${sufficedText(each)} The patch adds it.`),
    ...remove.map(
      ({ policy, grants }) =>
        `No grant needed ${policy}; ${grants === 0 ? "nobody asked for it" : `${counted(grants, "grant")} had it`}. The patch takes it out.`,
    ),
    ...removeNamespaces.map(
      (pattern) => `Nothing was done in ${visible(pattern)}. The patch takes it out.`,
    ),
    ...(namespaces === null
      ? []
      : [
          `All was done in ${listed(namespaces, plain)}. The patch lends these, and not the cluster.`,
        ]),
  ];
  if (lines.length === 0)
    return [
      `Nothing is suggested: no smaller policy would have sufficed in ${LEAST_GRANTS} grants and in half of all.${isKnown ? " Nothing is taken out of the rule." : ""}`,
    ];
  return kinds.after < kinds.before
    ? [
        ...lines,
        `The rule then permits ${kinds.after} kinds of request of AWS's table, in place of ${kinds.before}.`,
      ]
    : lines;
}

const sufficedText = ({ policy, than, sufficed, of }: Smaller): string =>
  `${policy} would have sufficed in ${sufficed} of ${counted(of, "grant")} of ${than}.`;
