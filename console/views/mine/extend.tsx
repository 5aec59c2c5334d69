/** Asks for active access to last longer. */
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { change } from "../../api/client.ts";
import { accessOnWords } from "../../parts/access-words.ts";
import { Confirm } from "../../parts/confirm.tsx";

interface ExtendProps {
  readonly request: RequestAnswer;
  readonly close: (done: boolean) => void;
}

export function Extend({ request, close }: ExtendProps) {
  const [duration, setDuration] = useState("");
  const { extend } = request;
  return (
    <Confirm
      title="Extend access"
      button={`Extend ${accessOnWords(request)}${duration === "" ? "" : ` by ${duration}`}`}
      note={{ label: "Why", required: false }}
      send={(reason) =>
        change(`/v1/requests/${request.id}/extend`, {
          ...(duration === "" ? {} : { duration }),
          ...(reason === undefined ? {} : { reason }),
        })
      }
      close={close}
    >
      <p>
        {extend?.approval === "same"
          ? "It needs the approvals of its rule again. "
          : "The policy approves it at once. "}
        In all it may last {visible(extend?.total ?? "")}.
      </p>
      <FormField
        label="For how much longer"
        description="Empty: the rule's default."
        constraintText="Such as 30m or 1h30m."
      >
        <Input value={duration} onChange={({ detail }) => setDuration(detail.value.trim())} />
      </FormField>
    </Confirm>
  );
}
