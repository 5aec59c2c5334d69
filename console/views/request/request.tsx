/** One request: what to decide, its terms, its life as steps, and the evidence for auditors. */
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useState } from "react";
import { requestFacts } from "../../../cli/text/request-facts.ts";
import { askerText } from "../../../shared/domain/requests/asker-text.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { apiNow } from "../../api/clock.ts";
import { useSession } from "../../api/session.ts";
import { SELDOM, SOON, useRead } from "../../api/use-read.ts";
import { accessOnWords } from "../../parts/access-words.ts";
import { BreakGlass } from "../../parts/break-glass.tsx";
import { Facts } from "../../parts/facts.tsx";
import { LifeBar } from "../../parts/life-bar.tsx";
import { ReadProblem } from "../../parts/problem-alert.tsx";
import { StateLabel } from "../../parts/state-label.tsx";
import { Extend, isExtendable } from "../mine/extend.tsx";
import { CloseReview } from "./close-review.tsx";
import { Decision } from "./decision.tsx";
import { EndIt } from "./end-it.tsx";
import { Evidence } from "./evidence.tsx";
import { inReadingOrder } from "./fact-order.ts";
import { Life } from "./life.tsx";
import { Together } from "./together.tsx";

const MOVING: ReadonlySet<string> = new Set(["pending", "approved", "ending"]);

export function Request({ id }: { readonly id: string }) {
  const session = useSession();
  const first = useRead<RequestAnswer>(`/v1/requests/${id}`, SOON);
  const request = first.answer;
  if (!request) return first.problem ? <ReadProblem reading={first} /> : <Spinner size="large" />;
  return (
    <SpaceBetween size="l">
      <Title request={request} />
      <ReadProblem reading={first} />
      <Decision request={request} decided={first.again} />
      <Together request={request} decided={first.again} />
      <CloseReview request={request} closed={first.again} />
      <EndIt request={request} ended={first.again}>
        <ExtendIt request={request} extended={first.again} />
      </EndIt>
      <Container header={<Header variant="h2">Terms</Header>}>
        <Facts facts={inReadingOrder(requestFacts(request, apiNow()))} />
      </Container>
      <Life id={id} version={request.version} seconds={MOVING.has(request.state) ? SOON : SELDOM} />
      {session.roles.includes("auditors") && <Evidence id={id} />}
    </SpaceBetween>
  );
}

function Title({ request }: { readonly request: RequestAnswer }) {
  const { breakGlass, state, revokeAt, effectiveAt, duration } = request;
  return (
    <SpaceBetween size="xs">
      <Button variant="inline-link" iconName="arrow-left" onClick={() => history.back()}>
        Back
      </Button>
      <Header variant="h1">
        {visible(askerText(request))}: {accessOnWords(request)} for {visible(duration)}
      </Header>
      <SpaceBetween direction="horizontal" size="s">
        <StateLabel state={state} />
        <BreakGlass is={breakGlass} />
      </SpaceBetween>
      {state === "active" && revokeAt !== null && effectiveAt !== null && (
        <LifeBar from={effectiveAt} to={revokeAt} label="Time left" />
      )}
    </SpaceBetween>
  );
}

interface ExtendItProps {
  readonly request: RequestAnswer;
  readonly extended: () => void;
}

/** Nothing for anybody but the requester: only they may ask for longer. */
function ExtendIt({ request, extended }: ExtendItProps) {
  const { person } = useSession();
  const [asks, setAsks] = useState(false);
  if (request.requester !== person || !isExtendable(request)) return null;
  const close = (done: boolean) => {
    setAsks(false);
    if (done) extended();
  };
  return (
    <>
      <Button onClick={() => setAsks(true)}>Extend</Button>
      {asks && <Extend request={request} close={close} />}
    </>
  );
}
