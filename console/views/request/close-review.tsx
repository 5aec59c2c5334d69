/** Closes the review of a break-glass, for whoever may. */
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useState } from "react";
import { doneFacts } from "../../../cli/text/review-text.ts";
import { isFinal } from "../../../shared/domain/requests/lifecycle.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { change } from "../../api/client.ts";
import { apiNow } from "../../api/clock.ts";
import { useSession } from "../../api/session.ts";
import { accessOnWords } from "../../parts/access-words.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Away } from "../../parts/instant.tsx";

interface CloseReviewProps {
  readonly request: RequestAnswer;
  readonly closed: () => void;
}

export function CloseReview({ request, closed }: CloseReviewProps) {
  const { person, groups } = useSession();
  const [asks, setAsks] = useState(false);
  const { review, requester, state } = request;
  const isMine = review?.by.some((group) => groups.includes(group)) === true;
  if (!review || review.closed || !isMine || requester === person) return null;
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            isFinal(state) && <Button onClick={() => setAsks(true)}>Close the review</Button>
          }
        >
          Review
        </Header>
      }
    >
      It is due <Away at={review.dueAt} />.{" "}
      {isFinal(state) ? "" : "It can be closed once the access is over."}
      <Facts facts={doneFacts(request, apiNow())} columns={1} />
      {asks && (
        <Confirm
          title="Close the review"
          button={`Close the review of ${visible(requester)}: ${accessOnWords(request)}`}
          note={{ label: "What the access was used for", required: true }}
          send={(note) => change(`/v1/requests/${request.id}/review`, { note })}
          close={(done) => {
            setAsks(false);
            if (done) closed();
          }}
        >
          <p>Your note is kept for ever.</p>
        </Confirm>
      )}
    </Container>
  );
}
