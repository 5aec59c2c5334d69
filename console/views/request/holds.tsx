/** The access that the requester holds already on the cluster, beside the decision. */
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { unknownLines, whatText, whenText } from "../../../cli/text/person-access-text.ts";
import { latelyFacts } from "../../../cli/text/request-facts.ts";
import { visible } from "../../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import type { PersonAccessAnswer } from "../../../shared/http/contract/person-access-answer.ts";
import { apiNow } from "../../api/clock.ts";
import { useRead } from "../../api/use-read.ts";
import { ReadProblem } from "../../parts/problem-alert.tsx";

export function Holds({ request }: { readonly request: RequestAnswer }) {
  const { requester, cluster } = request;
  const reading = useRead<PersonAccessAnswer>(
    `/v1/people/${encodeURIComponent(requester)}/access?cluster=${encodeURIComponent(cluster)}`,
  );
  const held = reading.answer?.access;
  return (
    <SpaceBetween size="xs">
      <Box variant="h3">
        {visible(requester)} on {visible(cluster)} now
      </Box>
      <ReadProblem reading={reading} />
      {held?.length === 0 && <Box>No access there is known.</Box>}
      {held?.map((each) => (
        <Box key={`${each.principalArn} ${whatText(each)} ${each.by}`}>
          {whatText(each)}, {whenText(each, apiNow())}
        </Box>
      ))}
      {latelyFacts(request, reading.answer).map(([name, text]) => (
        <Box key={name}>
          {name}: {text}
        </Box>
      ))}
      {reading.answer && (
        <Box color="text-body-secondary" fontSize="body-s">
          {unknownLines(reading.answer, apiNow()).join(" ")}
        </Box>
      )}
    </SpaceBetween>
  );
}
