import { describe, expect, it } from "vitest";
import { runHere } from "../run-timelatch.ts";

describe("an unknown word on the command line", () => {
  it.each([
    [
      "findings acknowlege",
      "Unknown command 'findings acknowlege'. Did you mean findings acknowledge?",
    ],
    ["clusters standng", "Unknown command 'clusters standng'. Did you mean clusters standing?"],
    ["audit exprot", "Unknown command 'audit exprot'. Did you mean audit export?"],
    ["aprove", "Unknown command 'aprove'. Did you mean approve?"],
    ["help aprove", "Unknown command 'aprove'. Did you mean approve?"],
    ["help audit exprot", "Unknown command 'audit exprot'. Did you mean audit export?"],
    ["request --clustr prod", "Unknown option '--clustr'. Did you mean --cluster?"],
    ["list --jsn", "Unknown option '--jsn'. Did you mean --json?"],
  ])("timelatch %s suggests what was meant", async (line, said) => {
    const { code, err } = await runHere(line.split(" "));
    expect(code).toBe(2);
    expect(err).toContain(`timelatch: ${said} Nothing was sent.`);
  });

  it("suggests no word that was typed", async () => {
    const { err } = await runHere(["help", "delegations", "help"]);
    expect(err).toMatch(/^timelatch: Unknown command 'delegations help'\. Nothing was sent\./);
  });

  it.each(["nope", "findings nope", "help nope", "audit nope", "list --nope"])(
    "timelatch %s suggests nothing, since all is far away",
    async (line) => {
      const { code, err } = await runHere(line.split(" "));
      expect(code).toBe(2);
      expect(err).toMatch(
        /^timelatch: Unknown (?:command|option) '[^']*nope'\. Nothing was sent\./,
      );
    },
  );
});
