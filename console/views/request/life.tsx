/** The life of a request as steps with times, each with who took it. */
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Steps, { type StepsProps } from "@cloudscape-design/components/steps";
import { useEffect } from "react";
import { eventColumns } from "../../../cli/text/event-text.ts";
import { type AuditEvent, endProofIn } from "../../../shared/domain/requests/audit-event.ts";
import { endText } from "../../../shared/domain/requests/end-text.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { EventList } from "../../../shared/http/contract/answers.ts";
import { apiNow } from "../../api/clock.ts";
import { useRead } from "../../api/use-read.ts";
import { Instant } from "../../parts/instant.tsx";
import { ReadProblem } from "../../parts/problem-alert.tsx";

interface LifeProps {
  readonly id: string;
  /** Grows with each step. */
  readonly version: number;
  /** The time between two reads. */
  readonly seconds: number;
}

export function Life({ id, version, seconds }: LifeProps) {
  const reading = useRead<EventList>(`/v1/requests/${id}/events`, seconds);
  const { again } = reading;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version has another step
  useEffect(again, [version]);
  const events = reading.answer?.events ?? [];
  return (
    <Container header={<Header variant="h2">Life</Header>}>
      <ReadProblem reading={reading} />
      <Steps ariaLabel="Life of the request" steps={events.map(stepOf)} />
      {reading.answer?.next !== undefined && (
        <Box>There is more: timelatch show prints the whole history.</Box>
      )}
    </Container>
  );
}

/** The words of each type; a later release may know more. */
const WORDS: Readonly<Record<string, string>> = {
  request: "Asked for",
  approve: "Approved",
  deny: "Denied",
  escalate: "Escalated to break-glass",
  cancel: "Cancelled",
  lapse: "Lapsed: nobody decided in time",
  activate: "Access is active",
  extend: "Extended",
  refuse: "Failed",
  return: "Returned",
  revoke: "Revoked",
  expire: "Its time was over",
  withdraw: "Withdrawn",
  settle: "Over",
  evidence: "Calls to EKS",
  attempt: "Unauthorized attempt",
  review: "Review closed",
};

const BAD: ReadonlySet<string> = new Set(["deny", "refuse", "attempt", "lapse"]);

/** The actor of what nobody has to do. */
const BROKER = "timelatch";

function stepOf(event: AuditEvent): StepsProps.Step {
  const details = detailsOf(event);
  return {
    status: BAD.has(event.type) ? "error" : "success",
    header: (
      <>
        {WORDS[event.type] ?? visible(event.type)}
        {event.actor !== BROKER && ` by ${visible(event.actor)}`}, <Instant at={event.at} isExact />
      </>
    ),
    ...(details === "" ? {} : { details }),
  };
}

/** The words of the command; at the end, no more than its proof says. */
function detailsOf(event: AuditEvent): string {
  if (event.type === "settle") return visible(endText(endProofIn(event)));
  const column = eventColumns(apiNow()).find(({ title }) => title === "DETAILS");
  return column?.text(event) ?? "";
}
