/** The words of `/access` that somebody mistyped ask for nothing, and become no part of the reason. */
import { describe, expect, it } from "vitest";
import { saidIn, slackBroker } from "./slack-front-fixture.ts";

const ASKS = {
  namespaces: "prod edit payments-api",
  "the whole cluster": "staging view cluster",
  groups: "staging eks-admins",
} as const;
const WHY = "INC-4711 stuck rollout";

async function refusalOf(text: string): Promise<string> {
  const slack = slackBroker();
  const { body } = await slack.command("alice", text);
  expect(slack.requests()).toEqual([]);
  return saidIn(body);
}

describe("A mistyped duration in the command", () => {
  it.each([
    ["30min", "30m"],
    ["1hr", "1h"],
    ["1h30", "1h30m"],
    ["-1h", "1h"],
    ["1.5h", "1h30m"],
    ["2H", "2h"],
    ["PT1H", "1h"],
    ["1 h", "1h"],
    ["1h 30m", "1h30m"],
    ["1 hour 30 min", "1h30m"],
  ])("%s asks for nothing, and the answer names %s", async (typed, meant) => {
    for (const ask of Object.values(ASKS)) {
      const said = await refusalOf(`${ask} ${typed} ${WHY}`);
      expect(said).toContain(`\\"${typed}\\" is not a duration; did you mean ${meant}?`);
      expect(said).toContain("such as 90m or 1h30m");
      expect(said).toContain("Nothing was done.");
    }
  });

  it("No time at all asks for nothing, and no duration is proposed", async () => {
    for (const typed of ["0s", "0m", "-0h"])
      expect(await refusalOf(`${ASKS.namespaces} ${typed} ${WHY}`)).toContain(
        `\\"${typed}\\" is not a duration. A duration is one word`,
      );
  });

  it.each([
    "4711 is the ticket",
    "502 errors in checkout",
    "2nd try of the rollout",
    "1h-long outage",
  ])("A reason may begin with a number: %s", async (reason) => {
    for (const time of ["", "1h "]) {
      const slack = slackBroker();
      await slack.command("alice", `${ASKS.namespaces} ${time}${reason}`);
      expect(slack.requests()).toMatchObject([{ reason, durationSeconds: 3_600 }]);
    }
  });
});

describe("Namespaces with blanks between them", () => {
  it.each(["payments-a, payments-b", "payments-a ,payments-b", "payments-a , payments-b"])(
    "%s asks for nothing, and the answer has them as one word",
    async (typed) => {
      for (const rest of [`1h ${WHY}`, `30m ${WHY}`])
        expect(await refusalOf(`prod edit ${typed} ${rest}`)).toContain(
          "with commas and without spaces: payments-a,payments-b.",
        );
    },
  );

  it("A comma after the last namespace leaves the list as it is", async () => {
    const slack = slackBroker();
    await slack.command("alice", `prod edit payments-a, 1h ${WHY}`);
    expect(slack.requests()).toMatchObject([
      { reason: WHY, access: { scope: { namespaces: ["payments-a"] } } },
    ]);
  });
});
