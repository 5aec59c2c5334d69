import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { narrator } from "../../../../lab/sandbox/demo/narrator.ts";

/** The text that a pipe gets while the demo waits for an instant. */
function waitingFor(instant: number): string {
  const pipe = new PassThrough();
  narrator(pipe as unknown as NodeJS.WriteStream, {}).waiting("payments-api ends", instant)();
  return String(pipe.read() ?? "");
}

it("A demo without a terminal names what it waits for, also where that has passed already", () => {
  expect(waitingFor(Date.now() + 60_000)).toBe("  … payments-api ends\n");
  expect(waitingFor(Date.now() - 60_000)).toBe("  … payments-api ends\n");
});
