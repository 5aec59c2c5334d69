/** The fate of access that is lent already, as sentences. */
import type { Aftermath } from "../../shared/policy-tools/compare/aftermath.ts";
import { merged } from "./merged-rows.ts";
import { listed, type Mark, shortArns } from "./words.ts";

const SENTENCES: Readonly<Record<Aftermath["kind"], (of: string) => string>> = {
  renamed: (of) =>
    `The deployment is no longer called ${of}. Synthesis refuses that: what ${of} lends would stay with nobody to change it.`,
  "left-while-lending": (of) =>
    `Without being retired, ${of} left the file. Synthesis refuses that: access may be lent there, and nothing could take it away.`,
  "retired-leaves": (of) =>
    `The file has ${of} no more. timelatch deploy asks the API first, and refuses while something is lent there.`,
  retires: (of) => `What is lent on ${of} stays until its end. Nothing new begins there.`,
  "person-leaves": (of) =>
    `What is lent to ${of} stays until its end, or until somebody revokes it.`,
  "rule-lends-less": (of) =>
    `What is lent under ${of} stays until its end, or until somebody revokes it.`,
};

export const aftermathSentences = (items: readonly Aftermath[], mark: Mark): readonly string[] =>
  merged(
    items.map(({ kind, of }) => ({ kind: [kind], of: [of] })),
    ["of"],
  ).map(({ kind: [kind = ""], of }) =>
    SENTENCES[kind as Aftermath["kind"]](listed(shortArns(of), mark)),
  );
