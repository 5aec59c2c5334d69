import { describe, expect, it } from "vitest";
import { memoryEvidenceStore } from "../../../../../lab/fakes/memory-evidence-store.ts";
import { callsOfDeployment } from "../../../../../shared/aws/dynamodb/evidence/dynamo-evidence-store.ts";
import { aCall } from "../../../domain/evidence/samples.ts";

const role = (name: string) => `arn:aws-cn:iam::111122223333:role/${name}`;

describe("Calls of a deployment", () => {
  it.each([
    ["timelatch", "timelatch-grantor", "timelatch-grantor"],
    ["timelatch", "timelatch-grantor-groups", "timelatch-grantor-groups"],
    ["beta", "timelatch-grantor", "beta-grantor"],
    ["beta", "timelatch-grantor-groups", "beta-grantor-groups"],
  ])("In %s, a call under %s is stored under %s", async (deployment, named, stored) => {
    const inner = memoryEvidenceStore();
    const call = aCall({ roleArn: role(named) });
    await callsOfDeployment(inner, deployment).putCall(call);
    expect(await inner.call(call.eksRequestId)).toEqual({ ...call, roleArn: role(stored) });
  });
});
