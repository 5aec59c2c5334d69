import { describe, expect, it } from "vitest";
import { greatestPower, powerOfPolicy } from "../../../../shared/domain/standing/power.ts";

describe("The power of an access policy", () => {
  it.each([
    ["AmazonEKSClusterAdminPolicy", "everything"],
    ["AmazonEKSAdminPolicy", "admin"],
    ["AmazonEKSEditPolicy", "edit"],
    ["AmazonEKSAdminViewPolicy", "secrets"],
    ["AmazonEKSSecretReaderPolicy", "secrets"],
    ["AmazonEKSViewPolicy", "view"],
    ["AmazonEKSHybridPolicy", "unknown"],
    ["AmazonEKSPolicyOfTomorrow", "unknown"],
    ["constructor", "unknown"],
  ])("%s amounts to %s", (name, power) => {
    expect(powerOfPolicy(name)).toBe(power);
  });

  it("The greatest power of several counts, and none of none", () => {
    expect(greatestPower(["view", "edit", "secrets"])).toBe("edit");
    expect(greatestPower(["edit", "unknown"])).toBe("unknown");
    expect(greatestPower([])).toBe("none");
  });
});
