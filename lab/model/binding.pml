/*
 * One binding of Timelatch: one access entry, one policy on it with two elements, and two grants.
 * Reads may be stale, calls may land late, runs may overlap, and others may edit the entry.
 *
 * The model is one process. Each option of the loop is one event that may happen next, and Spin tries
 * every order. docs/model-checking.md says why the abstractions hide no history. lab/model/runs.ts lists
 * the runs. An #ifdef with the name of a rule marks where a run breaks that rule on purpose.
 */

#ifndef EDITS
#define EDITS 0     /* how often others change the entry; other faults occur without bound */
#endif
#ifndef LATE
#define LATE 1      /* open calls besides the newest run's: unanswered, or of overtaken runs */
#endif
#ifndef LAG
#define LAG 1       /* ticks until W has passed */
#endif
#ifndef GRANTS
#define GRANTS 2
#endif
#ifndef ENTRIES
#define ENTRIES 2   /* access entries that reads may still show at once */
#endif

/* Elements of the association's scope. */
#define A 1
#define B 2
#define LENDS0 A
#ifdef APART
#define LENDS1 B
#else
#define LENDS1 A
#endif
#define HAS(mask, e) (((mask) >> e) & 1)

/* A time in the ledger is the number of ticks until it passes. OPEN: landBy has not passed yet. */
#define W LAG
#define OPEN 3
/* The documented window: edits by others so many ticks before a call. W, and W more after a flip. */
#define WINDOW (2 * LAG - 1)

/* The states of a grant. `failed` is FINAL, too. */
#define NONE 0
#define LIVE 1
#define OVER 2
#define FINAL 3

/* Calls to EKS. Disassociate is an Associate of nothing. */
#define CREATE 1
#define SET 2
#define DELETE 3

/* Who put an element there. EITHER: others did within the documented window, so a read cannot tell. */
#define NOBODY 0
#define OURS 1
#define BASELINE 2
#define EITHER 3

/* What the ledger knows of an element. The times are those of protocol.md. `reach` is the newest entry
   on which a call that carried it may have landed. `was` and `doubted` are restored by an answer. */
typedef Element {
  bit is; bit base;
  bit doubt;                /* a call carried it, and no read has shown the result yet */
  unsigned carriedUntil : 2; unsigned presenceFrom : 2; unsigned absenceFrom : 2;
#if EDITS > 0
  unsigned reach : 2;
#endif
  unsigned was : 2; bit doubted
};
typedef Call { unsigned kind : 2; bit then; unsigned scope : 2; unsigned exc : 2; bit known };
typedef Generation { bit made; bit known; unsigned young : 2 };
typedef Thing { unsigned whose : 2; unsigned edited : 2 };

/* The ledger. Saves are conditional, so it always holds what the newest run wrote. */
bit kept; bit held; unsigned arn : 2; unsigned born : 2; bit owned;
#ifdef FUSE
bit fuse;                 /* the ledger records one as armed */
bit unfuses;              /* a run is about to delete the fuse of that name */
#endif

unsigned createUntil : 2; unsigned deleteUntil : 2;
bit begun0; bit begun1; bit over0; bit over1;
Element el[2];

unsigned grant0 : 2; unsigned grant1 : 2;
bit armed0; bit armed1;
unsigned edits : 2;

/* The newest run: no other run has overtaken it. */
Call run_; unsigned created : 2; unsigned wasEntry : 2;
/* What the run may report: `ending` first, then `ended` or `failed`. */
unsigned reportOver : 2; unsigned reportMay : 2; unsigned reportLeft : 2; unsigned reportKnown0 : 2; unsigned reportKnown1 : 2;
#ifdef SPLIT
bit loaded; bit stale;    /* a run that has loaded, and has not read yet */
#ifdef LEDGER_DELETED
bit loadedNothing;
#endif
 unsigned view0 : 2; unsigned view1 : 2;
#endif

/* EKS */
unsigned entry : 2; unsigned last : 2; bit usedByOthers;
Thing on[2];
Generation gen[4];
unsigned dNow : 4; unsigned lNow : 4;
#if LAG == 2
unsigned dBefore : 4; unsigned lBefore : 4;
#define SHOWN_D (dNow | dBefore)
#define SHOWN_L (lNow | lBefore)
#else
#define SHOWN_D dNow
#define SHOWN_L lNow
#endif
#if LATE > 0
Call late[LATE];
#endif

hidden byte D; hidden byte L; hidden byte v0; hidden byte v1; hidden byte r0; hidden byte r1;
hidden byte seen; hidden byte absent; hidden byte may; hidden byte live; hidden byte want; hidden byte mayBe; hidden byte has; hidden byte others; hidden byte blind; hidden byte refuse; hidden byte i; hidden byte slot; hidden byte liveView; hidden byte unbegun; hidden byte elsewise;

#define CONTENT ((on[0].whose -> A : 0) | (on[1].whose -> B : 0))
#define HOLD(condition, otherwise) if :: (condition) :: else -> printf(otherwise); assert(false) fi
inline atLeast(time, value) { if :: time < value -> time = value :: else fi }
inline age(time) { if :: time == 1 || time == 2 -> time = time - 1 :: else fi }
inline lower(x) { if :: x -> x = x - 1 :: else fi }
inline note() { dNow = dNow | (1 << entry); lNow = lNow | (1 << CONTENT) }

#define SETS(c) (c.kind == SET || c.then)
#define CARRIES(c, e) (SETS(c) && HAS(c.scope, e))
#define LACKS(c, e) (c.kind == DELETE || (SETS(c) && !HAS(c.scope, e)))
#if LATE == 0
#define LATE_CARRIES(e) false
#define LATE_LACKS(e) false
#define LATE_KIND(k) false
#define NOTHING_LATE true
#define ROOM false
#elif LATE == 1
#define LATE_CARRIES(e) CARRIES(late[0], e)
#define LATE_LACKS(e) LACKS(late[0], e)
#define LATE_KIND(k) (late[0].kind == k)
#define NOTHING_LATE (late[0].kind == 0)
#define ROOM (late[0].kind == 0)
#else
#define LATE_CARRIES(e) (CARRIES(late[0], e) || CARRIES(late[1], e))
#define LATE_LACKS(e) (LACKS(late[0], e) || LACKS(late[1], e))
#define LATE_KIND(k) (late[0].kind == k || late[1].kind == k)
#define NOTHING_LATE (late[0].kind == 0 && late[1].kind == 0)
#define ROOM (late[1].kind == 0)
#endif
#define ANY_CARRIES(e) (LATE_CARRIES(e) || CARRIES(run_, e))
#define ANY_LACKS(e) (LATE_LACKS(e) || LACKS(run_, e))
#define ANY_KIND(k) (LATE_KIND(k) || run_.kind == k)
#define NO_CALLS (NOTHING_LATE && !run_.kind)

#define IS_OPEN(grant) (grant == LIVE || grant == OVER)
#define LENT(e) ((HAS(LENDS0, e) && armed0 && IS_OPEN(grant0)) || (HAS(LENDS1, e) && armed1 && IS_OPEN(grant1)))
#define LENT_BY_OPEN(e) ((HAS(LENDS0, e) && IS_OPEN(grant0)) || (HAS(LENDS1, e) && IS_OPEN(grant1)))
#define EVER_LENT(e) ((HAS(LENDS0, e) && grant0) || (HAS(LENDS1, e) && grant1))

inline check() {
  HOLD(on[0].whose != OURS || LENT(0), "broken: there is access that no open grant explains\n");
  HOLD(on[1].whose != OURS || LENT(1), "broken: there is access that no open grant explains\n");
  HOLD(kept || (NO_CALLS && (!entry || !gen[entry].made || usedByOthers)), "broken: the ledger is empty, and something of ours is there or may come\n")
}
inline excuse(e) {
  on[e].edited = WINDOW;
  if :: run_.kind -> run_.exc = run_.exc | (1 << e) :: else fi;
#if LATE > 0
  if :: late[0].kind -> late[0].exc = late[0].exc | (1 << e) :: else fi;
  if :: late[LATE - 1].kind -> late[LATE - 1].exc = late[LATE - 1].exc | (1 << e) :: else fi;
#endif
}
inline birth(ours, knownToken) {
  last++; entry = last; usedByOthers = 0;
  gen[entry].made = ours; gen[entry].known = knownToken; gen[entry].young = W
}
inline put(e, wanted, excused) {
  if
  :: HAS(wanted, e) && on[e].whose == NOBODY ->
     if
     :: HAS(excused, e) -> on[e].whose = EITHER; usedByOthers = 1
     :: else -> HOLD(EVER_LENT(e), "broken: what others took away was given back\n"); on[e].whose = OURS
     fi
  :: HAS(wanted, e) && on[e].whose == BASELINE && HAS(excused, e) -> on[e].whose = EITHER
  :: !HAS(wanted, e) && on[e].whose ->
     HOLD(on[e].whose != BASELINE || HAS(excused, e), "broken: something that others made is gone\n");
     if :: on[e].whose != OURS -> excuse(e) :: else fi;
     on[e].whose = NOBODY
  :: else
  fi
}
inline land(what, wanted, excused, knownToken) {
  if
  :: what == CREATE && !entry && last < ENTRIES -> birth(1, knownToken)
  :: what == SET && entry -> put(0, wanted, excused); put(1, wanted, excused)
  :: what == DELETE && entry && gen[entry].made -> put(0, 0, excused); put(1, 0, excused); entry = 0; usedByOthers = 0
  :: else
  fi;
  note();
  printf("    EKS: call %d for %d lands: entry %d with A %d B %d\n", what, wanted, entry, on[0].whose, on[1].whose)
}
inline clearRun() {
  run_.kind = 0; run_.then = 0; run_.scope = 0; run_.exc = 0; run_.known = 0; created = 0; wasEntry = 0;
  el[0].was = 0; el[0].doubted = 0; el[1].was = 0; el[1].doubted = 0
}
inline clearReport() { reportOver = 0; reportMay = 0; reportLeft = 0; reportKnown0 = 0; reportKnown1 = 0 }
#if LATE > 0
inline leave() {
  i = 0;
  do :: i < LATE && late[i].kind -> i++ :: else -> break od;
  late[i].kind = run_.kind; late[i].scope = run_.scope; late[i].exc = run_.exc; late[i].known = run_.known; late[i].then = run_.then
}
inline dropLate() {
#if LATE == 2
  if :: slot == 0 -> late[0].kind = late[1].kind; late[0].scope = late[1].scope; late[0].exc = late[1].exc; late[0].known = late[1].known; late[0].then = late[1].then :: else fi;
#endif
  late[LATE - 1].kind = 0; late[LATE - 1].scope = 0; late[LATE - 1].exc = 0; late[LATE - 1].known = 0; late[LATE - 1].then = 0
}
#else
inline leave() { skip }
#endif

#define EXPLAINED(e) ((begun0 && HAS(LENDS0, e)) || (begun1 && HAS(LENDS1, e)))
/* A stale read may show again what we removed. It is ignored. */
#ifdef PRESENCE_BELIEVED
#define IGNORED(e) false
#else
#define IGNORED(e) el[e].presenceFrom
#endif
/* The List of an entry younger than W may show the entry before it. */
#ifdef YOUNG_LIST_BELIEVED
#define YOUNG(g) false
#else
#define YOUNG(g) gen[g].young
#endif
/* A replacement is an entry that others made in place of the known one. It does not count while it
   shows what we removed less than W ago. */
#ifdef REPLACEMENT_SEEN_AGAIN
#define AGAIN(e) false
#else
#define AGAIN(e) (HAS(L, e) && IGNORED(e))
#endif
inline observeElement(e) {
  if
  :: held && HAS(L, e) && !el[e].is ->
     if
     :: IGNORED(e)
     :: !IGNORED(e) && (el[e].doubt || el[e].carriedUntil) -> el[e].is = 1; atLeast(el[e].absenceFrom, W)
     :: !IGNORED(e) && !(el[e].doubt || el[e].carriedUntil) && YOUNG(arn)
     :: else -> el[e].is = 1; atLeast(el[e].absenceFrom, W); el[e].base = !EXPLAINED(e)
     fi
  :: held && !HAS(L, e) && el[e].is ->
     if
     :: el[e].absenceFrom || (YOUNG(arn) && el[e].base)
     :: else -> el[e].base = 0; el[e].is = (el[e].carriedUntil != 0);
        if :: !el[e].is -> atLeast(el[e].presenceFrom, W) :: else fi
     fi
  :: else
  fi;
  if
  :: !HAS(L, e) && !el[e].carriedUntil && el[e].doubt ->
     /* An absence that ends a doubt is a flip, too. The opposite counts W later. */
     el[e].doubt = 0;
#ifndef SETTLED_DOUBT_IS_NO_FLIP
     atLeast(el[e].presenceFrom, W)
#endif
  :: else
  fi
}
#if EDITS > 0
#define REACHES(e) el[e].reach = last
#define REACHED(e) (el[e].carriedUntil == OPEN || el[e].reach >= D)
#else
#define REACHES(e) skip
#define REACHED(e) true
#endif
inline take(e, mine) {
  el[e].is = HAS(L, e); el[e].base = el[e].is && !(mine);
#ifndef FIRST_LOOK_IS_NO_FLIP
  if :: el[e].is -> atLeast(el[e].absenceFrom, W) :: else fi
#else
  skip
#endif
}
/* On a replacement, an element of a grant is ours only where a call may have landed since its birth. */
#ifdef REPLACEMENT_ALL_BASELINE
#define MINE(e) false
#else
#ifdef REPLACEMENT_ALL_OURS
#define MINE(e) EXPLAINED(e)
#else
#define MINE(e) (EXPLAINED(e) && REACHED(e))
#endif
#endif
inline firstLook(e) {
  if :: held -> take(e, MINE(e)) :: else fi
}
#define PAST (D < born || (D == born && deleteUntil))
inline observe() {
  seen = 1; absent = 0; may = 1;
  if
  :: blind -> seen = 0; may = 0
  :: !blind && !D && createUntil -> seen = 0
  :: !blind && !D && !createUntil ->
     absent = 1;
     if :: arn -> atLeast(deleteUntil, W) :: else fi;
     arn = 0; owned = 0;
     el[0].is = 0; el[0].base = 0; el[1].is = 0; el[1].base = 0
  :: !blind && D && D != arn && PAST -> seen = 0
  :: !blind && D && D != arn && !PAST && !gen[D].known ->
     if
     :: YOUNG(D) || AGAIN(0) || AGAIN(1) -> seen = 0; may = 0
     :: else -> owned = 0; arn = D; born = D; firstLook(0); firstLook(1)
     fi
  :: else ->
     if :: D != arn -> owned = 1; arn = D; born = D :: else fi;
     observeElement(0); observeElement(1)
  fi
}
inline willCarry(e) {
  el[e].was = el[e].carriedUntil; el[e].doubted = el[e].doubt;
#ifndef NO_INTENT
  el[e].carriedUntil = OPEN; el[e].doubt = 1;
#endif
  if :: on[e].whose == BASELINE && on[e].edited -> on[e].whose = EITHER :: else fi
}
/* A call that lacks an element which is certainly absent raises no doubt. An ignored presence is not
   certainly absent. */
#define LACKING_RAISES_DOUBT(e) (el[e].is || el[e].carriedUntil == OPEN || el[e].doubt || el[e].presenceFrom)
inline willLack(e) {
  el[e].was = el[e].presenceFrom;
#if !defined(NO_INTENT) && !defined(NO_INTENT_FOR_REMOVALS)
  if :: LACKING_RAISES_DOUBT(e) -> el[e].presenceFrom = OPEN :: else fi
#else
  skip
#endif
}
inline willSet(e) { if :: HAS(run_.scope, e) -> willCarry(e) :: else -> willLack(e) fi }
inline undoElement(e) {
  if
  :: HAS(run_.scope, e) -> el[e].carriedUntil = el[e].was; el[e].doubt = el[e].doubted
  :: else -> el[e].presenceFrom = el[e].was
  fi
}
inline doneElement(e) {
  if
  :: HAS(run_.scope, e) ->
#ifndef UNCERTAINTY_OVERWRITTEN
     el[e].carriedUntil = el[e].was;
#else
     el[e].carriedUntil = 0;
#endif
     atLeast(el[e].carriedUntil, W); REACHES(e);
     el[e].doubt = el[e].doubted;
     if :: !el[e].is -> atLeast(el[e].absenceFrom, W) :: else fi;
     el[e].is = 1
  :: else ->
     if :: LACKING_RAISES_DOUBT(e) -> el[e].presenceFrom = el[e].was; atLeast(el[e].presenceFrom, W) :: else fi;
     el[e].is = 0; el[e].base = 0
  fi
}
inline clearElement(e) {
  el[e].is = 0; el[e].base = 0; el[e].doubt = 0; el[e].carriedUntil = 0; el[e].presenceFrom = 0; el[e].absenceFrom = 0;
#if EDITS > 0
  el[e].reach = 0
#endif
}
#define AT_REST(e) (el[e].is == el[e].base && !el[e].carriedUntil && !el[e].presenceFrom)
inline judgeGrant(seenAs, began, ended) {
  if
  :: seenAs == 0 -> began = 0; ended = 0
  :: seenAs == OVER && began -> ended = 1
  :: seenAs == LIVE && ended -> seenAs = OVER
  :: else
  fi
}
inline ledger() {
  printf("      ledger: entry %d, owned %d, create %d, delete %d, begun %d %d, over %d %d\n", arn, owned, createUntil, deleteUntil, begun0, begun1, over0, over1);
  printf("      A: is %d base %d doubt %d carried %d presence %d absence %d   B: is %d base %d doubt %d carried %d presence %d absence %d\n", el[0].is, el[0].base, el[0].doubt, el[0].carriedUntil, el[0].presenceFrom, el[0].absenceFrom, el[1].is, el[1].base, el[1].doubt, el[1].carriedUntil, el[1].presenceFrom, el[1].absenceFrom)
}
#define BASE ((el[0].base -> A : 0) | (el[1].base -> B : 0))
#define NEEDS(lends, e) HAS((lends) & (3 - elsewise), e)
/* How long a read may miss the call that carried it. */
#ifdef ENDED_ON_FIRST_ABSENCE
#define UNTIL(e) 0
#else
#ifdef CONCLUDES_WITHOUT_LAG
#define UNTIL(e) (el[e].carriedUntil == OPEN -> OPEN : 0)
#else
#define UNTIL(e) el[e].carriedUntil
#endif
#endif
#define HOPELESS(lends) ((NEEDS(lends, 0) && UNTIL(0) == OPEN) || (NEEDS(lends, 1) && UNTIL(1) == OPEN))
inline report() {
  if
  :: !reportOver && !reportMay ->
     elsewise = BASE | live;
     reportMay = (v0 == OVER && !begun0 -> 1 : 0) | (v1 == OVER && !begun1 -> 2 : 0);
     reportOver = (v0 == OVER && begun0 && !HOPELESS(LENDS0) -> 1 : 0) | (v1 == OVER && begun1 && !HOPELESS(LENDS1) -> 2 : 0);
     if
     :: reportOver ->
        reportLeft = elsewise;
        has = ((reportOver & 1 -> LENDS0 : 0) | (reportOver & 2 -> LENDS1 : 0)) & (3 - elsewise);
        reportKnown0 = (has & A -> UNTIL(0) : 0); reportKnown1 = (has & B -> UNTIL(1) : 0)
     :: else
     fi
  :: else
  fi
}
/* A save. Later saves of runs that loaded before it are refused. */
inline saved() {
#if defined(SPLIT) && !defined(GRANTS_BEFORE_LEDGER)
  if
  :: loaded ->
     stale = 1;
#if !defined(NO_FENCE) && !defined(LEDGER_DELETED)
     view0 = 0; view1 = 0
#endif
  :: else
  fi
#else
  skip
#endif
}
#ifdef FORGOTTEN_WITH_LAST_GRANT
#define EMPTIES true
#else
#define EMPTIES (seen && (!owned || others) && !held && !createUntil && !deleteUntil)
#endif
inline begin(over, armed, begun) {
  HOLD(!over, "broken: a grant whose end is stored was begun\n");
#ifndef ACCESS_BEFORE_SCHEDULE
  armed = 1;
#endif
#ifdef FUSE
#ifndef FUSE_NAME_REUSED
  unfuses = 0;              /* a new name, so deleting the previous fuse does not remove it */
#endif
  fuse = 1;
#endif
  begun = 1
}
/* Before `failed`, the ledger stores the grant as over. Otherwise a later run could begin it. */
#ifdef REFUSAL_NOT_STORED
#define REFUSES(over) skip
#else
#define REFUSES(over) over = 1; kept = 1
#endif
#ifdef TOO_LATE_AFTER_BEGUN
#define REFUSABLE(begun) true
#else
#define REFUSABLE(begun) !begun
#endif
#ifdef NO_SAVE_BEFORE_END
#define SAVES run_.kind || v0 == LIVE || v1 == LIVE
#else
#define SAVES true
#endif
inline pass() {
  v0 = r0; v1 = r1;
  if :: run_.kind -> leave(); clearRun() :: else fi;
  judgeGrant(v0, begun0, over0);
  judgeGrant(v1, begun1, over1);
  observe();
  live = (v0 == LIVE && begun0 -> LENDS0 : 0) | (v1 == LIVE && begun1 -> LENDS1 : 0);
  liveView = v0 == LIVE || v1 == LIVE;
  want = BASE | live;
  mayBe = (el[0].is || el[0].carriedUntil == OPEN -> A : 0) | (el[1].is || el[1].carriedUntil == OPEN -> B : 0);
  others = el[0].base || el[1].base || (!held && L && !YOUNG(arn));
  if
  :: seen && !absent && owned && !want && !others && !liveView ->
     run_.kind = DELETE; wasEntry = deleteUntil;
#if !defined(NO_INTENT) && !defined(NO_INTENT_FOR_REMOVALS)
     deleteUntil = OPEN;
#endif
    
     if :: held -> willLack(0); willLack(1) :: else fi
  :: else ->
     if
     :: held && (mayBe & (3 - want)) ->
        if
        :: seen || !want -> run_.kind = SET; run_.scope = want; willSet(0); willSet(1)
        :: else
        fi
     :: else ->
        if
        :: may && liveView && !refuse && (held || absent || (seen && D)) ->
           if
           :: !held ->
              held = 1; kept = 1;
              if
              :: !absent && !(owned && YOUNG(arn)) ->
                 take(0, 0); take(1, 0)
              :: else
              fi
           :: else
           fi;
           if :: v0 == LIVE -> begin(over0, armed0, begun0) :: else fi;
           if :: v1 == LIVE -> begin(over1, armed1, begun1) :: else fi;
           live = (v0 == LIVE -> LENDS0 : 0) | (v1 == LIVE -> LENDS1 : 0);
           want = BASE | live;
           has = (el[0].is -> A : 0) | (el[1].is -> B : 0);
           if
           :: want & (3 - has) ->
              run_.scope = want;
              if
              :: !arn -> run_.kind = CREATE; run_.known = 1; run_.then = 1; wasEntry = createUntil; 
#ifndef NO_INTENT
                 createUntil = OPEN;
#endif

              :: else -> run_.kind = SET
              fi;
              willSet(0); willSet(1)
           :: else
           fi
        :: else ->
           if
           :: refuse ->
              if :: v0 == LIVE && REFUSABLE(begun0) -> begun0 = 0; REFUSES(over0); v0 = OVER :: else fi;
              if :: v1 == LIVE && REFUSABLE(begun1) -> begun1 = 0; REFUSES(over1); v1 = OVER :: else fi
           :: else
           fi;
           if
           :: held && !v0 && !v1 && seen && AT_REST(0) && AT_REST(1) -> held = 0; clearElement(0); clearElement(1)
           :: else
           fi;
           if
           :: !v0 && !v1 && EMPTIES ->
              kept = 0; arn = 0; born = 0; owned = 0;
 
              gen[1].known = 0; gen[2].known = 0; gen[3].known = 0
           :: else
           fi
        fi
     fi
  fi;
  if :: run_.kind -> run_.exc = (on[0].edited || !seen -> A : 0) | (on[1].edited || !seen -> B : 0) :: else fi;
  if :: SAVES -> saved() :: else fi;
#ifdef LEDGER_DELETED
  if :: !kept && loadedNothing -> stale = 0 :: else fi;
#endif
  report();
  printf("    run: sees entry %d with %d (blind %d), grants %d %d, calls %d for %d\n", D, L, blind, v0, v1, run_.kind, run_.scope); ledger();
  check()
}
inline notFound(e) {
#ifdef NOT_FOUND_IS_DONE
  if :: !HAS(run_.scope, e) -> el[e].is = 0; el[e].doubt = 0; el[e].carriedUntil = 0 :: else fi
#else
  skip
#endif
}
/* how: 0 refused or not issued, 1 done, 2 unanswered */
inline recordCreated() {
  if
  :: created ->
     arn = created; if :: born < arn -> born = arn :: else fi;
     owned = 1; createUntil = wasEntry; atLeast(createUntil, W)
  :: else
  fi
}
inline recordCall(how) {
  saved();
  if
  :: run_.kind == CREATE ->
     if :: how == 0 -> createUntil = wasEntry :: else fi;
     undoElement(0); undoElement(1)
  :: run_.kind == SET ->
     recordCreated();
     if
     :: how == 0 -> undoElement(0); undoElement(1); notFound(0); notFound(1)
     :: how == 1 -> doneElement(0); doneElement(1)
     :: else
     fi
  :: run_.kind == DELETE ->
     if
     :: how == 0 -> deleteUntil = wasEntry; if :: held -> undoElement(0); undoElement(1) :: else fi
     :: how == 1 ->
        deleteUntil = wasEntry; atLeast(deleteUntil, W); arn = 0; owned = 0;
        if :: held -> doneElement(0); doneElement(1) :: else fi
     :: else
     fi
  fi;
  clearRun();
#ifdef ACCESS_BEFORE_SCHEDULE
  if :: begun0 -> armed0 = 1 :: else fi;
  if :: begun1 -> armed1 = 1 :: else fi;
#endif
  printf("    run: call recorded as %d\n", how); ledger();
  check()
}
#define pick(x, mask) if :: mask & 1 -> x = 0 :: mask & 2 -> x = 1 :: mask & 4 -> x = 2 :: mask & 8 -> x = 3 fi
#define ABSENT(e) (!(e -> reportKnown1 : reportKnown0) && !HAS(L, e))
#define GONE(lends) ((!HAS((lends) & (3 - reportLeft), 0) || ABSENT(0)) && (!HAS((lends) & (3 - reportLeft), 1) || ABSENT(1)))

#define NO_OPEN (el[0].carriedUntil != OPEN && el[1].carriedUntil != OPEN && el[0].presenceFrom != OPEN && el[1].presenceFrom != OPEN && createUntil != OPEN && deleteUntil != OPEN)
inline tick() {
#if LAG == 2
  dBefore = dNow; lBefore = lNow;
#endif
  dNow = 1 << entry; lNow = 1 << CONTENT;
  age(createUntil); age(deleteUntil); age(wasEntry); age(reportKnown0); age(reportKnown1);
  age(el[0].carriedUntil); age(el[1].carriedUntil); age(el[0].presenceFrom); age(el[1].presenceFrom);
  age(el[0].absenceFrom); age(el[1].absenceFrom); age(el[0].was); age(el[1].was);
  age(gen[1].young); age(gen[2].young); age(gen[3].young);
  if :: NO_OPEN -> lower(on[0].edited); lower(on[1].edited) :: else fi;
  do
  :: last && entry != 1 && !(SHOWN_D & 2) && arn != 1 && created != 1 ->
     lower(entry); lower(born); lower(arn); lower(created); last--;
#if EDITS > 0
     lower(el[0].reach); lower(el[1].reach);
#endif
     gen[1].made = gen[2].made; gen[1].known = gen[2].known; gen[1].young = gen[2].young;
     gen[2].made = gen[3].made; gen[2].known = gen[3].known; gen[2].young = gen[3].young;
     gen[3].made = 0; gen[3].known = 0; gen[3].young = 0;
     dNow = (dNow & 1) | ((dNow >> 2) << 1);
#if LAG == 2
     dBefore = (dBefore & 1) | ((dBefore >> 2) << 1);
#endif
  :: else -> break
  od
}
inline theyTake(e) {
  if :: on[e].whose == BASELINE || on[e].whose == EITHER -> excuse(e) :: else fi;
  on[e].whose = NOBODY
}
inline theyPut(e) { on[e].whose = BASELINE; usedByOthers = 1; excuse(e) }
inline theyMake(scope_) {
  birth(0, 0);
  if :: scope_ & A -> theyPut(0) :: else fi;
  if :: scope_ & B -> theyPut(1) :: else fi
}
#define FREE_TO_PUT(e) (on[e].whose == NOBODY && !LENT_BY_OPEN(e) && !(held && (el[e].is || el[e].carriedUntil || el[e].doubt || el[e].presenceFrom)) && !ANY_CARRIES(e))
#define FREE_TO_MAKE(e) (el[e].carriedUntil != OPEN && !ANY_CARRIES(e))
inline landByPasses(e) {
  if :: el[e].carriedUntil == OPEN && !ANY_CARRIES(e) -> el[e].carriedUntil = W; REACHES(e) :: else fi;
  if :: el[e].presenceFrom == OPEN && !ANY_LACKS(e) -> el[e].presenceFrom = W :: else fi
}
#define ANY_PASSES ((el[0].carriedUntil == OPEN && !ANY_CARRIES(0)) || (el[1].carriedUntil == OPEN && !ANY_CARRIES(1)) || (el[0].presenceFrom == OPEN && !ANY_LACKS(0)) || (el[1].presenceFrom == OPEN && !ANY_LACKS(1)) || (createUntil == OPEN && !ANY_KIND(CREATE)) || (deleteUntil == OPEN && !ANY_KIND(DELETE)))
#ifdef SPLIT
inline unload() {
  loaded = 0; stale = 0; view0 = 0; view1 = 0;
#ifdef LEDGER_DELETED
  loadedNothing = 0
#endif
}
#endif
#ifdef NO_FENCE
/* What the run holds in memory, and saves over any later ledger. */
Element copy[2];
bit copyKept; bit copyHeld; unsigned copyArn : 2; bit copyOwned; bit copyBegun0; bit copyBegun1;
inline copyElement(from, to) {
  to.is = from.is; to.base = from.base; to.doubt = from.doubt; to.carriedUntil = from.carriedUntil;
  to.presenceFrom = from.presenceFrom; to.absenceFrom = from.absenceFrom
}
inline keepCopy() {
  copyElement(el[0], copy[0]); copyElement(el[1], copy[1]);
  copyKept = kept; copyHeld = held; copyArn = arn; copyOwned = owned; copyBegun0 = begun0; copyBegun1 = begun1
}
inline restore() {
  copyElement(copy[0], el[0]); copyElement(copy[1], el[1]);
  kept = copyKept; held = copyHeld; arn = copyArn; owned = copyOwned; begun0 = copyBegun0; begun1 = copyBegun1
}
#endif
inline settle(g) {
  if
  :: g == 0 -> grant0 = FINAL; armed0 = 0
  :: else -> grant1 = FINAL; armed1 = 0
  fi;
  reportMay = reportMay & (3 - (1 << g)); reportOver = reportOver & (3 - (1 << g));
  if :: !reportOver -> reportLeft = 0; reportKnown0 = 0; reportKnown1 = 0 :: else fi;
#ifdef FUSE
  if :: !LENT_BY_OPEN(0) -> unfuses = fuse; fuse = 0 :: else fi;
#endif
  printf("    run: grants are %d %d\n", grant0, grant1);
  check()
}
/* Faults have stopped, and the sweep comes when everything open has passed. */
#define RESTS (el[0].carriedUntil + el[1].carriedUntil + el[0].presenceFrom + el[1].presenceFrom + el[0].absenceFrom + el[1].absenceFrom + createUntil + deleteUntil + gen[1].young + gen[2].young + gen[3].young == 0 && NO_CALLS && SHOWN_D == (1 << entry) && SHOWN_L == (1 << CONTENT))
#ifdef QUIET
#define FAULTS (!quiet)
#define SWEPT (!quiet || (RESTS && !reportMay && !((reportOver & 1) && !(CONTENT & LENDS0 & (3 - reportLeft))) && !((reportOver & 2) && !(CONTENT & LENDS1 & (3 - reportLeft)))))
#define SWEEPS 6
unsigned sweeps : 3; bit quiet;
#else
#define FAULTS true
#define SWEPT true
#endif
#define WORK (IS_OPEN(grant0) || IS_OPEN(grant1) || kept)
init {
  atomic {
    if
    :: skip
    :: birth(0, 0)
    :: birth(0, 0); on[0].whose = BASELINE
    :: birth(0, 0); on[1].whose = BASELINE
    fi;
    gen[1].young = 0;
    dNow = 1 << entry; lNow = 1 << CONTENT
  }
end:
  do
  :: atomic { FAULTS && grant0 == NONE -> grant0 = LIVE }
#if GRANTS == 2
  :: atomic { FAULTS && grant1 == NONE && grant0 != NONE -> grant1 = LIVE }
#endif
  :: atomic { grant0 == LIVE -> grant0 = OVER }
  :: atomic { grant1 == LIVE -> grant1 = OVER }
  :: d_step { true -> tick(); printf("    W passes\n") }
  :: d_step { ANY_PASSES ->
       landByPasses(0); landByPasses(1);
       if :: createUntil == OPEN && !ANY_KIND(CREATE) -> createUntil = W :: else fi;
       if :: deleteUntil == OPEN && !ANY_KIND(DELETE) -> deleteUntil = W :: else fi;
       printf("    landBy passes\n") }
#ifdef SPLIT
  /* A run loads, and pauses before it reads. */
  :: atomic {
       !loaded && WORK -> loaded = 1;
       view0 = (grant0 == FINAL -> 0 : grant0); view1 = (grant1 == FINAL -> 0 : grant1);
#ifdef LEDGER_DELETED
       loadedNothing = !kept;
#endif
#ifdef NO_FENCE
       d_step { keepCopy() }
#endif
     }
  :: d_step { loaded && stale -> unload() }
#endif
#ifdef QUIET
  :: d_step { !quiet && grant0 != LIVE && grant1 != LIVE -> quiet = 1; printf("    faults stop\n") }
#endif
#ifdef REACHES_END
  :: atomic { grant0 == FINAL && grant1 == FINAL && !kept && last -> printf("reached: both grants are over, and the ledger is empty\n"); assert(false) }
#endif
#ifdef REACHES_OVERLAP
  :: atomic { late[0].kind == SET && run_.kind == SET && reportMay && (SHOWN_L & (SHOWN_L - 1)) -> printf("reached: two runs call, a third is about to settle, and reads lag\n"); assert(false) }
#endif
  /* a pass */
  :: atomic {
       WORK && (!run_.kind || (ROOM && FAULTS)) && SWEPT ->
#ifdef QUIET
       if
       :: quiet -> HOLD(sweeps < SWEEPS, "broken: faults stopped, and something is never finished\n"); sweeps++; d_step { clearReport() }
       :: else
       fi;
#endif
       if
       :: r0 = (grant0 == FINAL -> 0 : grant0); r1 = (grant1 == FINAL -> 0 : grant1)
#ifdef SPLIT
#ifdef NO_FENCE
       :: loaded && !run_.kind -> r0 = view0; r1 = view1; d_step { restore(); unload() }
#else
       :: loaded && !stale -> r0 = view0; r1 = view1; d_step { unload() }
#endif
#endif
       fi;
       if
       :: FAULTS -> blind = 1; D = 0; L = 0
       :: blind = 0; pick(D, SHOWN_D); pick(L, SHOWN_L)
       fi;
       if
       :: refuse = 0
       :: FAULTS && ((r0 == LIVE && REFUSABLE(begun0)) || (r1 == LIVE && REFUSABLE(begun1))) -> refuse = 1
       fi;
       d_step { pass() }
     }
  /* its call is answered */
  :: atomic {
       if
       :: run_.kind == CREATE && !entry && last < ENTRIES -> d_step { land(CREATE, 0, 0, 1); created = entry; run_.kind = SET; run_.then = 0; check() }
       :: run_.kind == CREATE && (SHOWN_D & 14) -> d_step { recordCall(0) }
       :: run_.kind == SET && (SHOWN_D & 14) -> d_step { land(SET, run_.scope, run_.exc, 0); recordCall(1) }
       :: run_.kind == SET && ((SHOWN_D & 1) || (!run_.scope && (SHOWN_L & 1))) -> d_step { recordCall(0) }
       :: run_.kind == DELETE && (SHOWN_D & 14) && (!entry || gen[entry].made) -> d_step { land(DELETE, 0, run_.exc, 0); recordCall(1) }
       :: run_.kind == DELETE && ((SHOWN_D & 1) || (entry && !gen[entry].made)) -> d_step { recordCall(0) }
       fi
     }
  /* the call is unanswered; with ROOM it may land later */
  :: d_step { FAULTS && run_.kind -> run_.then = 0; land(run_.kind, run_.scope, run_.exc, 1); recordCall(2) }
  :: d_step { FAULTS && run_.kind && ROOM -> run_.then = 0; leave(); recordCall(2) }
  /* the run crashes */
  :: d_step { FAULTS && run_.kind -> clearRun(); printf("    run: crashes\n"); check() }
  :: d_step { FAULTS && run_.kind -> land(run_.kind, run_.scope, run_.exc, 1); clearRun(); printf("    run: crashes\n"); check() }
  :: d_step { FAULTS && run_.kind && ROOM -> run_.then = 0; leave(); clearRun(); printf("    run: crashes\n"); check() }
  /* the run reports, or crashes before it does */
  :: d_step { FAULTS && (reportOver || reportMay) -> clearReport() }
  :: atomic {
       reportOver -> pick(L, SHOWN_L);
       if
       :: (reportOver & 1) && GONE(LENDS0) -> reportMay = reportMay | 1; reportOver = reportOver & 2
       :: (reportOver & 2) && GONE(LENDS1) -> reportMay = reportMay | 2; reportOver = reportOver & 1
       :: else
       fi;
       if :: !reportOver -> reportLeft = 0; reportKnown0 = 0; reportKnown1 = 0 :: else fi;
       printf("    run: judges on %d, may settle %d\n", L, reportMay)
     }
  :: d_step { reportMay & 1 -> settle(0) }
  :: d_step { reportMay & 2 -> settle(1) }
#ifdef FUSE
  :: d_step { unfuses -> HOLD(!fuse, "broken: a fuse that the ledger records as armed is deleted\n"); unfuses = 0 }
#endif
#if LATE > 0
  :: atomic {
       if
       :: late[0].kind -> slot = 0
#if LATE == 2
       :: late[1].kind -> slot = 1
#endif
       fi;
       if
       :: d_step { !late[slot].then || entry -> land(late[slot].kind, late[slot].scope, late[slot].exc, late[slot].known); dropLate(); check() }
       :: d_step { late[slot].then && !entry -> land(CREATE, 0, 0, late[slot].known); 
            if :: entry -> late[slot].kind = SET; late[slot].then = 0; late[slot].known = 0 :: else -> dropLate() fi; check() }
       :: d_step { dropLate(); check() }
       fi
     }
#endif
#if EDITS > 0
  :: atomic {
       FAULTS && edits < EDITS; edits++;
       if
       :: d_step { entry && FREE_TO_PUT(0) -> theyPut(0) }
       :: d_step { entry && FREE_TO_PUT(1) -> theyPut(1) }
       :: d_step { entry && on[0].whose -> theyTake(0) }
       :: d_step { entry && on[1].whose -> theyTake(1) }
       :: d_step { entry -> theyTake(0); theyTake(1); entry = 0; usedByOthers = 0 }
       :: d_step { last < ENTRIES -> theyTake(0); theyTake(1); entry = 0; note(); theyMake(0) }
       :: d_step { last < ENTRIES && FREE_TO_MAKE(0) -> theyTake(0); theyTake(1); entry = 0; note(); theyMake(A) }
       :: d_step { last < ENTRIES && FREE_TO_MAKE(1) -> theyTake(0); theyTake(1); entry = 0; note(); theyMake(B) }
       :: else
       fi;
       d_step { note(); printf("    others: entry %d with A %d B %d\n", entry, on[0].whose, on[1].whose) }
     }
#endif
  od
}
