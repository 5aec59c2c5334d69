import { describe, expect, it } from "vitest";
import { accessColumns } from "../../../cli/text/person-access-text.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { EffectiveAccessAnswer } from "../../../shared/http/contract/person-access-answer.ts";

const NOW = "2026-11-24T10:00:00.000Z";

const ENDING: EffectiveAccessAnswer = {
  cluster: "prod",
  principalArn: "arn:aws:iam::111122223333:role/alice",
  policy: "AmazonEKSEditPolicy",
  elements: ["ns/payments-api"],
  state: "ending",
  by: "01a22810-0000-7000-8000-000000000001",
  from: null,
  until: plusSeconds(NOW, 120),
  asOf: null,
};

const when = (each: EffectiveAccessAnswer) =>
  accessColumns(NOW)
    .find(({ title }) => title === "WHEN")
    ?.text(each);

describe("When access ends, in words", () => {
  it("Access that is being removed is to be gone by the last instant of its grant", () => {
    expect(when(ENDING)).toMatch(/^to be gone by /);
  });

  it("Once that instant has passed, nothing says that it is gone", () => {
    expect(when({ ...ENDING, until: null })).toBe("overdue, not read back as gone");
  });

  it("Access that is there lasts until its end", () => {
    expect(when({ ...ENDING, state: "there" })).toMatch(/^until /);
  });
});
