/** Ends access before its time: my own by a return, that of others by a revocation. It never waits. */
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { type ReactNode, useState } from "react";
import { askerName } from "../../../shared/domain/requests/asker-text.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { change } from "../../api/client.ts";
import { type Session, useSession } from "../../api/session.ts";
import { accessOnWords } from "../../parts/access-words.ts";
import { Confirm } from "../../parts/confirm.tsx";

interface EndItProps {
  readonly request: RequestAnswer;
  readonly ended: () => void;
  /** Another button before its own. */
  readonly children: ReactNode;
}

export function EndIt({ request, ended, children }: EndItProps) {
  const session = useSession();
  const [asks, setAsks] = useState(false);
  const way = wayOf(request, session);
  if (!way) return null;
  const { verb, path } = way;
  const isCancel = path === "cancel";
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {children}
      <Button onClick={() => setAsks(true)}>{verb}</Button>
      {asks && (
        <Confirm
          title={`${verb} this ${isCancel ? "request" : "access"}?`}
          button={`${verb} ${accessOnWords(request)} of ${visible(askerName(request))}`}
          dismiss={isCancel ? "Keep it" : "Cancel"}
          note={{ label: "Note", required: false }}
          send={(note) =>
            change(`/v1/requests/${request.id}/${path}`, note === undefined ? {} : { note })
          }
          close={(done) => {
            setAsks(false);
            if (done) ended();
          }}
        >
          <p>
            {isCancel
              ? "The access is not to begin. To have it, you ask again."
              : "Its removal begins at once."}
          </p>
        </Confirm>
      )}
    </SpaceBetween>
  );
}

interface Way {
  readonly verb: string;
  readonly path: "return" | "cancel" | "revoke";
}

/** Approvers, admins and owners of the machine may revoke; the requester returns, or cancels what is not there yet. */
function wayOf(request: RequestAnswer, { person, roles, groups }: Session): Way | undefined {
  const { state, requester } = request;
  const isOpen = state === "active" || state === "approved";
  if (requester === person) {
    if (state === "active") return { verb: "Return", path: "return" };
    return state === "pending" || state === "approved"
      ? { verb: "Cancel", path: "cancel" }
      : undefined;
  }
  const approves = request.requirements.some((need) =>
    [...need.groups, ...(need.escalate?.groups ?? [])].some((group) => groups.includes(group)),
  );
  const owns = request.owners?.includes(person) === true;
  return isOpen && (roles.includes("admins") || approves || owns)
    ? { verb: "Revoke", path: "revoke" }
    : undefined;
}
