/** Ways in which somebody stops a command that changes something. */
import { stoppedFailure } from "../../../cli/changes/interruption-failure.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import {
  ACTIVE,
  APPROVED,
  PENDING,
  SAMPLES,
  SENT_APPROVAL,
  SENT_REQUEST,
} from "../sample-changes.ts";
import { NOTHING_BESIDE } from "../sample-person-access.ts";

const BOB = { person: "bob", groups: ["payments-leads"], roles: [], identityArn: "x" };
const approval = { by: "SIGINT", sent: SENT_APPROVAL, who: BOB } as const;
const request = { by: "SIGINT", sent: SENT_REQUEST, who: undefined } as const;

const NOTHING_ELSE = {
  person: "alice",
  at: "2026-11-24T10:05:07.000Z",
  cluster: "prod",
  access: [],
  unread: [],
  standingAsOf: "2026-11-24T09:00:00.000Z",
  ...NOTHING_BESIDE,
};

const refusal = new Failure("refused", "invalid-request", {
  what: "The body is not valid. (invalid-request)",
  notDone: "Nothing was done.",
  next: ["Next: correct that, and run it again."],
  problem: {
    type: "urn:timelatch:problem:invalid-request",
    title: "Invalid",
    status: 422,
    errors: [{ pointer: "/reason", detail: "Say why." }],
  },
});

export const INTERRUPTION_WAYS: Readonly<Record<string, () => unknown>> = {
  "Ctrl-C before a request left": () => stoppedFailure(request, { kind: "not-sent" }),
  "Ctrl-C, and the request is stored": () =>
    stoppedFailure(request, { kind: "done", answer: PENDING }),
  "Ctrl-C, and the API refuses the request": () =>
    stoppedFailure(request, { kind: "refused", failure: refusal }),
  "Ctrl-C, and nobody knows what became of the request": () =>
    stoppedFailure(request, { kind: "unknown" }),
  "Ctrl-C, and a read does not show the approval": () =>
    stoppedFailure(approval, { kind: "unknown", readAt: "2026-11-24T10:05:00.000Z" }),
  "Ctrl-C while an approver waits": () =>
    stoppedFailure({ ...approval, waiting: true }, { kind: "done", answer: APPROVED }),
  "Ctrl-C, and the return is stored": () =>
    stoppedFailure(
      { by: "SIGINT", sent: SAMPLES.returnGrant.sent, who: undefined, remaining: NOTHING_ELSE },
      { kind: "done", answer: { ...ACTIVE, state: "ending" } },
    ),
  "Ctrl-C, and nobody knows what became of the revocation": () =>
    stoppedFailure(
      { by: "SIGINT", sent: SAMPLES.revokeGrant.sent, who: undefined },
      { kind: "unknown" },
    ),
  "SIGTERM, and the approval is stored": () =>
    stoppedFailure({ ...approval, by: "SIGTERM" }, { kind: "done", answer: APPROVED }),
};
