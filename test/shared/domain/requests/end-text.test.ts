import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import type { EndProof } from "../../../../shared/domain/requests/end-proof.ts";
import { endText } from "../../../../shared/domain/requests/end-text.ts";

const PROVEN: EndProof = { hadBegun: true, readAt: T0, stayed: [], stayedBy: [] };

describe("How a grant ended", () => {
  it.each<readonly [string, EndProof | undefined, string]>([
    ["an end that an earlier release stored", undefined, "This grant has ended."],
    ["a grant that never began", { ...PROVEN, hadBegun: false, readAt: null }, "Nothing was lent."],
    [
      "a grant of which no call added anything",
      { ...PROVEN, readAt: null },
      "Nothing of it was added.",
    ],
    [
      "access that another grant gave all along, so that no read was needed",
      { ...PROVEN, readAt: null, stayed: ["ns/a"], stayedBy: ["g2"] },
      "This grant has ended. Its access in a is also given by grant g2.",
    ],
    ["access that a read shows no longer", PROVEN, "The access of this grant has ended."],
    [
      "namespaces that another grant lends",
      { ...PROVEN, stayed: ["ns/a", "ns/b"], stayedBy: ["g2"] },
      "This grant has ended. Its access in a, b is also given by grant g2.",
    ],
    [
      "a whole cluster that stood before",
      { ...PROVEN, stayed: ["cluster"], stayedBy: ["standing access"] },
      "This grant has ended. Its access on the whole cluster is also given by standing access.",
    ],
    [
      "groups that both give",
      { ...PROVEN, stayed: ["group/ops"], stayedBy: ["g2", "standing access"] },
      "This grant has ended. Its access through Kubernetes groups ops is also given by grant g2 and standing access.",
    ],
  ])("The text says no more than is known of %s", (_, proof, text) => {
    expect(endText(proof)).toBe(text);
  });
});
