/** The decision on a pending request, for whoever may decide: all of it, for less, or no. */
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { blockLines } from "../../../cli/text/blocks-text.ts";
import { requirementText } from "../../../cli/text/requirement-text.ts";
import { waitsFor } from "../../../shared/domain/policy/asked-together.ts";
import { askerText } from "../../../shared/domain/requests/asker-text.ts";
import { formatDuration } from "../../../shared/domain/values/duration.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import type { WhoAmIAnswer } from "../../../shared/http/contract/who-am-i.ts";
import { change } from "../../api/client.ts";
import { apiNow } from "../../api/clock.ts";
import { useSession } from "../../api/session.ts";
import { useRead } from "../../api/use-read.ts";
import { accessWords } from "../../parts/access-words.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { Holds } from "./holds.tsx";
import { Less } from "./less.tsx";
import { isLessThan, type LessTerms, lessBody, lessTermsOf } from "./less-terms.ts";

interface DecisionProps {
  readonly request: RequestAnswer;
  readonly decided: () => void;
}

/** Nothing for whoever may not decide: no button that the API would refuse. */
export function Decision({ request, decided }: DecisionProps) {
  const { person } = useSession();
  const who = useRead<WhoAmIAnswer>(request.state === "pending" ? "/v1/whoami" : undefined);
  const voices = [person, ...(who.answer?.decidesFor ?? [])];
  if (!waitsFor(request, person, voices) || who.answer?.stopped) return null;
  return <Deciding request={request} decided={decided} />;
}

type Verdict = "approve" | "deny";

function Deciding({ request, decided }: DecisionProps) {
  const [asks, setAsks] = useState<Verdict>();
  const [less, setLess] = useState<LessTerms>(() => lessTermsOf(request));
  const isLess = isLessThan(request, less);
  const close = (done: boolean) => {
    setAsks(undefined);
    if (done) decided();
  };
  const blocks = blockLines(request, apiNow());
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`Still needs ${requirementText(request.needs, apiNow())}.`}
        >
          Decide
        </Header>
      }
    >
      <SpaceBetween size="m">
        {blocks.length > 0 && <Alert type="warning">{blocks.join(" ")}</Alert>}
        <blockquote>{visible(request.reason)}</blockquote>
        <ColumnLayout columns={2}>
          <Less request={request} terms={less} change={setLess} />
          <Holds request={request} />
        </ColumnLayout>
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="primary" onClick={() => setAsks("approve")}>
            {isLess ? "Approve for less" : "Approve"}
          </Button>
          <Button onClick={() => setAsks("deny")}>Deny</Button>
        </SpaceBetween>
        {asks && <ConfirmDecision {...{ request, verdict: asks, less, close }} />}
      </SpaceBetween>
    </Container>
  );
}

interface ConfirmDecisionProps {
  readonly request: RequestAnswer;
  readonly verdict: Verdict;
  readonly less: LessTerms;
  readonly close: (done: boolean) => void;
}

function ConfirmDecision({ request, verdict, less, close }: ConfirmDecisionProps) {
  // The dialog confirms the terms that it was opened with, though the page reads on.
  const [shown] = useState(request);
  const isLess = verdict === "approve" && isLessThan(shown, less);
  const access = isLess ? less.access : shown.access;
  const duration = isLess ? formatDuration(less.seconds) : shown.duration;
  const what = `${accessWords(access)} for ${visible(askerText(shown))}, ${visible(duration)}`;
  const verb = verdict === "approve" ? "Approve" : "Deny";
  return (
    <Confirm
      title={`${verb} this?`}
      button={`${verb} ${what}`}
      note={{ label: "Note", required: false }}
      send={(note) =>
        change(`/v1/requests/${shown.id}/decision`, {
          verdict,
          digest: shown.digest,
          ...(note === undefined ? {} : { note }),
          ...(isLess ? { less: lessBody(shown, less) } : {}),
        })
      }
      close={close}
    >
      <p>
        {verb} {what}, on <strong>{visible(shown.cluster)}</strong>, under the rule{" "}
        {visible(shown.rule)}.
      </p>
      <blockquote>{visible(shown.reason)}</blockquote>
      {isLess && (
        <p>
          Asked for: {accessWords(shown.access)}, {visible(shown.duration)}.
        </p>
      )}
    </Confirm>
  );
}
