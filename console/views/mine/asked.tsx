/** My requests that nobody has decided yet. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { requirementText } from "../../../cli/text/requirement-text.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { AccessAnswer } from "../../../shared/http/contract/access-answer.ts";
import type { RequestSummary } from "../../../shared/http/contract/answers.ts";
import { change } from "../../api/client.ts";
import { apiNow } from "../../api/clock.ts";
import { useRead } from "../../api/use-read.ts";
import { requestHref } from "../../frame/route.ts";
import { accessOnWords } from "../../parts/access-words.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { Away } from "../../parts/instant.tsx";

interface AskedProps {
  readonly requests: readonly RequestSummary[] | undefined;
  readonly again: () => void;
}

export function Asked({ requests, again }: AskedProps) {
  const { answer: access } = useRead<AccessAnswer>("/v1/access");
  const hasGlass = access?.rules.some(({ breakGlass }) => breakGlass) === true;
  if (!requests || requests.length === 0) return null;
  return (
    <SpaceBetween size="s">
      <Header variant="h2" counter={`(${requests.length})`}>
        What I asked for
      </Header>
      {requests.map((request) => (
        <Pending key={request.id} request={request} hasGlass={hasGlass} again={again} />
      ))}
    </SpaceBetween>
  );
}

interface PendingProps {
  readonly request: RequestSummary;
  /** Whether some rule of mine is break-glass. */
  readonly hasGlass: boolean;
  readonly again: () => void;
}

function Pending({ request, hasGlass, again }: PendingProps) {
  const [asks, setAsks] = useState<keyof typeof WAYS>();
  const way = asks && WAYS[asks];
  const close = (done: boolean) => {
    setAsks(undefined);
    if (done) again();
  };
  return (
    <Container
      header={
        <Header
          variant="h3"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {hasGlass && request.extends === undefined && (
                <Button onClick={() => setAsks("escalate")}>Escalate</Button>
              )}
              <Button onClick={() => setAsks("cancel")}>Cancel</Button>
            </SpaceBetween>
          }
        >
          <a href={requestHref(request.id)}>
            {accessOnWords(request)} for {visible(request.duration)}
          </a>
        </Header>
      }
    >
      <Box>
        {request.needs.length === 0
          ? "It waits until the tracker of its ticket has answered."
          : `It waits for approval by ${requirementText(request.needs, apiNow())}.`}
      </Box>
      <Box>
        It lapses <Away at={request.lapsesAt} />.
      </Box>
      {asks && way && (
        <Confirm
          title={way.title}
          button={`${way.verb} ${accessOnWords(request)}`}
          dismiss={way.dismiss}
          send={() => change(`/v1/requests/${request.id}/${asks}`)}
          close={close}
        >
          <p>{way.meaning}</p>
        </Confirm>
      )}
    </Container>
  );
}

const WAYS = {
  cancel: {
    title: "Cancel the request",
    verb: "Cancel",
    dismiss: "Keep it",
    meaning: "Nobody decides on it any more. To have the access, you ask again.",
  },
  escalate: {
    title: "Escalate to break-glass",
    verb: "Escalate",
    dismiss: "Cancel",
    meaning:
      "It becomes a request under your break-glass rule: access begins at once, the alarm channel hears of it, and a review follows. The terminal asks again.",
  },
} as const;
