/** Every sentence that a run is judged by. */
import { ANSWERS } from "./answers.ts";
import { ARCHIVE } from "./archive.ts";
import { ofOthers } from "./attacked.ts";
import { BEGINS } from "./begins.ts";
import { BOUNDS } from "./bounds.ts";
import { BUS } from "./bus.ts";
import { CALLS } from "./calls.ts";
import { CHAINS } from "./chains.ts";
import { CHANGES } from "./changes.ts";
import { DEAD_LETTERS } from "./dead-letters.ts";
import { DECIDERS } from "./deciders.ts";
import { ENDS } from "./ends.ts";
import { FACTS } from "./facts.ts";
import { GRANTS } from "./grants.ts";
import { INTRUDER } from "./intruder.ts";
import { KEPT } from "./kept.ts";
import { KUBECTL } from "./kubectl.ts";
import { LINKS } from "./links.ts";
import { NOTICES } from "./notices.ts";
import { OWNERS } from "./owners.ts";
import { PROOFS } from "./proofs.ts";
import { ofRemembered, ofShown } from "./restored.ts";
import { RESTORED } from "./restores.ts";
import type { Judgement, Seen, Violation } from "./seen.ts";
import { SUMMARIES } from "./summaries.ts";

const LEFTOVERS: Judgement = {
  sentence: "No process, port or file is left.",
  judge: ({ leftovers, settledAt }) => leftovers.map((detail) => ({ at: settledAt, detail })),
};

/** An intruder's session has another role, which has the function's rights. */
const RIGHTS: Judgement = {
  sentence: "No function lacks a right for what it calls.",
  judge: ({ refusedCalls, settledAt }) =>
    refusedCalls.map((detail) => ({ at: settledAt, detail, isFinal: true as const })),
};

const JUDGEMENTS: Readonly<Record<string, Judgement>> = {
  bounds: BOUNDS,
  intruder: INTRUDER,
  restored: RESTORED,
  begins: ofOthers(ofRemembered(BEGINS)),
  ends: ofOthers(ofRemembered(ENDS)),
  proofs: ofOthers(ofRemembered(PROOFS)),
  kept: KEPT,
  grants: ofOthers(ofRemembered(GRANTS)),
  facts: FACTS,
  answers: ANSWERS,
  links: ofOthers(ofRemembered(LINKS)),
  deciders: ofOthers(DECIDERS),
  owners: OWNERS,
  chains: ofOthers(CHAINS),
  archive: ARCHIVE,
  calls: ofOthers(ofShown(CALLS)),
  changes: CHANGES,
  summaries: ofOthers(ofShown(SUMMARIES)),
  bus: ofOthers(ofShown(BUS)),
  notices: ofOthers(ofShown(NOTICES)),
  "dead-letters": DEAD_LETTERS,
  rights: RIGHTS,
  kubectl: KUBECTL,
  leftovers: LEFTOVERS,
};

/** A judgement with what contradicts it. */
export interface Verdict {
  readonly name: string;
  readonly sentence: string;
  readonly findings: readonly Violation[];
}

export const verdictsOn = (seen: Seen): readonly Verdict[] =>
  Object.entries(JUDGEMENTS).flatMap(([name, { sentence, judge, applies }]) =>
    applies && !applies(seen) ? [] : { name, sentence, findings: judge(seen) },
  );
