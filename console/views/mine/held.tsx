/** My access: a card for each grant through which it may exist. */
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useCommands as commandsOf } from "../../../shared/domain/requests/use-commands.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { RequestAnswer, RequestSummary } from "../../../shared/http/contract/answers.ts";
import type { PersonAccessAnswer } from "../../../shared/http/contract/person-access-answer.ts";
import { useRead } from "../../api/use-read.ts";
import { requestHref } from "../../frame/route.ts";
import { accessOnWords } from "../../parts/access-words.ts";
import { CommandLine } from "../../parts/command-line.tsx";
import { Away } from "../../parts/instant.tsx";
import { LifeBar } from "../../parts/life-bar.tsx";
import { counterText, emptyText, NO_STANDING, NOTHING_HELD } from "../../parts/list-words.ts";
import { StateLabel } from "../../parts/state-label.tsx";
import { Extend, isExtendable } from "./extend.tsx";
import { Return } from "./return.tsx";

interface HeldProps {
  /** Whether there are more requests than were read. */
  readonly isCut: boolean;
  /** Undefined while nobody knows. */
  readonly requests: readonly RequestSummary[] | undefined;
  readonly failed: boolean;
  readonly unread: PersonAccessAnswer["unread"];
  readonly again: () => void;
}

export const Held = ({ requests, failed, isCut, unread, again }: HeldProps) => (
  <SpaceBetween size="s">
    <Header variant="h2" counter={counterText({ rows: requests, isCut })}>
      What I hold
    </Header>
    {requests === undefined && !failed && <Box color="text-body-secondary">Reading</Box>}
    {requests?.length === 0 && (
      <Box color="text-body-secondary">{emptyText({ rows: requests, isCut }, NOTHING_HELD)}</Box>
    )}
    {requests !== undefined && requests.length > 0 && (
      <Box color="text-body-secondary">{NO_STANDING}</Box>
    )}
    {unread.map(({ cluster, principalArn }) => (
      <Box key={`${cluster} ${principalArn}`} color="text-status-warning">
        Nobody knows now what stands on {visible(cluster)} for {visible(principalArn)}.
      </Box>
    ))}
    {requests?.map((request) => (
      <Grant key={`${request.id} ${request.state}`} summary={request} again={again} />
    ))}
  </SpaceBetween>
);

interface GrantProps {
  readonly summary: RequestSummary;
  readonly again: () => void;
}

function Grant({ summary, again }: GrantProps) {
  // The list leaves out when it began and how it can be extended.
  const { answer: request } = useRead<RequestAnswer>(`/v1/requests/${summary.id}`, 0);
  const [asks, setAsks] = useState<"extend" | "return">();
  const close = (done: boolean) => {
    setAsks(undefined);
    if (done) again();
  };
  const isActive = summary.state === "active";
  return (
    <Container
      header={
        <Header
          variant="h3"
          description={<StateLabel state={summary.state} />}
          actions={
            isActive && (
              <SpaceBetween direction="horizontal" size="xs">
                {request?.extend && isExtendable({ ...summary, extend: request.extend }) && (
                  <Button onClick={() => setAsks("extend")}>Extend</Button>
                )}
                <Button onClick={() => setAsks("return")}>Return now</Button>
              </SpaceBetween>
            )
          }
        >
          <a href={requestHref(summary.id)}>{accessOnWords(summary)}</a>
        </Header>
      }
    >
      <Life summary={summary} effectiveAt={request?.effectiveAt ?? null} />
      {isActive &&
        request &&
        commandsOf(request).map((line) => <CommandLine key={line} text={line} />)}
      {asks === "extend" && request && <Extend request={request} close={close} />}
      {asks === "return" && <Return request={summary} close={close} />}
    </Container>
  );
}

interface LifeProps {
  readonly summary: RequestSummary;
  readonly effectiveAt: string | null;
}

function Life({ summary, effectiveAt }: LifeProps) {
  const { state, revokeAt, startsAt, createdAt } = summary;
  if (state === "ending") return <Box>Access is being removed.</Box>;
  if (state === "approved")
    return (
      <Box>
        {startsAt === null ? (
          "Approved: access begins in a few seconds."
        ) : (
          <>
            It starts <Away at={startsAt} />.
          </>
        )}
      </Box>
    );
  if (revokeAt === null) return null;
  return (
    <LifeBar
      from={effectiveAt ?? startsAt ?? createdAt}
      to={revokeAt}
      label={`Time left of ${accessOnWords(summary)}`}
    />
  );
}
