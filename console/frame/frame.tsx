/** The frame of every view: who uses it and where, the menu, and the view itself. */

import Alert from "@cloudscape-design/components/alert";
import Spinner from "@cloudscape-design/components/spinner";
import { useEffect, useRef } from "react";
import { type Session, seesAll, useSession } from "../api/session.ts";
import { Ask } from "../views/ask/ask.tsx";
import { Clusters } from "../views/clusters/clusters.tsx";
import { Decide } from "../views/decide/decide.tsx";
import { Findings } from "../views/findings/findings.tsx";
import { Mine } from "../views/mine/mine.tsx";
import { Operator } from "../views/operator/operator.tsx";
import { Policy } from "../views/policy/policy.tsx";
import { Request } from "../views/request/request.tsx";
import { TimeLine } from "../views/time-line/time-line.tsx";
import { Boundary } from "./boundary.tsx";
import { hrefOf, type Route, type View } from "./route.ts";
import { TopBar } from "./top-bar.tsx";
import { useHome, useShown } from "./use-home.ts";
import { useRoute } from "./use-route.ts";
import { countText, useWaiting, type Waiting } from "./waiting.ts";

const TITLES: Readonly<Record<View, string>> = {
  mine: "Mine",
  decide: "To decide",
  ask: "Ask",
  "time-line": "Cluster time line",
  clusters: "Who can reach what",
  findings: "Findings",
  policy: "Policy",
  operator: "Operator",
};

/** Views that only admins and auditors may see. */
const FOR_ALL_SEEING: ReadonlySet<Route["view"]> = new Set([
  "time-line",
  "time-line-of",
  "clusters",
  "cluster",
  "findings",
  "operator",
]);

export function Frame() {
  const session = useSession();
  const home = useHome(session);
  const route = useShown(useRoute(), home);
  const lists = useWaiting(route);
  const waiting = countText(lists);
  const content = useFocusOnChange(route);
  const title = titleOf(route);
  useEffect(() => {
    const count = waiting === "" ? "" : `(${waiting}) `;
    document.title = `${count}${title === "" ? "" : `${title} – `}Timelatch`;
  }, [title, waiting]);
  return (
    <>
      <TopBar waiting={waiting} />
      <div className="frame">
        <Menu {...{ route, session, home, waiting }} />
        {/* The focus moves here with each view, so that a screen reader begins at its heading. */}
        <main ref={content} tabIndex={-1} className="content">
          <Boundary key={JSON.stringify(route)}>
            {route ? (
              <Shown route={route} session={session} lists={lists} />
            ) : (
              <Spinner size="large" />
            )}
          </Boundary>
        </main>
      </div>
    </>
  );
}

function titleOf(route: Route | undefined): string {
  if (!route || route.view === "unknown") return "";
  return route.view === "request" ? "Request" : TITLES[menuOf(route.view)];
}

/** The view of the menu under which one stands. */
const menuOf = (view: View | "cluster" | "time-line-of"): View =>
  view === "cluster" ? "clusters" : view === "time-line-of" ? "time-line" : view;

interface MenuProps {
  readonly route: Route | undefined;
  readonly session: Session;
  readonly home: View | undefined;
  readonly waiting: string;
}

/** Views without a use for somebody stand last for them. */
function viewsOf(session: Session, home: View | undefined): readonly View[] {
  if (!seesAll(session)) return ["mine", "ask", "decide", "policy"];
  return home === "clusters"
    ? ["clusters", "time-line", "findings", "operator", "policy", "decide", "mine", "ask"]
    : ["mine", "ask", "decide", "time-line", "clusters", "findings", "operator", "policy"];
}

function Menu({ route, session, home, waiting }: MenuProps) {
  const views = viewsOf(session, home);
  return (
    <nav className="menu" aria-label="Views">
      <ul>
        {views.map((view) => (
          <li key={view}>
            <a href={hrefOf(view)} aria-current={isIn(route, view) ? "page" : undefined}>
              {TITLES[view]}
              {view === "decide" && waiting !== "" && ` (${waiting})`}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const isIn = (route: Route | undefined, item: View): boolean =>
  route !== undefined &&
  route.view !== "request" &&
  route.view !== "unknown" &&
  menuOf(route.view) === item;

interface ShownProps {
  readonly route: Route;
  readonly session: Session;
  readonly lists: Waiting;
}

function Shown({ route, session, lists }: ShownProps) {
  if (FOR_ALL_SEEING.has(route.view) && !seesAll(session)) return <NotForYou />;
  if (route.view === "request") return <Request key={route.id} id={route.id} />;
  if (route.view === "time-line-of") return <TimeLine name={route.name} at={route.at} />;
  if (route.view === "cluster") return <Clusters name={route.name} at={route.at} />;
  if (route.view === "unknown") return <NoSuchView />;
  if (route.view === "decide") return <Decide lists={lists} />;
  const View = SHOWN[route.view];
  return <View />;
}

const SHOWN: Readonly<Record<Exclude<View, "decide">, () => React.ReactNode>> = {
  mine: Mine,
  ask: Ask,
  "time-line": () => <TimeLine name={undefined} />,
  clusters: () => <Clusters name={undefined} at={undefined} />,
  findings: Findings,
  policy: Policy,
  operator: Operator,
};

/** Not at the first view: a page that opens keeps the browser's own focus. */
function useFocusOnChange(route: Route | undefined) {
  const content = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus moves when the view changes
  useEffect(() => {
    if (!isFirst.current) content.current?.focus({ preventScroll: true });
    if (!isFirst.current) scrollTo({ top: 0 });
    isFirst.current = false;
  }, [route]);
  return content;
}

/** The text of an address that shows no view. */
const NotForYou = () => (
  <Alert type="info" header="This view is for admins and auditors">
    You are neither in this deployment. Under Policy you see your groups, and what you may ask for.
  </Alert>
);

const NoSuchView = () => (
  <Alert type="info" header="There is no such view">
    The address names none. A request has the address #/requests/ and its whole id.
  </Alert>
);
