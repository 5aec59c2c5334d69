/** Ways in which an ask for several things fails. */
import { failureOfAnswer } from "../../../cli/api/answer-failure.ts";
import { checkAsAsked, decidedInPart } from "../../../cli/commands/decide-together.ts";
import { requestSeveral } from "../../../cli/commands/request-several.ts";
import { checkNoWait, type GivenTerm, severalTerms } from "../../../cli/prompts/several-terms.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { REFUSED } from "../sample-access.ts";
import { idOf } from "../sample-requests.ts";

const cluster = (value: string): GivenTerm => ({ name: "cluster", value });
const TWO: readonly GivenTerm[] = [
  { name: "reason", value: "INC-1 why" },
  cluster("prod"),
  { name: "group", value: ["g"] },
  cluster("staging"),
  { name: "group", value: ["g"] },
];

export const SEVERAL_WAYS: Readonly<Record<string, () => unknown>> = {
  "six clusters at once": () => severalTerms("abcdef".split("").map(cluster)),
  "a policy before the first of several clusters": () =>
    severalTerms([{ name: "policy", value: "edit" }, cluster("prod"), cluster("staging")]),
  "several clusters and --wait": () => checkNoWait({ wait: true }),
  "several decisions of which the API refused one": () =>
    decidedInPart(
      [`${idOf(2)}, AmazonEKSEditPolicy in payments-api on prod for 1h: It is denied.`],
      1,
    ),
  "several decisions for less": () => checkAsAsked({}, undefined),
  "several decisions and --wait": () =>
    checkAsAsked(undefined, { byDefault: false, timeoutSeconds: null }),
  "an ask of which parts would be refused": () =>
    requestSeveral(
      fakeTerminal({ api: fakeApi(() => REFUSED), interactive: true }).context,
      severalTerms(TWO) ?? [],
      {},
    ),
  "an ask of which a part is refused": () =>
    failureOfAnswer(
      { method: "POST", path: "/v1/asks", idempotencyKey: "key-1" },
      {
        status: 409,
        headers: new Headers(),
        text: JSON.stringify({
          type: "urn:timelatch:problem:ask-refused",
          title: "A part of the ask is refused, so nothing is stored",
          status: 409,
          detail:
            "Part 2 of 2 is refused, and an ask is stored whole or not at all. Nothing was stored; correct what `parts` names, or leave it out, and ask again.",
          parts: [
            {
              part: 2,
              problem: "duplicate-request",
              detail:
                "The same access is already requested and pending. Nothing was written; wait for a decision, or cancel that request first.",
              id: "018f",
            },
          ],
        }),
      },
    ),
};
