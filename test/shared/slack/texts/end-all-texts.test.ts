/** Texts for people who ended all of their access in Slack. */
import { describe, expect, it } from "vitest";
import { BrokerError } from "../../../../shared/domain/values/errors.ts";
import { endedAllLines } from "../../../../shared/slack/texts/end-all-texts.ts";
import { aLife } from "../../../cli/sample-requests.ts";

const { request } = aLife();
const ENDED = { ...request, state: "ending" } as const;
const lines = (of: Partial<Parameters<typeof endedAllLines>[0]>) =>
  endedAllLines({ ended: [], refused: [], isCut: false, ...of });

describe("The answer to End all", () => {
  it("An end is said to be stored, not to be proven", () => {
    expect(lines({ ended: [ENDED] })).toEqual([
      "The end of 1 grant is stored, with all extensions. A message about each says how it ended, and what something else still gives.",
    ]);
  });

  it("Each refusal names its grant and says why", () => {
    const error = new BrokerError(
      "suspended",
      "You are suspended. Nothing was changed; ask an admin.",
    );
    expect(lines({ ended: [ENDED], refused: [{ request, error }] })[1]).toBe(
      "Not ended: AmazonEKSEditPolicy in payments-api on prod. You are suspended. Nothing was changed; ask an admin.",
    );
  });

  it("The inside of a failure is not shown", () => {
    const error = new BrokerError("dependency-unavailable", "ConverseException of table-7");
    const said = lines({ refused: [{ request, error }] });
    expect(said.join(" ")).not.toContain("table-7");
    expect(said.join(" ")).not.toContain("None of your grants");
  });

  it("Requests that were not looked at are named with the command that ends all", () => {
    expect(lines({ isCut: true })).toEqual([
      "Only your newest requests were looked at. All of them: timelatch return --all",
    ]);
  });
});
