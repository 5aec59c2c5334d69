/** Delegations, for people. */
import type { DelegationState } from "../../shared/domain/delegations/delegation.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { DelegationAnswer } from "../../shared/http/contract/delegation-answer.ts";
import type { Fact } from "../terminal/facts.ts";
import type { Style } from "../terminal/screen.ts";
import type { Column } from "../terminal/table.ts";
import { shortIds } from "./short-ids.ts";
import { awayText, fullTime, leftText, shortTime } from "./time-text.ts";

/** As it is asked for, or as it is stored. */
interface Shown {
  readonly id?: string;
  readonly by: string;
  readonly to: string;
  /** Null for at once. */
  readonly from: string | null;
  readonly until: string;
}

/** The facts that somebody confirms. */
export function delegationFacts(shown: Shown, now: string): readonly Fact[] {
  const { id, by, to, from, until } = shown;
  const time = (instant: string) => `${fullTime(instant)}, ${awayText(instant, now)}`;
  return [
    ...(id === undefined ? [] : [["Id", visible(id)] as const]),
    ["Delegator", visible(by)],
    ["Delegate", visible(to)],
    ["From", from === null ? "at once" : time(from)],
    ["Until", time(until)],
    ["Also for", "what is pending already"],
  ];
}

/** The delegation that somebody made. */
export const madeText = ({ id, to, from, until, state }: DelegationAnswer, now: string): string =>
  [
    `${visible(to)} may approve for you ${state === "coming" ? `from ${shortTime(from, now)} ` : ""}until ${leftText(shortTime(until, now), until, now)}.`,
    "You may still approve yourself, and together you count once.",
    "End it early:",
    `  timelatch delegations end ${visible(id)}`,
    "",
  ].join("\n");

/**
 * How a delegation ended, and which others let the same person approve for the same delegator.
 *
 * @param open delegations that were read after the end; undefined where they could not be read
 */
export function endedText(
  { by, to, id }: DelegationAnswer,
  open: readonly DelegationAnswer[] | undefined,
  now: string,
): string {
  const who = `${visible(to)}`;
  const [decided, next] = ["What was decided stays decided.", "  timelatch delegations"];
  if (!open)
    return `This delegation has ended. ${decided}\nNot read: whether another lets ${who} approve for ${visible(by)}. See it:\n${next}\n`;
  const others = open.filter((each) => each.by === by && each.to === to && each.id !== id);
  if (others.length === 0)
    return `Ended: ${who} may no longer approve for ${visible(by)}. ${decided}\n`;
  const lines = others.map((each) => [
    `${who} ${each.state === "coming" ? "will be able to" : "STILL may"} approve for ${visible(by)} by delegation ${visible(each.id)}, until ${shortTime(each.until, now)}.`,
    `  timelatch delegations end ${visible(each.id)}`,
  ]);
  return `${["This delegation has ended.", ...lines.flat(), decided].join("\n")}\n`;
}

const STYLES: Readonly<Record<DelegationState, Style>> = {
  coming: "yellow",
  "in-force": "green",
  over: "dim",
  ended: "dim",
};

/** The columns of a list of delegations, as seen at `now`. */
export function delegationColumns(
  now: string,
  delegations: readonly DelegationAnswer[],
): readonly Column<DelegationAnswer>[] {
  const short = shortIds(delegations.map(({ id }) => id));
  return [
    { title: "ID", text: ({ id }) => visible(short.get(id) ?? id) },
    { title: "DELEGATOR", text: ({ by }) => visible(by), least: 6 },
    { title: "DELEGATE", text: ({ to }) => visible(to), least: 8 },
    {
      title: "STATE",
      text: ({ state }) => (state === "in-force" ? "in force" : visible(state)),
      style: ({ state }) => STYLES[state],
    },
    { title: "FROM", text: ({ from }) => shortTime(from, now), least: 12 },
    { title: "UNTIL", text: ({ until }) => shortTime(until, now), least: 12 },
  ];
}
