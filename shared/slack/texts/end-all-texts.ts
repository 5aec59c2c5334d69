/** Texts for somebody who ends all of their access in Slack: the question, and the answer. */
import { describeAccessOn } from "../../domain/requests/access-text.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { OwnEnds } from "../../usecases/requests/end-own.ts";
import { refusalText } from "./answer-texts.ts";
import type { ButtonText } from "./button-texts.ts";

const whatOf = ({ access, cluster }: AccessRequest): string =>
  describeAccessOn(access, cluster.name);

/** Slack takes 300 characters: https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
const MOST_NAMED = 180;
const MOST_OF_ONE = 80;

/** @param grants one for each chain of extensions */
export function endAllConfirm(
  grants: readonly AccessRequest[],
): NonNullable<ButtonText["confirm"]> {
  const names: string[] = [];
  for (const grant of grants) {
    const name = whatOf(grant);
    const cut = name.length > MOST_OF_ONE ? `${name.slice(0, MOST_OF_ONE - 1)}…` : name;
    if ([...names, cut].join("; ").length > MOST_NAMED) break;
    names.push(cut);
  }
  const more = grants.length - names.length;
  const others = more > 0 ? `; and ${more} more` : "";
  return {
    title: "End all of your access?",
    text: `${names.join("; ")}${others}. Whatever else was approved by now ends too. Requests that wait for a decision stay.`,
    confirm: "End all",
    deny: "Keep it",
  };
}

const grantsText = (count: number) => (count === 1 ? "1 grant" : `${count} grants`);

/** The outcome, on top of App Home. The proof comes in messages of their own. */
export function endedAllLines({ ended, refused, isCut }: OwnEnds): readonly string[] {
  const over = ended.filter(({ state }) => state === "ending").length;
  const isNothing = over === 0 && refused.length === 0 && !isCut;
  return [
    ...(isNothing ? ["None of your grants was open. Nothing was done."] : []),
    ...(over > 0
      ? [
          `The end of ${grantsText(over)} is stored, with all extensions. A message about each says how it ended, and what something else still gives.`,
        ]
      : []),
    ...refused.map(({ request, error }) => `Not ended: ${whatOf(request)}. ${refusalText(error)}`),
    ...(isCut
      ? ["Only your newest requests were looked at. All of them: timelatch return --all"]
      : []),
  ];
}
