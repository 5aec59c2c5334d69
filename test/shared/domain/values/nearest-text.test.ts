import { describe, expect, it } from "vitest";
import { meantBy, policyMeantBy } from "../../../../shared/domain/values/nearest-text.ts";

const NAMES = ["prod", "staging", "ops", "edit", "payments-admin", "alice", "bob"];
const POLICIES = ["AmazonEKSEditPolicy", "AmazonEKSAdminPolicy", "AmazonEKSViewPolicy"];

describe("the name that was meant", () => {
  it.each([
    ["prdo", "prod"],
    ["PROD", "prod"],
    ["edt", "edit"],
    ["payments-admn", "payments-admin"],
    ["alise", "alice"],
    ["stagign", "staging"],
  ])("%s means %s", (text, name) => {
    expect(meantBy(text, NAMES)).toBe(name);
  });

  it.each(["nope", "x", "", "bo", "production-eu", "sandbox"])(
    "%j means no name, since all are far away",
    (text) => {
      expect(meantBy(text, ["prod", "ops", "staging", "list", "show", "bobby"])).toBeUndefined();
    },
  );

  it("Nothing is meant where there are no names", () => {
    expect(meantBy("prod", [])).toBeUndefined();
  });

  it.each([
    ["AmazonEKSEdtPolicy", "AmazonEKSEditPolicy"],
    ["AmazonEksViewPolcy", "AmazonEKSViewPolicy"],
    ["AmazonEKSNopePolicy", undefined],
  ])("The policy %s means %s: what all names share does not count", (text, name) => {
    expect(policyMeantBy(text, POLICIES)).toBe(name);
  });
});
