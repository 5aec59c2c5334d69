/** To decide: what waits for me, first what lapses first, and the reviews of break-glass. */
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { requirementText } from "../../../cli/text/requirement-text.ts";
import { shortAsker } from "../../../shared/domain/requests/asker-text.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { RequestSummary } from "../../../shared/http/contract/answers.ts";
import { apiNow } from "../../api/clock.ts";
import { requestHref } from "../../frame/route.ts";
import type { Waiting } from "../../frame/waiting.ts";
import { accessOnWords } from "../../parts/access-words.ts";
import { BreakGlass } from "../../parts/break-glass.tsx";
import { Away } from "../../parts/instant.tsx";
import { ReadProblem } from "../../parts/problem-alert.tsx";

export function Decide({ lists: { approvals, reviews } }: { readonly lists: Waiting }) {
  const waiting = approvals.answer?.requests.toSorted(byInstant(({ lapsesAt }) => lapsesAt));
  const due = reviews.answer?.requests.toSorted(byInstant(({ review }) => review?.dueAt ?? ""));
  return (
    <SpaceBetween size="l">
      <Header variant="h1" counter={waiting ? `(${waiting.length})` : ""}>
        To decide
      </Header>
      <Header variant="h2">Requests</Header>
      <ReadProblem reading={approvals} />
      {waiting?.length === 0 && (
        <Box color="text-body-secondary">No request waits for your decision.</Box>
      )}
      {waiting?.map((request) => (
        <Asked key={request.id} request={request} />
      ))}
      <Header variant="h2" counter={due ? `(${due.length})` : ""}>
        Reviews of break-glass
      </Header>
      <ReadProblem reading={reviews} />
      {due?.length === 0 && <Box color="text-body-secondary">No review waits for you.</Box>}
      {due?.map((request) => (
        <Review key={request.id} request={request} />
      ))}
    </SpaceBetween>
  );
}

const byInstant =
  (of: (request: RequestSummary) => string) => (a: RequestSummary, b: RequestSummary) =>
    of(a) < of(b) ? -1 : 1;

const Title = ({ request }: { readonly request: RequestSummary }) => (
  <Header variant="h3" description={<BreakGlass is={request.breakGlass} />}>
    <a href={requestHref(request.id)}>
      {visible(shortAsker(request))}: {accessOnWords(request)} for {visible(request.duration)}
      {request.extends !== undefined && " more"}
    </a>
  </Header>
);

const Asked = ({ request }: { readonly request: RequestSummary }) => (
  <Container header={<Title request={request} />}>
    <SpaceBetween size="xs">
      <Box variant="p">{visible(request.reason)}</Box>
      <Box>Still needs {requirementText(request.needs, apiNow())}.</Box>
      <Box color="text-status-warning">
        It lapses <Away at={request.lapsesAt} />. Asked <Away at={request.createdAt} />.
      </Box>
      <a href={requestHref(request.id)}>Look at it and decide</a>
    </SpaceBetween>
  </Container>
);

const Review = ({ request }: { readonly request: RequestSummary }) => (
  <Container header={<Title request={request} />}>
    <SpaceBetween size="xs">
      <Box variant="p">{visible(request.reason)}</Box>
      {request.review && (
        <Box color="text-status-warning">
          Its review is due <Away at={request.review.dueAt} />.
        </Box>
      )}
      <a href={requestHref(request.id)}>Look at it and close the review</a>
    </SpaceBetween>
  </Container>
);
