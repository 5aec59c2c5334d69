/** A command that fails after its change was stored does not say that nothing was done. */
import { describe, expect, it } from "vitest";
import { failureOfCommand, nothingStored } from "../../../cli/changes/stored-changes.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { loopbackApi } from "../loopback-api.ts";
import { runHere } from "../run-timelatch.ts";
import { activated, answerTo, approved, asked, idOf } from "../sample-requests.ts";

const ENDING = { ...answerTo(activated(approved(asked()))), state: "ending" } as const;
const SIGNED_OUT = { status: 403, body: { message: "The security token has expired" } } as const;
const unreachable = (notDone: string) =>
  new Failure("unavailable", "cannot-connect", {
    what: "Cannot reach the API.",
    notDone,
    next: ["Next: try later."],
  });

describe("A failure after a change was stored", () => {
  it("A session that expires while a revocation is followed does not deny the revocation", async () => {
    const api = await loopbackApi(({ method }) =>
      method === "POST" ? { body: ENDING } : SIGNED_OUT,
    );
    try {
      const env = { TIMELATCH_API: api.address };
      const { err } = await runHere(["revoke", idOf(1), "--yes", "--wait"], { env });
      expect(err).toContain("did not accept your AWS credentials");
      expect(err).not.toContain("Nothing was done");
      expect(err).toContain(
        `Before that: Your revocation of ${idOf(1)} is stored; the request is ending. Nothing more was done.`,
      );
    } finally {
      await api.close();
    }
  });

  it.each([
    ["Nothing was sent.", " Nothing more was sent."],
    ["Nothing was read.", " Nothing more was read."],
    ["Nothing was undone.", " Nothing more was undone."],
    ["The change may or may not have been made.", " The change may or may not have been made."],
    ["", ""],
  ])("It says the change before it, and then: %s", (notDone, then) => {
    const { text, exit, code } = failureOfCommand(unreachable(notDone), { said: ["It is so."] });
    expect([text.notDone, exit, code]).toEqual([
      ...[`Before that: It is so.${then}`, "unavailable", "cannot-connect"],
    ]);
  });

  it("Where nothing was stored, it says so", () => {
    const failure = unreachable("Nothing was sent.");
    expect(failureOfCommand(failure, { said: [] })).toBe(failure);
    expect(nothingStored({ said: ["It is so."] })).toBeUndefined();
  });
});
