/** Asks for active access to last longer. */
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useState } from "react";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { AccessAnswer } from "../../../shared/http/contract/access-answer.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { change } from "../../api/client.ts";
import { useRead } from "../../api/use-read.ts";
import { accessOnWords } from "../../parts/access-words.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { defaultText } from "../../parts/default-duration.ts";

interface ExtendProps {
  readonly request: RequestAnswer;
  readonly close: (done: boolean) => void;
}

/** Whether its requester may ask for longer: it is active, its rule allows it, and nothing extends it yet. */
export const isExtendable = ({
  state,
  extend,
  extendedBy,
}: Pick<RequestAnswer, "state" | "extend" | "extendedBy">): boolean =>
  state === "active" && extend !== undefined && extendedBy === undefined;

export function Extend({ request, close }: ExtendProps) {
  const [duration, setDuration] = useState("");
  const { extend } = request;
  const { answer: access } = useRead<AccessAnswer>("/v1/access", 0);
  const rule = access?.rules.filter((each) => each.rule === request.rule) ?? [];
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
        description={defaultText(rule)}
        constraintText="Such as 30m or 1h30m."
      >
        <Input value={duration} onChange={({ detail }) => setDuration(detail.value.trim())} />
      </FormField>
    </Confirm>
  );
}
