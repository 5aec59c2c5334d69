/** The suspension or drain that lets me ask for nothing now. */
import Alert from "@cloudscape-design/components/alert";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { WhoAmIAnswer } from "../../../shared/http/contract/who-am-i.ts";
import { useRead } from "../../api/use-read.ts";

export function Stopped() {
  const { answer } = useRead<WhoAmIAnswer>("/v1/whoami");
  return answer?.stopped ? (
    <Alert type="warning" header="You can ask for nothing now">
      {visible(answer.stopped.detail)}
    </Alert>
  ) : null;
}
