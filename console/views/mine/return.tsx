/** Gives access back before its time. */

import type { RequestSummary } from "../../../shared/http/contract/answers.ts";
import { change } from "../../api/client.ts";
import { accessOnWords } from "../../parts/access-words.ts";
import { Confirm } from "../../parts/confirm.tsx";

interface ReturnProps {
  readonly request: RequestSummary;
  readonly close: (done: boolean) => void;
}

export const Return = ({ request, close }: ReturnProps) => (
  <Confirm
    title="Return access"
    button={`Return ${accessOnWords(request)}`}
    note={{ label: "Note", required: false }}
    send={(note) => change(`/v1/requests/${request.id}/return`, note === undefined ? {} : { note })}
    close={close}
  >
    <p>Its removal begins at once. To have it again, you ask again.</p>
  </Confirm>
);
