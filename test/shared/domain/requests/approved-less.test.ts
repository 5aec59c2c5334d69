import { expect, it } from "vitest";
import { anOffer, aRequest } from "../../../../lab/fakes/builders.ts";
import { approvedLess } from "../../../../shared/domain/requests/approved-less.ts";

const shorter = (durationSeconds: number) => ({ durationSeconds });
const asked = aRequest();
const once = anOffer(asked, shorter(1_800), "pending").request;
const twice = anOffer(once, shorter(900)).request;
const terms = ({ access, durationSeconds, digest }: typeof asked) => ({
  access,
  durationSeconds,
  digest,
});

it("Each approval for less is named with the terms before and after it, the oldest first", () => {
  expect(approvedLess(asked)).toEqual([]);
  expect(approvedLess(once)).toEqual([{ by: "bob", before: terms(asked), after: terms(once) }]);
  expect(approvedLess(twice)).toEqual([
    { by: "bob", before: terms(asked), after: terms(once) },
    { by: "bob", before: terms(once), after: terms(twice) },
  ]);
});

it("It has the note of that very approval, and none where it has none", () => {
  const [first, second] = twice.approvals;
  if (!first || !second) throw new Error("There are no two approvals.");
  const approvals = [first, { ...second, note: "a quarter is enough" }];
  const notes = approvedLess({ ...twice, approvals }).map((each) => each.note);
  expect(notes).toEqual([undefined, "a quarter is enough"]);
});

it("It names who gave that very approval, and nobody where none is for those terms", () => {
  const [first, second] = twice.approvals;
  if (!first || !second) throw new Error("There are no two approvals.");
  const approvals = [{ ...second, person: "carol" }, first];
  expect(approvedLess({ ...twice, approvals }).map(({ by }) => by)).toEqual(["bob", "carol"]);
  expect(approvedLess({ ...twice, approvals: [first] }).map(({ by }) => by)).toEqual([
    "bob",
    "Somebody",
  ]);
});
