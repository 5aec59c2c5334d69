/** Ask: a form over what my rules lend, with a live preview beside it. */
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { AccessAnswer } from "../../../shared/http/contract/access-answer.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { change } from "../../api/client.ts";
import { useChange } from "../../api/use-change.ts";
import { useRead } from "../../api/use-read.ts";
import { requestHref } from "../../frame/route.ts";
import { goTo } from "../../frame/use-route.ts";
import { accessWords } from "../../parts/access-words.ts";
import { ChangeProgress, ReadProblem } from "../../parts/problem-alert.tsx";
import { Fields } from "./fields.tsx";
import { Preview } from "./preview.tsx";
import { takeTheSame } from "./same-again.ts";
import { bodyOf, NO_TERMS, offersOf, termsOf, ticketRules } from "./terms.ts";
import { usePreview } from "./use-preview.ts";

export function Ask() {
  const reading = useRead<AccessAnswer>("/v1/access");
  const access = reading.answer;
  return (
    <SpaceBetween size="l">
      <Header variant="h1">Ask for access</Header>
      <ReadProblem reading={reading} />
      {access?.stopped && <Alert type="warning">{visible(access.stopped.detail)}</Alert>}
      {access?.clusters.length === 0 && (
        <Alert type="info" header="No rule lends you anything">
          To get access, have a rule added to access.yaml. Under Policy you see your groups.
        </Alert>
      )}
      {access && access.clusters.length > 0 && <Form access={access} />}
    </SpaceBetween>
  );
}

function Form({ access }: { readonly access: AccessAnswer }) {
  const [terms, setTerms] = useState(() => {
    const same = takeTheSame();
    return same ? termsOf(same) : NO_TERMS;
  });
  const offers = offersOf(access, terms.cluster);
  const offer = offers.find(({ key }) => key === terms.offer);
  // A field that is not shown says nothing.
  const tickets = ticketRules(access, terms);
  const body = bodyOf(tickets.length > 0 ? terms : { ...terms, ticket: "" }, offer);
  const preview = usePreview(body);
  const { busy, slow, problem, run } = useChange();
  const ask = () =>
    run(async () => {
      const made = await change<RequestAnswer>("/v1/requests", body);
      goTo(requestHref(made.id));
    });
  const what = offer && body ? accessWords(body.access) : "";
  return (
    <ColumnLayout columns={2}>
      <Container>
        <SpaceBetween size="m">
          <Fields
            access={access}
            offers={offers}
            tickets={tickets}
            terms={terms}
            change={setTerms}
          />
          <Button
            variant="primary"
            loading={busy}
            disabled={preview.answer?.allowed !== true}
            disabledReason="The preview says what is missing, or why it is not allowed."
            onClick={() => void ask()}
          >
            Ask{what === "" ? "" : ` for ${what}`}
          </Button>
          <ChangeProgress slow={slow} problem={problem} />
        </SpaceBetween>
      </Container>
      <Container header={<Header variant="h2">What would happen</Header>}>
        <div aria-live="polite">
          {body === undefined ? (
            <Box color="text-body-secondary">
              Fill in the form, and you see here whether it is allowed, who is asked, and what it
              permits. Nothing is sent to anybody before you ask.
            </Box>
          ) : (
            <Preview preview={preview} />
          )}
        </div>
      </Container>
    </ColumnLayout>
  );
}
