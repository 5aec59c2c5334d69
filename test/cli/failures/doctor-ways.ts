/** Ways to each failure of `timelatch doctor`. */
import { CLIENT, doctor, unwell } from "../../../cli/commands/doctor.ts";
import { ill } from "../../../cli/doctor/check-result.ts";
import type { SessionEnd } from "../../../cli/doctor/smoke/session.ts";
import { smokeClusters } from "../../../cli/doctor/smoke/smoke-clusters.ts";
import { notSearched, notWell } from "../../../cli/doctor/smoke/smoke-failures.ts";
import { aPolicy } from "../../../lab/fakes/builders.ts";
import { fakeTerminal } from "../fake-terminal.ts";

export const DOCTOR_WAYS: Readonly<Record<string, () => unknown>> = {
  "a doctor for a check that there is not": () =>
    doctor(fakeTerminal().context, ".", { only: ["weather"] }),
  "a doctor for an account without a profile": () =>
    doctor(fakeTerminal().context, ".", { account: ["444455556666"] }),
  "a smoke test of a cluster that the policy lacks": () => smokeClusters(aPolicy(), ["nope"]),
  "a smoke test that cannot list what earlier runs left": () => {
    throw notSearched(new Error("no"));
  },
  "a smoke test in which a fact does not hold": () => {
    const played = [{ facts: [{ verdict: "contradicted" }], failed: undefined }];
    throw notWell({ played, left: [], stopped: undefined } as unknown as SessionEnd);
  },
  "a deployment that is not well": () => {
    throw unwell([{ check: "alarms", ...ill("36 of 36 have no action", "name a topic") }]);
  },
  "a machine that is not well": () => {
    throw unwell([{ check: "clock", ...ill("it is 10m ahead of the API's", "set it") }], CLIENT);
  },
};
