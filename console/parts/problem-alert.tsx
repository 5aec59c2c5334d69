/** Problems for people: since when, and the next steps. */
import Alert from "@cloudscape-design/components/alert";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { isRefusal, isUnknownThere, type Problem } from "../api/problem.ts";
import type { Change } from "../api/use-change.ts";
import type { Reading } from "../api/use-read.ts";
import { Instant } from "./instant.tsx";

/** The problem of a read. The view goes on showing its last answer. */
export function ReadProblem({ reading }: { readonly reading: Omit<Reading<unknown>, "again"> }) {
  const { problem, since, answer } = reading;
  if (!problem || since === undefined) return null;
  if (isUnknownThere(problem))
    return (
      <Alert type="info" header="This deployment does not have it yet">
        The API answers that it does not know the operation. A later release of Timelatch has it.
      </Alert>
    );
  const isAway = problem.status >= 500 || problem.code.includes("credentials");
  return (
    <Alert type={isAway ? "warning" : "error"} header={isAway ? "It cannot be read" : "Not shown"}>
      Since <Instant at={since} />: {problem.message}
      {answer !== undefined && " Below is what was read before that."}
      {isAway && " The console goes on trying."}
      <Next problem={problem} />
    </Alert>
  );
}

/** The problem of a change: it was not made, or nobody knows. */
export const ChangeProblem = ({ problem }: { readonly problem: Problem | undefined }) =>
  problem ? (
    <Alert
      type="error"
      header={isRefusal(problem) ? "It was not done" : "It is not known whether it was done"}
    >
      {problem.message}
      <Next problem={problem} />
    </Alert>
  ) : null;

/** The lines beside the button of a change: that it waits, and its problem. */
export const ChangeProgress = ({ slow, problem }: Pick<Change, "slow" | "problem">) => (
  <>
    {slow && (
      <StatusIndicator type="pending">
        It waits for the API, or for your word in the terminal.
      </StatusIndicator>
    )}
    <ChangeProblem problem={problem} />
  </>
);

const Next = ({ problem }: { readonly problem: Problem }) =>
  problem.next.length === 0 ? null : (
    <ul>
      {problem.next.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
