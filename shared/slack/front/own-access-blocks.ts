/** The reader's access now, as blocks of App Home: by anybody's grant, and standing access. */
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { stoppedAnswer } from "../../http/contract/stopped-answer.ts";
import type { OwnAccess } from "../../usecases/access/own-access.ts";
import { header, type Json, section } from "../blocks.ts";
import { dateElement, ownMarkup, plainText } from "../shown-text.ts";
import {
  accessLine,
  OWN_ACCESS,
  ownAccessNotes,
  type When,
  whenOf,
} from "../texts/own-access-texts.ts";

/**
 * The most lines that are shown, a block each. With a title, a stop and notes that is eight blocks.
 */
const MOST_LINES = 5;
const LONGEST_LINE = 300;

export function ownAccessBlocks(policy: AccessPolicy, own: OwnAccess): readonly Json[] {
  const nameOf = (arn: string): string =>
    Object.entries(policy.clusters).find(([, cluster]) => cluster.arn === arn)?.[0] ?? arn;
  const { access, stop } = own;
  const notes = ownAccessNotes(own, access.length - MOST_LINES, nameOf);
  return [
    header(OWN_ACCESS.title),
    ...(stop ? [section(stoppedAnswer(stop).detail)] : []),
    ...access
      .slice(0, MOST_LINES)
      .map((each) => line(accessLine(each, nameOf(each.clusterArn)), whenOf(each))),
    section(notes),
  ];
}

/** Names of groups are written by others, so they stand in plain text alone. */
const line = (what: string, { word, at }: When): Json => ({
  type: "context",
  elements: [
    plainText(what, LONGEST_LINE),
    ownMarkup(at === undefined ? word : `${word} ${dateElement(at)}`),
  ],
});
