/** The preview: the people who are asked, the permissions in Kubernetes, or the objections. */
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { hoursFacts } from "../../../cli/text/hours-text.ts";
import { leanFacts } from "../../../cli/text/on-call-text.ts";
import { PERMITS_LEGEND, permitFacts } from "../../../cli/text/permits-text.ts";
import { reviewToCome } from "../../../cli/text/review-text.ts";
import { approvalBy, ticketToCome } from "../../../cli/text/ticket-text.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { PreviewAllowed, PreviewRefused } from "../../../shared/http/contract/answers.ts";
import { apiNow } from "../../api/clock.ts";
import { BreakGlass } from "../../parts/break-glass.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Instant } from "../../parts/instant.tsx";
import { ChangeProblem } from "../../parts/problem-alert.tsx";
import type { PreviewReading } from "./use-preview.ts";

export function Preview({ preview: { answer, problem } }: { readonly preview: PreviewReading }) {
  if (problem) return <ChangeProblem problem={problem} />;
  if (!answer) return <StatusIndicator type="loading">Asking the API</StatusIndicator>;
  return answer.allowed ? <Allowed answer={answer} /> : <Refused answer={answer} />;
}

function Allowed({ answer }: { readonly answer: PreviewAllowed }) {
  const { requirements, rule, breakGlass, duration, permits } = answer;
  const isAtOnce = requirements.length === 0 && answer.ticketTerms === undefined;
  return (
    <SpaceBetween size="m">
      <StatusIndicator type={isAtOnce ? "success" : "pending"}>
        {isAtOnce
          ? `Allowed at once, under the rule ${visible(rule)}`
          : `Allowed under the rule ${visible(rule)}, once it is approved`}
      </StatusIndicator>
      <BreakGlass is={breakGlass} />
      <Facts
        columns={1}
        facts={[
          ["Approval", approvalBy(requirements, answer.ticketTerms !== undefined)],
          ["For", visible(duration)],
          ...hoursFacts(answer.hours),
          ...reviewToCome(answer.review),
          ...leanFacts(answer.onCall, answer.endsWithShift),
          ...ticketToCome(answer),
        ]}
      />
      <Box>
        It would end at <Instant at={endOf(answer)} />
        {isAtOnce ? "." : ", if it was approved now."}
      </Box>
      {answer.warnings.map(({ code, detail }) => (
        <Alert key={code} type="warning">
          {visible(detail)}
        </Alert>
      ))}
      <ExpandableSection headerText={`What ${visible(permits.summary)} permits`}>
        {permits.rules && <Facts columns={1} facts={permitFacts(permits.rules).map(named)} />}
        {permits.rules && <Box color="text-body-secondary">{PERMITS_LEGEND}.</Box>}
        {permits.note && <Box>{visible(permits.note)}</Box>}
      </ExpandableSection>
    </SpaceBetween>
  );
}

/** Its own time or its shift is over, whichever comes first. */
function endOf({ startsAt, durationSeconds, onCall, endsWithShift }: PreviewAllowed): string {
  const end = plusSeconds(startsAt ?? apiNow(), durationSeconds);
  return endsWithShift && onCall && onCall.until < end ? onCall.until : end;
}

/** In a terminal the verbs stand once, above several lines. */
const named = ([verbs, resources]: readonly [string, string]) =>
  [verbs === "" ? "and on" : verbs, resources] as const;

const Refused = ({ answer: { detail, refusals, errors } }: { readonly answer: PreviewRefused }) => (
  <SpaceBetween size="m">
    <StatusIndicator type="error">Not allowed</StatusIndicator>
    <Box>{visible(detail)}</Box>
    {errors.map((fault) => (
      <Box key={fault.pointer}>{visible(fault.detail)}</Box>
    ))}
    {refusals.map(({ rule, objections }) => (
      <div key={rule}>
        <strong>{visible(rule)}</strong>
        <ul>
          {objections.map((objection) => (
            <li key={objection.code}>{visible(objection.detail)}</li>
          ))}
        </ul>
      </div>
    ))}
  </SpaceBetween>
);
