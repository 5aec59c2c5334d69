/** The dead letters that somebody must look at. */
import { expect, it } from "vitest";
import { deadBodies } from "../../../../lab/chaos/look/dead-letters.ts";

it("A fuse whose access was gone already is harmless, and every other dead letter is reported", () => {
  const fuse = (code: string) => ({
    Body: code,
    MessageAttributes: { ERROR_CODE: { StringValue: code } },
  });
  const messages = [
    fuse("ResourceNotFoundException"),
    fuse("AccessDeniedException"),
    { Body: "a run" },
  ];
  expect(deadBodies(messages)).toEqual(["AccessDeniedException", "a run"]);
});
