import { expect, it } from "vitest";
import type { Patient } from "../../../../cli/doctor/check-result.ts";
import { ownRole } from "../../../../cli/doctor/checks/own-role.ts";

it("A person who may not assume their role learns where the roles of that deployment are", async () => {
  const patient = {
    broker: { assumes: async () => false },
    deployment: "staging",
    ownRole: "arn:aws:iam::111122223333:role/staging/people/staging-person-alice",
  } as unknown as Patient;
  const [finding] = await ownRole.look(patient);
  expect(JSON.stringify(finding)).toContain("sts:AssumeRole on role/staging/people/*");
});
