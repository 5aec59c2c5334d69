/** The doctor's look at the tokens of services that say who is on call. */
import { describe, expect, it } from "vitest";
import { onCall } from "../../../../cli/doctor/checks/outside-tokens.ts";
import { brokerRoleNames } from "../../../../cli/doctor/expected-names.ts";
import { healthyPatient } from "../../../../lab/fakes/healthy-patient.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { ACCOUNT, SAMPLE } from "../../../infra/broker.ts";

const { schedules: _, ...QUIET } = SAMPLE;
const POLICY: AccessPolicy = {
  ...QUIET,
  schedules: {
    primary: { service: "pagerduty", schedule: "PI7DH85", region: "us" },
    europe: { service: "pagerduty", schedule: "PI7DH86", region: "eu" },
    platform: { service: "incidentIo", schedule: "01HZX3Q7K5M8N2P4R6S9T0V1W2" },
  },
};
const [PAGERDUTY, INCIDENT_IO] = ["/timelatch/outside/pagerduty", "/timelatch/outside/incident-io"];

const foundWith = async (parameters: Readonly<Record<string, string>>, policy = POLICY) => {
  const { patient, broker } = healthyPatient(policy, ACCOUNT);
  for (const [name, type] of Object.entries(parameters)) broker.parameters.set(name, type);
  return await onCall.look(patient);
};

describe("The doctor's check of tokens for who is on call", () => {
  it("Each service that access.yaml names has one token, stored as a SecureString", async () => {
    expect(await foundWith({ [PAGERDUTY]: "SecureString", [INCIDENT_IO]: "SecureString" })).toEqual(
      [
        { ok: true, says: "is stored", subject: INCIDENT_IO },
        { ok: true, says: "is stored", subject: PAGERDUTY },
      ],
    );
  });

  it("A token that is missing or in plain text is ill, and the next step stores it", async () => {
    expect(await foundWith({ [PAGERDUTY]: "String" })).toEqual([
      {
        ok: false,
        says: expect.stringMatching(/^is not stored: nobody is known to be on call/),
        next: expect.stringContaining(`--type SecureString --name ${INCIDENT_IO}`),
        subject: INCIDENT_IO,
      },
      {
        ok: false,
        says: expect.stringMatching(/^is a String/),
        next: expect.stringContaining("timelatch docs on-call"),
        subject: PAGERDUTY,
      },
    ]);
  });

  it("Where access.yaml asks nobody, no token and no role of outside is looked for", async () => {
    expect(await foundWith({}, QUIET)).toEqual([
      { ok: true, says: "access.yaml asks no service who is on call" },
    ]);
    expect(brokerRoleNames(QUIET, ACCOUNT)).not.toContain("timelatch-outside");
    expect(brokerRoleNames(POLICY, ACCOUNT)).toContain("timelatch-outside");
  });
});
