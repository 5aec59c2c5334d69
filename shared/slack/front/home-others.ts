/** The parts of App Home about others: who decides for whom, and, for admins, who is suspended. */
import type { Delegation } from "../../domain/delegations/delegation.ts";
import type { Member } from "../../domain/policy/policy.ts";
import type { Stopped } from "../../domain/stops/stops.ts";
import type { Page } from "../../ports/request-store.ts";
import { header, type Json, section } from "../blocks.ts";
import { dateElement, ownMarkup, plainText } from "../shown-text.ts";
import { moreText } from "../texts/form-texts.ts";
import { delegationLine, HOME, HOME_CUT, stopLines } from "../texts/home-texts.ts";

/** The others are counted. */
const MOST_LINES = 3;
const LONGEST_LINE = 300;

/**
 * Delegations to and from somebody; nothing without one.
 *
 * @param page the person's own delegations, by their end
 * @param now ISO 8601 UTC
 */
export function delegationBlocks(
  { items, next }: Page<Delegation>,
  { name }: Pick<Member, "name">,
  now: string,
): readonly Json[] {
  const isCut = next !== undefined;
  if (items.length === 0 && !isCut) return [];
  const [title, hint, command] = HOME.delegations;
  const more = items.length - MOST_LINES;
  const rest = more > 0 ? [moreText(more, command, isCut)] : isCut ? [HOME_CUT(command)] : [];
  return [
    header(title),
    ...items.slice(0, MOST_LINES).map((each) => line(each, name, now)),
    section([...rest, hint]),
  ];
}

function line(delegation: Delegation, name: string, now: string): Json {
  const { text, word, at } = delegationLine(delegation, name, now);
  return {
    type: "context",
    elements: [plainText(text, LONGEST_LINE), ownMarkup(`${word} ${dateElement(at)}`)],
  };
}

/** Everybody who is suspended, and a drain; nothing where nobody is. */
export function stopBlocks(stopped: Stopped): readonly Json[] {
  const [title, hint, command] = HOME.stops;
  const lines = stopLines(stopped);
  const more = lines.length - MOST_LINES;
  if (lines.length === 0) return [];
  const rest = [...(more > 0 ? [moreText(more, command)] : []), hint];
  return [header(title), section([...lines.slice(0, MOST_LINES), ...rest])];
}
