import { expect, it } from "vitest";
import { replayFaults } from "../../../../lab/chaos/look/replayed.ts";

const ID = "01912d68-783e-7a03-8467-5661c1243ad4";
const answer = (requests: number, verdicts: readonly string[]) =>
  JSON.stringify({ requests, contradictions: verdicts.map((verdict) => ({ id: ID, verdict })) });

it.each([
  ["nothing that comes out otherwise", 0, answer(7, []), []],
  ["a broken history, which verification names", 8, answer(7, []), []],
  [
    "requests that come out otherwise",
    8,
    answer(7, ["refused"]),
    [`timelatch policy replay does not hold: 1 fault\nAUDIT#${ID}: refused`],
  ],
  ["no request", 0, answer(0, []), ["timelatch policy replay judged no request of the archive."]],
  ["a command that fails", 2, "", ["timelatch policy replay ended with 2: what it said"]],
])("A replay with %s is told as such", (_, code, stdout, faults) => {
  expect(replayFaults({ code, stdout, stderr: "what it said" })).toEqual(faults);
});
