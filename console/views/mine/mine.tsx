/** Mine: what I hold, what I asked for, what ended lately, and my delegations. */

import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useState } from "react";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { RequestList, RequestSummary } from "../../../shared/http/contract/answers.ts";
import type { PersonAccessAnswer } from "../../../shared/http/contract/person-access-answer.ts";
import type { WhoAmIAnswer } from "../../../shared/http/contract/who-am-i.ts";
import { apiNow, heardTime } from "../../api/clock.ts";
import { useSession } from "../../api/session.ts";
import { SELDOM, SOON, useRead } from "../../api/use-read.ts";
import { goTo } from "../../frame/use-route.ts";
import { ReadProblem } from "../../parts/problem-alert.tsx";
import { Asked } from "./asked.tsx";
import { Delegations } from "./delegations.tsx";
import { Ended } from "./ended.tsx";
import { Held } from "./held.tsx";

const HELD: ReadonlySet<string> = new Set(["approved", "active", "ending"]);

export function Mine() {
  const { person } = useSession();
  const [pace, setPace] = useState(SOON);
  const mine = useRead<RequestList>("/v1/requests?view=mine&limit=50", pace);
  const access = useRead<PersonAccessAnswer>(
    `/v1/people/${encodeURIComponent(person)}/access`,
    SELDOM,
  );
  const at = access.answer?.at;
  useEffect(() => {
    if (at !== undefined) heardTime(at);
  }, [at]);
  const requests = mine.answer?.requests;
  const isCut = mine.answer?.next !== undefined;
  useEffect(() => {
    if (requests) setPace(requests.some(isMoving) ? SOON : SELDOM);
  }, [requests]);
  const again = () => {
    mine.again();
    access.again();
  };
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        actions={
          <Button variant="primary" onClick={() => goTo("#/ask")}>
            Ask for access
          </Button>
        }
      >
        Mine
      </Header>
      <Stopped />
      <ReadProblem reading={mine} />
      <Held
        requests={requests?.filter(isHeld)}
        failed={mine.problem !== undefined}
        isCut={isCut}
        unread={access.answer?.unread ?? []}
        again={again}
      />
      <Asked requests={requests?.filter(({ state }) => state === "pending")} again={again} />
      <Ended
        requests={requests?.filter(isOver)}
        failed={mine.problem !== undefined}
        isCut={isCut}
      />
      {isCut && <p>There are more requests: timelatch list shows all of them.</p>}
      <Delegations />
    </SpaceBetween>
  );
}

const isHeld = ({ state }: RequestSummary): boolean => HELD.has(state);
const isOver = (request: RequestSummary): boolean =>
  !isHeld(request) && request.state !== "pending";

/** Longer than the time between two seldom reads. */
const NEAR_SECONDS = 60;

/** Whether it is about to change: somebody decides, access begins or is removed, or its end is near. */
const isMoving = ({ state, revokeAt }: RequestSummary): boolean =>
  ["pending", "approved", "ending"].includes(state) ||
  (state === "active" && revokeAt !== null && revokeAt < plusSeconds(apiNow(), NEAR_SECONDS));

/** The suspension or drain that lets me ask for nothing now. */
function Stopped() {
  const { answer } = useRead<WhoAmIAnswer>("/v1/whoami");
  return answer?.stopped ? (
    <Alert type="warning" header="You can ask for nothing now">
      {visible(answer.stopped.detail)}
    </Alert>
  ) : null;
}
